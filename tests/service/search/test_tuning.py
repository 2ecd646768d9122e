"""A ranking is named by what is added to it and left out of it."""

from dataclasses import fields, replace

import pytest

from indexer.errors import SettingError
from service.search.tuning import DEFAULT, PLAIN, SIGNALS, Tuning, parse_tuning
from tests.service.search.asked import FILLER, article, ask
from tests.service.search.conftest import OpenIndex


@pytest.mark.parametrize(
    ("text", "tuning"),
    [
        ("default", DEFAULT),
        ("plain", PLAIN),
        (" plain ", PLAIN),
        ("default-feedback", replace(DEFAULT, feedback=False)),
        ("default-feedback-titles", replace(DEFAULT, feedback=False, titles=False)),
        ("plain+titles", replace(PLAIN, titles=True)),
        ("plain + titles - synonyms", replace(PLAIN, titles=True)),
        ("plain+titles+proximity", replace(PLAIN, titles=True, proximity=True)),
        ("plain+titles-titles", PLAIN),
        ("default+semantic", replace(DEFAULT, semantic=True)),
    ],
)
def test_names(text: str, tuning: Tuning) -> None:
    wanted = text.replace(" - ", "-").replace(" + ", "+")
    assert parse_tuning(wanted) == tuning


@pytest.mark.parametrize(
    "text",
    ["", " ", "fast", "Default", "default-magic", "plain+", "+titles", "default titles", "-"],
)
def test_other_names_are_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(SettingError, match="names no ranking") as refused:
        parse_tuning(text)
    assert repr(text) in str(refused.value)
    assert all(signal in str(refused.value) for signal in SIGNALS)


def test_every_signal_can_be_switched_alone() -> None:
    for signal in SIGNALS:
        assert getattr(parse_tuning(f"plain+{signal}"), signal) is True
        assert getattr(parse_tuning(f"default-{signal}"), signal) is False
        assert parse_tuning(f"default-{signal}+{signal}") in (
            DEFAULT,
            replace(DEFAULT, semantic=True),
        )
    assert {each.name for each in fields(Tuning)} == set(SIGNALS)
    assert not any(getattr(PLAIN, signal) for signal in SIGNALS)


def test_duplicates_are_shown_once_or_all(open_index: OpenIndex) -> None:
    body = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(120))
    twins = [article(name, f"{body} gout", "Gout", topics=("Joints",)) for name in "ab"]
    other = article("c", "Gout is another thing.", "Other", topics=("Joints",))
    searcher = open_index([*twins, other, *FILLER])
    everything = open_index([*twins, other, *FILLER], parse_tuning("default-duplicates"))
    for sort in ("relevance", "newest"):
        one, both = (ask(each, "gout", sort=sort) for each in (searcher, everything))
        assert sorted(hit.id for hit in one.hits if not hit.related) == ["a", "c"]
        assert sorted(hit.id for hit in both.hits if not hit.related) == ["a", "b", "c"]
        assert (one.total, both.total) == (2, 3)
        counts = [each.facets["topic"][0].count for each in (one, both)]
        assert counts == [2, 3]
