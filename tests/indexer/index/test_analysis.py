"""What a reader may type to find what an author wrote."""

import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import LexiconError
from indexer.index.analysis import (
    LANGUAGES,
    SNOWBALL,
    WhooshAnalyzer,
    analyzer,
    language_of,
    stem,
)
from indexer.index.folding import drop_apostrophes, fold
from indexer.index.lexicon import load_spellings, load_words

NAMES = ("exact", *LANGUAGES)
LETTERS = st.text("abcdXYZéÉñÑœŒ019 -'’.,", max_size=60)


def terms(text: str, name: str = "en") -> set[str]:
    return {term.text for term in analyzer(name).terms(text)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("b12", "B12"),
        ("hba1c", "HbA1c"),
        ("t2d", "T2D"),
        ("covid19", "COVID-19"),
        ("covid 19", "COVID-19"),
        ("covid-19", "COVID-19"),
        ("Covid‑19", "COVID-19"),
        ("5ht", "5-HT"),
        ("5 ht", "5-HT"),
        ("µg", "μg"),
        ("ug", "µg"),
        ("mcg", "µg"),
        ("1000", "1,000"),
        ("1,000", "1000"),
        ("2.5", "2.5"),
        ("cafe", "café"),
        ("cafe\u0301", "café"),
        ("nino", "niño"),
        ("oedema", "œdema"),
        ("beta", "β"),
        ("محمد", "مُحَمَّد"),
        ("dont panic", "Don’t panic"),
        ("St. John's wort", "ST JOHN’S WORT"),
    ],
)
def test_found_in_every_language(name: str, typed: str, written: str) -> None:
    assert terms(typed, name)
    assert terms(typed, name) <= terms(written, name)


def test_possessives_with_and_without_the_apostrophe() -> None:
    assert terms("st johns wort") == terms("St. John's wort") == terms("St John wort")
    assert terms("crohns") == terms("Crohn’s") == terms("Crohn")
    assert terms("st johns wort", "exact") == terms("St. John's wort", "exact")


def test_numbers_that_differ_stay_apart() -> None:
    assert terms("2.5") != terms("25")
    assert terms("1.000") != terms("1,000")


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("en", "headache", "headaches"),
        ("en", "treating", "treated"),
        ("es", "infección", "infecciones"),
        ("es", "niños", "niño"),
    ],
)
def test_stems(language: str, typed: str, written: str) -> None:
    assert terms(typed, language) == terms(written, language)
    assert terms(typed, "exact") != terms(written, "exact")


def test_words_with_digits_are_not_stemmed() -> None:
    assert terms("vitamins omega3s hba1c") == {"vitamin", "omega3s", "hba1c"}


def test_stop_words_leave_gaps() -> None:
    found = [(t.text, t.position) for t in analyzer("en").terms("the pain of the heart")]
    assert found == [("pain", 1), ("heart", 4)]


def test_stop_words_of_one_language_are_words_of_another() -> None:
    assert terms("la", "es") == terms("the", "en") == set()
    assert terms("the", "es") == {"the"}
    assert terms("la", "en") == {"la"}
    assert terms("the la", "exact") == {"the", "la"}


