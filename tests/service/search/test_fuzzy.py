"""Words typed with a tilde find what is spelled nearly so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.withdrawals import Withdrawn
from service.search.engine import IndexSearcher
from service.search.reading.compiler import MAX_FUZZY
from service.search.reading.query import MIN_FUZZY, AllOf, AnyOf, Fuzzy, Node, Phrase, Word, parse
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.fuzzy import LONG, MAX_TERMS, SpelledAlike
from service.search.tuning import PLAIN
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex
from tests.service.search.opened import opened

TEXTS = (
    article("right", "Pneumonia is a disease.", "Lungs"),
    article("slip", "Pnemonia is how few write it.", "Errors"),
    article("title", "A disease.", "Pneumonias"),
    article("gout", "Gout in the toe.", "Gout"),
    article("goat", "Goats give milk; a goat.", "Animals"),
    article("flu", "The flu, and the flue.", "Flu"),
    article("compound", "COVID-19 and COVID.", "Corona"),
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*TEXTS, *FILLER], PLAIN)


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("pnemonia~", {"right", "slip", "title"}),
        ("PNEMONIA~", {"right", "slip", "title"}),
        ("pnemonai~", {"right", "slip"}),
        ("pnemonia", {"slip"}),
        ("title:pneumonis~", {"title"}),
        ("body:pneumonis~", {"right", "slip"}),
        ("goot~", {"gout", "goat"}),
        ("giut~", {"gout"}),
        ("heading:goot~", set()),
        ("gaut~ -goat", {"gout"}),
        ("toe -goot~", set()),
        ("milk AND goot~", {"goat"}),
        ("fl~", set()),
        ("flu~", {"flu"}),
        ("xyzzyq~", set()),
        ("COVID-19~", {"compound"}),
        ("~", set()),
    ],
)
def test_finds(searcher: IndexSearcher, q: str, ids: set[str]) -> None:
    assert set(matching(ask(searcher, q))) == ids


def test_the_word_as_typed_comes_first(searcher: IndexSearcher) -> None:
    assert matching(ask(searcher, "pnemonia~"))[0] == "slip"
    assert matching(ask(searcher, "goat~"))[0] == "goat"


def test_what_it_found_is_marked(searcher: IndexSearcher) -> None:
    marked = {hit.id: hit.highlights.body[0] for hit in ask(searcher, "pneumoni~").hits}
    assert "<mark>Pneumonia</mark>" in marked["right"]


def near(texts: list[str], term: str) -> list[tuple[str, float]]:
    segment = opened([article(f"a{n}", text) for n, text in enumerate(texts)])
    return list(SpelledAlike(Dictionary([segment], Withdrawn()))(term))


def test_nearer_words_are_worth_more_and_long_words_may_differ_more() -> None:
    assert near(["asthma", "asthmo", "isthmo", "isthms", "istmo"], "asthma") == [
        ("asthma", 1.0),
        ("asthmo", 1 / 2),
        ("isthmo", 1 / 3),
        ("isthms", 1 / 3),
    ]
    assert near(["knee", "knoe", "knox"], "knee") == [("knee", 1.0), ("knoe", 1 / 2)]
    assert len("knee") < LONG <= len("asthma")


def test_a_bounded_number_of_words_is_searched() -> None:
    texts = [f"gou{letter}" for letter in "abcdefghijklmnopq"]
    assert len(near(texts, "gout")) == MAX_TERMS


def test_only_the_first_fuzzy_words_are_looked_up(open_index: OpenIndex) -> None:
    texts = ("aaaaz", "bbbbz", "ccccz", "ddddz")
    searcher = open_index([article(text, text) for text in texts], PLAIN)
    assert MAX_FUZZY == 3
    found = matching(ask(searcher, "aaaay~ bbbby~ aaaay~ ccccy~ ddddy~"))
    assert set(found) == {"aaaaz", "bbbbz", "ccccz"}
    assert matching(ask(searcher, "aaaay~ bbbby~ ccccy~ ddddz~"))[0] == "ddddz", "as typed"


class TestParsing:
    def test_a_tilde_makes_a_word_fuzzy(self) -> None:
        assert parse("astma~ knee") == AnyOf((Fuzzy("astma"), Word("knee")))
        assert parse("title:astma~") == AnyOf((Fuzzy("astma", "title"),))
        assert parse("knee -astma~") == AnyOf((Word("knee"),), (Fuzzy("astma"),))
        assert parse("a1 AND astma~") == AnyOf((AllOf((Word("a1"), Fuzzy("astma"))),))
        assert parse("astma~~") == AnyOf((Fuzzy("astma"),))

    @pytest.mark.parametrize("text", ["ab~", "a~", "~ab", "as~tma", "~", "ab~2"])
    def test_short_words_and_tildes_elsewhere_are_words(self, text: str) -> None:
        wanted = (Word(text),) if any(map(str.isalnum, text)) else ()
        assert parse(text) == AnyOf(wanted)
        assert len("ab") < MIN_FUZZY

    def test_in_quotes_it_is_nothing(self) -> None:
        assert parse('"astma~"') == AnyOf((Phrase("astma~"),))


PIECES = [
    "pneumonia",
    "~",
    "go",
    "*",
    '"',
    "-",
    "title:",
    "heading:",
    "topic:",
    "AND",
    "(",
    " ",
    "é",
]
ANYTHING = st.text(max_size=30).map(lambda text: f"{text}~") | st.lists(
    st.sampled_from(PIECES), max_size=12
).map("".join)


@settings(deadline=None)
@given(ANYTHING)
def test_any_text_is_answered(searcher: IndexSearcher, text: str) -> None:
    answer = ask(searcher, text or "~")
    assert len(answer.hits) == min(answer.total, 10)


def leaf_texts(node: Node) -> list[str]:
    if isinstance(node, Fuzzy):
        return [node.text]
    inner = getattr(node, "parts", ()) + getattr(node, "excluded", ())
    return [text for part in inner for text in leaf_texts(part)]


@given(ANYTHING)
def test_what_is_fuzzy_has_enough_letters(text: str) -> None:
    for found in leaf_texts(parse(text)):
        assert sum(map(str.isalnum, found)) >= MIN_FUZZY
        assert not found.endswith("~")
