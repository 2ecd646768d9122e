"""What of a text a query marks."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.index.columns.texts import BEGINNINGS, SegmentTexts
from service.search.reading.compiler import compile_query
from service.search.reading.query import normalize, parse
from service.search.reading.terms import PREFIX_WEIGHT, QueryTerms
from service.search.snippets.marking import marks_of
from service.search.snippets.matching import Scratch, Wanted, find_matches
from service.search.snippets.pagetexts import PageTexts
from tests.service.search.opened import opened

LANGUAGES = ("en", "es", "und")


class Found(NamedTuple):
    """A match in a text: characters, number, weight."""

    start: int
    end: int
    number: int
    weight: float


def terms(query: str) -> QueryTerms:
    return compile_query(parse(normalize(query)), LANGUAGES).terms


def found(query: str, text: str, language: str = "en") -> list[Found]:
    """The matches in a body of one line."""
    source = Article(id="a", url="u", title="t", body=text, language=language)
    wanted = Wanted(terms(query))
    page = PageTexts([SegmentTexts(opened([source]))], [(0, 0)])
    matches = find_matches(page, wanted, Scratch())
    marks = marks_of(page, matches)
    raw = f"t\n\n{text}".encode()
    return [
        Found(len(raw[:start].decode()) - 3, len(raw[:end].decode()) - 3, number, weight)
        for start, end, number, weight in zip(
            marks.starts,
            marks.ends,
            matches.numbers.tolist(),
            wanted.weights[matches.numbers].tolist(),
            strict=True,
        )
    ]


def marked(query: str, text: str, language: str = "en") -> list[str]:
    """The stretches of ``text`` that the query marks."""
    return [text[match.start : match.end] for match in found(query, text, language)]


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
        # other spellings, not where the query is quoted
        ("hemorrhage", "Haemorrhages and haemorrhaging", ["Haemorrhages", "haemorrhaging"]),
        ('"anemia"', "anaemia, anemia", ["anemia"]),
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
        wanted = Wanted(terms(prefixes))
        (match,) = found(prefixes, "arthritis")
        assert (BEGINNINGS, "arthr", match.number) in wanted.terms
        assert match.weight == PREFIX_WEIGHT


def test_other_scripts() -> None:
    assert marked("الصداع", "علاج الصداع في المنزل", "ar") == ["الصداع"]


def test_a_phrase_ends_with_its_sentence() -> None:
    assert marked('"joint pain"', "It is a joint. Pain is bad. A joint\npain, joint pain") == [
        "joint pain"
    ]


def test_of_two_phrases_that_overlap_the_first_is_marked() -> None:
    assert marked('"a b c" "c d"', "a b c d, c d") == ["a b c", "c d"]
    assert marked('"b c" "a b c d"', "a b c d b c") == ["a b c d", "b c"]
    assert marked('"gout gout"', "gout gout gout") == ["gout gout"]


def test_a_compound_of_many_parts() -> None:
    joined = "-".join(["a1"] * 20)
    assert marked("a1" * 20, f"x {joined} y a1-a1") == [joined]


def test_a_word_is_what_its_highest_kind_says() -> None:
    """A stem before a word as it stands, and that before a beginning."""
    wanted = QueryTerms({"en": {"aid": 5.0}, "und": {"aid": 4.0}}, {"aids": 3.0}, {"aid"})
    weights = []
    for language in ("en", "und"):
        source = Article(id="a", url="u", title="", body="aids aid aidx", language=language)
        page = PageTexts([SegmentTexts(opened([source]))], [(0, 0)])
        numbered = Wanted(wanted)
        numbers = find_matches(page, numbered, Scratch()).numbers
        weights.append(numbered.weights[numbers].tolist())
    assert weights == [[5.0, 5.0, PREFIX_WEIGHT], [3.0, 4.0, PREFIX_WEIGHT]]


def test_what_one_query_looked_for_the_next_does_not_find() -> None:
    sources = [
        Article(id=str(n), url="u", title="t", body=text, language="en")
        for n, text in enumerate(["gout and pain", "pain and covid-19", "salt"])
    ]
    segments = [SegmentTexts(opened(sources)), SegmentTexts(opened(sources[:1]))]
    page = PageTexts(segments, [(0, 2), (1, 0), (0, 0), (0, 1)])
    scratch = Scratch()
    counts = [
        len(find_matches(page, Wanted(terms(query)), scratch).numbers)
        for query in ("gout pain", "salt", "none", "covid19", '"and pain"', "pain")
    ]
    assert counts == [5, 1, 0, 1, 2, 3]


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
    for match in found(query, text, language):
        assert at <= match.start < match.end <= len(text)
        assert match.weight > 0
        at = match.end


@given(TEXT, QUERIES)
def test_a_match_is_no_part_of_a_word(text: str, query: str) -> None:
    for match in found(query, text):
        around = text[max(match.start - 1, 0) : match.start], text[match.end : match.end + 1]
        assert not any(c.isascii() and c.isalpha() for c in "".join(around))
