"""What the columns know of the sentences of a text before any query."""

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Section
from indexer.index.analysis import analyzer
from indexer.index.columns.container import Array
from indexer.index.columns.leads import has_negation
from indexer.index.columns.rows import (
    DESCRIPTION,
    HEADING,
    HIDDEN,
    ITEM,
    LED,
    LINE,
    LONG,
    TITLE,
)
from indexer.index.columns.sentences import MAX_SENTENCE, MAX_WHOLE, sentence_arrays
from indexer.index.inversion import Inversion, text_of
from indexer.index.sentences import sentences
from indexer.index.tokenizer import tokenize

SPLIT = TITLE | DESCRIPTION | HEADING | LINE


class Row(NamedTuple):
    """A sentence as the arrays give it."""

    text: str
    flags: int
    section: int
    words: list[str]
    chars: int
    leads: list[str]


def arrays_of(articles: list[Article]) -> tuple[Inversion, dict[str, Array]]:
    inversion = Inversion()
    for article in articles:
        inversion.add(article)
    return inversion, sentence_arrays(inversion, articles)


def rows_of(articles: list[Article]) -> list[list[Row]]:
    """The sentences of each article."""
    inversion, arrays = arrays_of(articles)
    a = {name: array.tolist() for name, array in arrays.items()}
    exact = {number: term for term, number in inversion.exact.numbers.items()}
    found = []
    for document, article in enumerate(articles):
        raw = text_of(article).encode()
        rows = []
        for row in range(a["doc.sentences"][document], a["doc.sentences"][document + 1]):
            start = a["sentence.start"][row]
            words = inversion.words.form[a["sentence.tokens"][row] : a["sentence.tokens"][row + 1]]
            leads = []
            if row in a["lead.sentence"]:
                at = a["lead.sentence"].index(row)
                for lead in range(a["lead.ptr"][at], a["lead.ptr"][at + 1]):
                    begin = a["lead.start"][lead]
                    text = raw[begin : begin + a["lead.length"][lead]].decode()
                    leads.append(text + ":" * a["lead.colon"][lead])
            rows.append(
                Row(
                    text=raw[start : start + a["sentence.length"][row]].decode(),
                    flags=a["sentence.flags"][row],
                    section=a["sentence.section"][row],
                    words=[exact[number] for number in inversion.form_exact[words].tolist()],
                    chars=a["sentence.chars"][row],
                    leads=leads,
                )
            )
        found.append(rows)
    return found


def article(body: str, *sections: Section, title: str = "T", description: str = "") -> Article:
    return Article(
        id="a", url="u", title=title, description=description, body=body, sections=sections
    )


def section(body: str, text: str, heading: str = "", level: int = 0) -> Section:
    start = body.index(text)
    return Section(heading=heading, start=start, end=start + len(text), level=level)


PIECES = st.lists(
    st.sampled_from(
        ["One", "two", "é", "日本", "😀", "not", ". ", "? ", ": ", "\n", " ", "\u2028", "\u00a0"]
    )
).map("".join)


@given(st.lists(st.tuples(PIECES, PIECES, PIECES), max_size=4))
def test_every_sentence_is_there_with_its_words(texts: list[tuple[str, str, str]]) -> None:
    articles = [article(body, title=title, description=about) for title, about, body in texts]
    for source, rows in zip(articles, rows_of(articles), strict=True):
        first = 2 if source.description else 1
        assert [row.flags & SPLIT for row in rows[:first]] == [TITLE, DESCRIPTION][:first]
        assert [row.text for row in rows[:first]] == [source.title, source.description][:first]
        body = [source.body[start:end] for start, end in sentences(source.body)]
        assert [row.text for row in rows[first:]] == body
        for row in rows:
            tokens = list(tokenize(row.text))
            places = {token.position: token.text for token in reversed(tokens)}
            assert row.words == [analyzer("exact").term(word) for _, word in sorted(places.items())]
            is_body = not row.flags & (TITLE | DESCRIPTION)
            assert row.chars == (len(row.text) if is_body else 0)


@given(st.lists(st.sampled_from(["a b", "not c.", "D e.", ""]), max_size=8))
def test_the_first_of_each_line_is_flagged(lines: list[str]) -> None:
    (rows,) = rows_of([article("\n".join(lines))])
    assert [row.text for row in rows[1:] if row.flags & LINE] == [line for line in lines if line]


