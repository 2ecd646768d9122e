"""What of a text a query marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.compiler import compile_query
from service.search.query import normalize, parse
from service.search.terms import QueryTerms, find_matches

LANGUAGES = ("en", "es", "und")


def terms(query: str) -> QueryTerms:
    return compile_query(parse(normalize(query)), LANGUAGES).terms


def marked(query: str, text: str, language: str = "en") -> list[str]:
    """The stretches of ``text`` that the query marks."""
    matches = find_matches(text, terms(query), language)
    return [text[match.start : match.end] for match in matches]


@pytest.mark.parametrize(
    ("query", "text", "stretches"),
    [
        # stems mark the whole word, with its possessive
        ("burn", "Burns, burned and burning; sunburn", ["Burns", "burned", "burning"]),
        ("burns", "a burn", ["burn"]),
        ("john", "St. John's wort", ["John's"]),
        ("st johns wort", "St. John’s wort", ["St", "John’s", "wort"]),
        # case, accents and typography do not matter
        ("menieres", "Ménière’s disease", ["Ménière’s"]),
        ("OEDEME", "un œdème", ["œdème"]),
        # exact forms
        ("AIDS", "AIDS aid", ["AIDS"]),
        ('"burn"', "burn burns", ["burn"]),
        # beginnings
        ("arthr*", "Arthritis, osteoarthritis, arthrosis", ["Arthritis", "arthrosis"]),
        ("ar* arthr*", "arthritis arm", ["arthritis", "arm"]),
        # phrases, only where they stand
        ('"joint pain"', "Pain in a joint is joint pain.", ["joint pain"]),
        ('"joint pain"', "Joint, pain", ["Joint, pain"]),
        ('"joint pain"', "joints pain", []),
        ('joint "joint pain"', "A joint and joint pain", ["joint", "joint pain"]),
        ('"covid 19 vaccine"', "the COVID-19 vaccine", ["COVID-19 vaccine"]),
        ('"covid-19"', "covid 19", ["covid 19"]),
        # compounds
        ("covid19", "COVID-19", ["COVID-19"]),
        ("covid", "COVID-19", ["COVID"]),
        ("COVID-19", "COVID-19 and covid 19 and covid19", ["COVID-19", "covid", "19", "covid19"]),
        ("1000", "1,000 mg", ["1,000"]),
        # what is excluded, and function words
        ("burn -sun", "sun burn", ["burn"]),
        ("the burn", "the burn", ["burn"]),
        ("the who", "the one who", ["the", "who"]),
        ("burn", "", []),
        ("", "burn", []),
    ],
)
def test_marks(query: str, text: str, stretches: list[str]) -> None:
    assert marked(query, text) == stretches


def test_words_are_stemmed_in_the_language_of_the_article() -> None:
    assert marked("quemadura", "quemaduras", "es") == ["quemaduras"]
    assert marked("burn", "burns", "es") == []
    assert marked("burn", "burns", "fr") == []
    assert marked("brûlure", "La brulure", "fr") == ["brulure"]


def test_the_longest_of_several_beginnings_names_the_match() -> None:
    """Not the first of a set, whose order differs from process to process."""
    for prefixes in ("ar* art* arthr*", "arthr* art* ar*"):
        (match,) = find_matches("arthritis", terms(prefixes), "en")
        assert match.term == "arthr"


def test_other_scripts() -> None:
    assert marked("الصداع", "علاج الصداع في المنزل", "ar") == ["الصداع"]


TEXT = st.lists(
    st.sampled_from(["joint", "pain", "joints", "covid-19", "19", "AIDS", "-", " ", ". ", "é", "<"])
).map(" ".join) | st.text(max_size=60)
QUERIES = st.sampled_from(
    [
        "joint pain",
        '"joint pain" pain',
        "covid-19",
        "jo* joi*",
        '"pain joint" "joint pain"',
        "AIDS 19",
    ]
)


@given(TEXT, QUERIES, st.sampled_from(["en", "es", "ar"]))
def test_matches_are_in_order_and_never_overlap(text: str, query: str, language: str) -> None:
    at = 0
    for match in find_matches(text, terms(query), language):
        assert at <= match.start < match.end <= len(text)
        assert match.weight > 0
        at = match.end


@given(TEXT, QUERIES)
def test_a_match_is_no_part_of_a_word(text: str, query: str) -> None:
    for match in find_matches(text, terms(query), "en"):
        around = text[max(match.start - 1, 0) : match.start], text[match.end : match.end + 1]
        assert not any(c.isascii() and c.isalpha() for c in "".join(around))
