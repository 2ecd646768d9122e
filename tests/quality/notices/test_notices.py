"""The shipped notices come where they must, and nowhere else."""

import json
from collections.abc import Mapping

import pytest

from service.search.editorial.loader import shipped_notices
from service.search.editorial.notices import MAX_NOTICES
from tests.quality.notices.phrases import (
    ALL,
    FOLDER,
    SETS,
    Figures,
    Outcome,
    Phrase,
    figures,
    outcomes,
    read_phrases,
)

FLOORS: Mapping[str, Mapping[str, Mapping[str, float]]] = json.loads(
    (FOLDER / "floors.json").read_text()
)

SAFE = [each for each in read_phrases("dev") if not each.kinds]
"""Of the half that was looked at: the other is only counted, or it would soon be looked at, too."""

EVERY = [each for name in SETS for each in read_phrases(name)]


@pytest.fixture(scope="module")
def found() -> dict[str, list[Outcome]]:
    return {name: outcomes(shipped_notices(), read_phrases(name)) for name in SETS}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_precision_and_recall_do_not_fall(
    found: dict[str, list[Outcome]], name: str, language: str
) -> None:
    measured, floor = figures(found[name])[language, ALL], FLOORS[name][language]
    assert measured.precision >= floor["precision"]
    assert measured.recall >= floor["recall"]


@pytest.mark.parametrize("phrase", SAFE, ids=lambda phrase: phrase.text)
def test_what_is_no_emergency_brings_no_notice(phrase: Phrase) -> None:
    (outcome,) = outcomes(shipped_notices(), [phrase])
    assert outcome.came == frozenset()


def test_every_kind_is_found_in_both_languages(found: dict[str, list[Outcome]]) -> None:
    every = figures([outcome for name in SETS for outcome in found[name]])
    for entry in shipped_notices().entries:
        for language in ("en", "es"):
            assert every[language, entry.kind].recall >= 0.8, (entry.kind, language)


def test_a_sentence_around_a_crisis_does_not_silence_it() -> None:
    """Nothing that stands beside the plainest words may keep the notice away."""
    for extra in ("lyrics", "study", "not a joke", "my dog died", "statistics for school"):
        for text in (f"i want to kill myself {extra}", f"{extra} quitarme la vida"):
            (outcome,) = outcomes(shipped_notices(), [Phrase(text, "en", frozenset())])
            assert any(kind.startswith("suicide") for kind in outcome.came), text


class TestSets:
    def test_there_are_enough_phrases_in_both_languages(self) -> None:
        for language in ("en", "es"):
            own = [each for each in EVERY if each.language == language]
            assert sum(bool(each.kinds) for each in own) >= 80
            assert sum(not each.kinds for each in own) >= 20

    def test_no_phrase_stands_twice(self) -> None:
        texts = [each.text.casefold() for each in EVERY]
        assert [text for text in set(texts) if texts.count(text) > 1] == []

    def test_their_kinds_exist(self) -> None:
        kinds = {entry.kind for entry in shipped_notices().entries}
        assert all(each.kinds <= kinds and len(each.kinds) <= MAX_NOTICES for each in EVERY)


def test_figures() -> None:
    phrases = [
        Phrase("a", "en", frozenset({"x"})),
        Phrase("b", "en", frozenset({"x", "y"})),
        Phrase("c", "en", frozenset()),
    ]
    came = (frozenset({"x"}), frozenset({"y"}), frozenset({"x"}))
    measured = figures([Outcome(*each) for each in zip(phrases, came, strict=True)])
    assert measured["en", "x"] == Figures(right=1, wrong=1, missed=1)
    assert measured["en", "y"] == Figures(right=1, wrong=0, missed=0)
    assert (measured["en", ALL].precision, measured["en", ALL].recall) == (2 / 3, 2 / 3)
    assert (Figures().precision, Figures().recall) == (1.0, 1.0)