@pytest.mark.parametrize("language", SNOWBALL)
def test_every_stop_word_can_be_met(language: str) -> None:
    """The list holds the words as they are after folding, else they would never be dropped."""
    listed = load_words(f"stopwords/{language}.txt")
    assert {word for word in listed if drop_apostrophes(fold(word)) != word} == set()
    assert {word for word in listed if terms(word, language)} == set()


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "anemia", "anaemia"),
        ("en", "anemic", "Anæmic"),
        ("en", "edema", "oedema"),
        ("en", "hemorrhage", "haemorrhages"),
        ("en", "hemorrhages", "haemorrhaging"),
        ("en", "hemorrhage", "haemorrhagic"),
        ("en", "tumor", "tumour's"),
        ("en", "pediatricians", "paediatrician"),
        ("en", "immunization", "immunisations"),
        ("en", "cesarean", "caesarian"),
        ("en", "fetus", "FOETUS"),
        ("en", "fibers", "fibre"),
        ("en", "gastro-esophageal", "gastro-oesophageal"),
        ("es", "psicólogos", "sicologo"),
        ("es", "hipoglucemia", "hipoglicemia"),
        ("es", "eccema", "eczemas"),
    ],
)
def test_spellings_of_a_word_are_one_term(language: str, one: str, other: str) -> None:
    assert terms(one, language) == terms(other, language) != set()
    for name in ("exact", "und"):
        assert terms(one, name) != terms(other, name)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "fetal", "fatal"),
        ("en", "story", "storey"),
        ("en", "tendonitis", "tendinitis"),
        ("en", "colonisation", "colon"),
        ("en", "authorisation", "author"),
        ("en", "oedema1", "edema1"),
        ("en", "anemia", "anoxia"),
        ("en", "hyperglycaemia", "hypoglycaemia"),
        ("es", "sicosis", "psicosis"),
        ("es", "cinco", "zinc"),
        ("es", "anaemia", "anemia"),
        ("en", "sicologo", "psicologo"),
    ],
)
def test_other_words_stay_apart(language: str, one: str, other: str) -> None:
    assert terms(one, language) != terms(other, language)


@pytest.mark.parametrize("language", SNOWBALL)
def test_every_spelling_joins_two_stems(language: str) -> None:
    """No line is idle, none undoes another, and none begins where another ends."""
    stemmed = stem(language)
    pairs = [
        (stemmed(fold(other)), stemmed(fold(first)))
        for other, first in load_spellings(language).items()
    ]
    others, firsts = [other for other, _ in pairs], {first for _, first in pairs}
    assert len(set(others)) == len(others)
    assert firsts.isdisjoint(others)
    words = {fold(word) for pair in load_spellings(language).items() for word in pair}
    assert words.isdisjoint(load_words(f"stopwords/{language}.txt"))


def test_acronyms_that_look_like_stop_words_are_found_as_written() -> None:
    assert terms("MS AS IT", "exact") == {"ms", "as", "it"}


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("es", "es"), ("und", "und"), ("ar", "und"), ("", "und")]
)
def test_language_of(code: str, language: str) -> None:
    assert language_of(code) == language


def test_an_analyzer_is_made_once() -> None:
    assert analyzer("en") is analyzer("en")


def test_unknown_analyzer() -> None:
    with pytest.raises(LexiconError, match=r"stopwords/xx\.txt"):
        analyzer("xx")


@given(LETTERS, st.sampled_from(NAMES))
def test_case_does_not_matter(text: str, name: str) -> None:
    shouted = [(t.text, t.position) for t in analyzer(name).terms(text.upper())]
    assert shouted == [(t.text, t.position) for t in analyzer(name).terms(text)]


@given(LETTERS, st.sampled_from(NAMES))
def test_positions_of_a_term_never_decrease(text: str, name: str) -> None:
    """Whoosh stores them as they come."""
    positions: dict[str, list[int]] = {}
    for term in analyzer(name).terms(text):
        positions.setdefault(term.text, []).append(term.position)
    assert all(a <= b for places in positions.values() for a, b in pairwise(places))


@given(st.text(max_size=60), st.sampled_from(NAMES))
def test_no_text_trips_an_analyzer(text: str, name: str) -> None:
    for term in analyzer(name).terms(text):
        assert term.text
        assert 0 <= term.start < term.end <= len(text)


@given(st.text("aé1-' ", max_size=40), st.sampled_from(NAMES))
def test_whoosh_sees_the_same_terms(text: str, name: str) -> None:
    ours = [tuple(term) for term in analyzer(name).terms(text)]
    tokens = WhooshAnalyzer(name)(text, positions=True, chars=True)
    assert [(t.text, t.pos, t.startchar, t.endchar) for t in tokens] == ours


def test_pickle_keeps_only_the_name() -> None:
    made = WhooshAnalyzer("en")
    list(made("headaches"))
    raw = pickle.dumps(made)
    again = pickle.loads(raw)
    assert vars(again) == {"name": "en"}
    assert [token.text for token in again("headaches")] == ["headach"]
    assert b"Stemmer" not in raw