def test_headings_are_in_no_section() -> None:
    body = "Before. It.\nOne\nText. More.\nTwo\nOther text.\nAfter"
    parts = section(body, "Text. More.\n", "One", 2), section(body, "Other text.\n", "Two", 2)
    (rows,) = rows_of([article(body, *parts)])
    assert [(row.text, row.flags & HEADING > 0, row.section) for row in rows[1:]] == [
        ("Before.", True, 0),
        ("It.", True, 0),
        ("One", True, 0),
        ("Text.", False, 0),
        ("More.", False, 0),
        ("Two", True, 1),
        ("Other text.", False, 1),
        ("After", True, 0),
    ]


def test_what_is_too_long_is_cut_or_hidden() -> None:
    words = "lorem " * (MAX_SENTENCE // 6 + 1)
    endless = "lorem " * (MAX_WHOLE // 6 + 1)
    lines = [words, f"{words} not", f"{endless} not", endless, f"{words} with-out", "lorem not"]
    (rows,) = rows_of([article("\n".join(lines), description=f"{words} not")])
    flags = [row.flags & (LONG | HIDDEN) for row in rows]
    assert flags == [0, LONG, LONG, 0, HIDDEN, LONG, 0, 0]
    assert [bool(row.chars) for row in rows] == [False, False, True, True, False, True, True, True]


def test_leads_are_places_in_the_text() -> None:
    body = "Só it.\nNo tome ésto:\nitem más. Two.\nother\n"
    first, second = rows_of([article("x:\ny z"), article(body)])
    assert [row.leads for row in first] == [[], [], ["x:"]]
    assert [row.leads for row in second[1:]] == [[], []] + [["No tome ésto:"]] * 3
    assert [row.flags & (ITEM | LED) for row in second[1:]] == [0, 0] + [ITEM | LED] * 3


def test_a_negated_heading_is_found_in_the_text() -> None:
    body = "Wann nicht?\nÉs not so: \nText. More.\nEnd\nOther.\n"
    parts = section(body, "Text. More.\n", "És not so: ", 2), section(body, "Other.\n", "End", 3)
    (rows,) = rows_of([article(body, *parts)])
    assert [row.leads for row in rows if not row.flags & (HEADING | TITLE)] == [
        ["És not so:"],
        ["És not so:"],
        ["És not so:", "End:"],
    ]


def test_a_negated_heading_further_up_is_found_too() -> None:
    body = "Do not\n\nText. More.\n"
    (rows,) = rows_of([article(body, section(body, "Text. More.\n", "Do not", 2))])
    assert [row.leads for row in rows[2:]] == [["Do not:"], ["Do not:"]]


def test_below_a_negated_heading_that_is_not_in_the_text_nothing_is_shown() -> None:
    body = "Do\nText. More.\n"
    (rows,) = rows_of([article(body, section(body, "Text. More.\n", "Do not", 2))])
    assert [row.flags & HIDDEN for row in rows[2:]] == [HIDDEN, HIDDEN]
    assert [row.chars for row in rows[2:]] == [0, 0]


def test_sections_that_overlap_split_nothing_twice() -> None:
    twice = Section(heading="", start=0, end=8), Section(heading="", start=2, end=90)
    (rows,) = rows_of([article("One. Two.", *twice)])
    assert "".join(row.text for row in rows[1:]).replace(" ", "") == "One.Two."


@given(st.lists(st.sampled_from(["no", "with-out", "can't", "knot", "Never.", "it"]), max_size=6))
def test_a_sentence_with_a_negation_is_known(words: list[str]) -> None:
    """Seen by whether text without punctuation may be cut."""
    text = " ".join([*words, "lorem " * 200]).strip().replace(". ", " ")
    (rows,) = rows_of([article(text)])
    assert (rows[1].flags & LONG > 0) == (not has_negation(text))


def test_forms_of_compounds_are_known() -> None:
    inversion, arrays = arrays_of([article("covid-19 and covid19, gout")])
    joined = inversion.form_exact[np.flatnonzero(arrays["form.joined"])].tolist()
    assert joined == [inversion.exact.numbers["covid19"]] * len(joined) != []


def test_no_articles() -> None:
    _, arrays = arrays_of([])
    assert arrays["doc.sentences"].tolist() == [0]
