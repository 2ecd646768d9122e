"""Which spellings are one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.folding import drop_apostrophes, drop_possessive, fold


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Fever", "fever"),
        ("FEVER", "fever"),
        ("Niño", "nino"),
        ("nin\u0303o", "nino"),
        ("Œdème", "oedeme"),
        ("œdème", "oedeme"),
        ("Ménière", "meniere"),
        ("Sjögren", "sjogren"),
        ("Straße", "strasse"),
        ("smørrebrød", "smorrebrod"),
        ("Łódź", "lodz"),
        ("İlaç", "ilac"),
        ("ﬁbre", "fibre"),
        ("CO₂", "co2"),
        ("٣", "٣"),
        ("β", "beta"),
        ("Β", "beta"),
        ("αβγ", "αβγ"),
        ("µg", "mcg"),  # micro sign
        ("μg", "mcg"),  # Greek mu
        ("ug", "mcg"),
        ("mcg", "mcg"),
        ("مُحَمَّد", "محمد"),
        ("", ""),
    ],
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(st.text("abcXYZéÉñÑœŒßµΜ019'’", max_size=12))
def test_case_does_not_matter(word: str) -> None:
    assert fold(word.upper()) == fold(word.lower()) == fold(word)


@given(st.text("abcXYZéÉñÑœŒßøłαβμ019'’", max_size=12))
def test_folding_again_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize(
    ("word", "bare"),
    [("john's", "john"), ("john’s", "john"), ("boys'", "boys"), ("boss", "boss"), ("it", "it")],
)
def test_possessive(word: str, bare: str) -> None:
    assert drop_possessive(word) == bare


@pytest.mark.parametrize("word", ["don't", "don’t", "donʼt", "dont"])
def test_apostrophes(word: str) -> None:
    assert drop_apostrophes(word) == "dont"
