"""Which lines and headings stand before a sentence, held against a walk upwards from each line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Section
from indexer.index.columns.leads import (
    MAX_ITEM_CHARS,
    MAX_LEAD_CHARS,
    MAX_LEAD_LINES,
    Line,
    as_lead,
    has_negation,
    leading_lines,
    negated_headings,
)

LONG = "and so on " * 30
TEXTS = st.sampled_from(
    ["Take:", "never take:", "Do not:", "an item", "An item.", f"{LONG}.", f"{LONG}:", "1"]
)
LINES = st.lists(TEXTS, max_size=30).map(
    lambda texts: [Line(text, is_doubtful=has_negation(text)) for text in texts]
)


def walked(lines: list[Line], number: int) -> tuple[int, ...]:
    """The lines that lead into a line, as the rule says it for one of them."""
    leads: list[int] = []
    may_be_item = len(lines[number].text) <= MAX_ITEM_CHARS
    while len(leads) < 3:
        lead = _lead_of_item(lines, number) if may_be_item else _lead_above(lines, number)
        if lead is None:
            break
        leads.insert(0, lead)
        number, may_be_item = lead, lines[lead].text[0].islower()
    return tuple(leads)


def _lead_above(lines: list[Line], number: int) -> int | None:
    return number - 1 if number and lines[number - 1].is_lead else None


def _lead_of_item(lines: list[Line], number: int) -> int | None:
    for at in range(number - 1, -1, -1):
        if lines[at].is_lead:
            is_near = number - at <= MAX_LEAD_LINES
            is_like_the_first = lines[number].shape == lines[at + 1].shape
            return at if lines[at].is_doubtful or (is_near and is_like_the_first) else None
        if len(lines[at].text) > MAX_ITEM_CHARS and _lead_above(lines, at) is None:
            return None
    return None


@given(LINES)
def test_reading_downwards_finds_what_walking_upwards_does(lines: list[Line]) -> None:
    assert leading_lines(lines) == [walked(lines, number) for number in range(len(lines))]


@pytest.mark.parametrize(
    ("text", "leads"),
    [("Take:", True), ("Take", False), ("x" * MAX_LEAD_CHARS + ":", False), (":", True)],
)
def test_a_line_that_ends_with_a_colon_leads(text: str, leads: bool) -> None:
    assert Line(text, is_doubtful=False).is_lead == leads


def section(number: int, heading: str, level: int) -> Section:
    return Section(heading=heading, start=number * 10, end=number * 10 + 5, level=level)


SECTIONS = st.lists(
    st.tuples(st.sampled_from(["Dose", "Do not take it", "Never", ""]), st.integers(0, 4)),
    max_size=12,
).map(lambda parts: [section(number, *part) for number, part in enumerate(parts)])


@given(SECTIONS)
def test_the_headings_above_a_section(sections: list[Section]) -> None:
    found = negated_headings(sections)
    for number, kept in enumerate(found):
        path, level = [number], sections[number].level
        for other in range(number - 1, -1, -1):
            if 0 < sections[other].level < level:
                path.insert(0, other)
                level = sections[other].level
        while path and not has_negation(sections[path[0]].heading):
            path.pop(0)
        assert kept == tuple(each for each in path if sections[each].heading)


@pytest.mark.parametrize(
    ("heading", "lead"),
    [
        ("Do not", ("Do not", ":")),
        ("Do not: ", ("Do not", ":")),
        ("Who not?", ("Who not?", "")),
        ("Not this. :", ("Not this.", "")),
        (":", ("", ":")),
    ],
)
def test_a_heading_leads_with_a_colon(heading: str, lead: tuple[str, str]) -> None:
    assert as_lead(heading) == lead
