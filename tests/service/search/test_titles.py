"""The article that is called what was typed stands first, and nothing is found by that alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.index.withdrawals import Withdrawn
from service.search.engine import IndexSearcher
from service.search.plan import Titled
from service.search.ranking.shards import shards_of
from service.search.ranking.statistics import Statistics
from service.search.ranking.titles import SHARPNESS, WORTH, find_titled
from service.search.reading.compiler import compile_query
from service.search.reading.query import parse
from service.search.tuning import DEFAULT, PLAIN
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex
from tests.service.search.opened import opened

TITLES = replace(PLAIN, titles=True)

AILMENTS = (
    article("asthma", "A disease of the airways.", "Asthma"),
    article("children", "Asthma when young.", "Asthma in children"),
    article("often", "asthma " * 50, "Trouble with breathing"),
    article("acetaminophen", "A drug against fever.", "Acetaminophen"),
    article("tylenol", "Tylenol and tylenol and Tylenol again.", "Brands"),
    article("attack", "An infarct.", "Myocardial infarction"),
    article("heart", "A heart attack, and the next heart attack.", "Bad hearts"),
    article("aids", "A disease.", "AIDS"),
    article("hearing", "AIDS AIDS AIDS AIDS AIDS.", "Hearing aids for all"),
    article("vitamin", "For the eyes.", "Vitamin A"),
    article("deficiency", "Vitamin A vitamin A vitamin A.", "Vitamin A deficiency"),
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*AILMENTS, *FILLER])


@pytest.fixture(scope="module")
def by_words(open_index: OpenIndex) -> IndexSearcher:
    """The same articles, ranked without a look at whole titles."""
    return open_index([*AILMENTS, *FILLER], replace(DEFAULT, titles=False))


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("asthma", "asthma"),
        ("Asthma", "asthma"),
        ("What is asthma?", "asthma"),
        ("asthmas", "asthma"),
        ("asthma in children", "children"),
        ("children asthma", "children"),
        ("a child's asthma", "children"),
        ("tylenol", "acetaminophen"),
        ("what is tylenol", "acetaminophen"),
        ("heart attack", "attack"),
        ("AIDS", "aids"),
        ("vitamin A", "vitamin"),
        ("vitamin a deficiency", "deficiency"),
    ],
)
def test_the_article_of_that_title_stands_first(searcher: IndexSearcher, q: str, name: str) -> None:
    assert matching(ask(searcher, q))[0] == name


def test_without_it_words_would_decide(by_words: IndexSearcher) -> None:
    for q, name in {
        "tylenol": "tylenol",
        "heart attack": "heart",
        "vitamin a": "deficiency",
    }.items():
        assert matching(ask(by_words, q))[0] == name


def test_a_longer_title_is_worth_less(searcher: IndexSearcher) -> None:
    assert matching(ask(searcher, "asthma")) == ["asthma", "children", "often"]


def scores(searcher: IndexSearcher, q: str, **wishes: object) -> dict[str, float]:
    return {hit.id: hit.score for hit in ask(searcher, q, per_page=100, **wishes).hits}


@pytest.mark.parametrize(
    "q",
    [
        '"asthma"',
        "title:asthma",
        "asth*",
        "asthma~",
        "asthma AND airways",
        "asthma OR gout",
        "asthma -children",
        'asthma "disease of"',
        "(asthma)",
        "airways OR gout asthma",
        "asthma gout~",
    ],
)
def test_only_plain_words_are_a_title(
    searcher: IndexSearcher, by_words: IndexSearcher, q: str
) -> None:
    assert scores(searcher, q) == scores(by_words, q) != {}


def test_what_a_filter_keeps_out_stays_out(open_index: OpenIndex) -> None:
    searcher = open_index(
        [
            article("en", "Asthma.", "Asthma", topics=("Lungs",)),
            article("es", "El asma o asthma.", "Asthma", language="es"),
            *FILLER,
        ]
    )
    assert matching(ask(searcher, "asthma", language=("es",))) == ["es"]
    assert matching(ask(searcher, "asthma", topic=("Lungs",))) == ["en"]
    assert matching(ask(searcher, "asthma -airways")) == ["en", "es"]
    assert matching(ask(searcher, "asthma -asma")) == ["en"]


def test_other_orders_than_by_relevance_take_no_notice(open_index: OpenIndex) -> None:
    searcher = open_index([*AILMENTS, *FILLER], TITLES)
    plain = open_index([*AILMENTS, *FILLER], PLAIN)
    assert scores(searcher, "asthma", sort="newest") == scores(plain, "asthma", sort="newest")
    assert scores(searcher, "asthma") != scores(plain, "asthma")


TYPED = "asthma children heart attack tylenol vitamin A AIDS what is the hearing infarction"
WORDS = st.sampled_from(TYPED.split())


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
def test_a_title_makes_no_article_match(
    searcher: IndexSearcher, by_words: IndexSearcher, q: str
) -> None:
    answer, plain = ask(searcher, q, per_page=100), ask(by_words, q, per_page=100)
    assert answer.total == plain.total
    assert set(matching(answer)) == set(matching(plain))
    assert answer.facets == plain.facets


def test_words_of_another_name_in_another_order_do_not_match(open_index: OpenIndex) -> None:
    searcher = open_index([article("x", "text", "Infarction, myocardial"), *FILLER])
    assert ask(searcher, "heart attack").total == 0


def titled(text: str) -> Titled:
    spoken = compile_query(parse(text), ("en", "es")).spoken
    return Titled(tuple(word.leaves for word in spoken if word.leaves))


def worth(
    articles: Sequence[Article],
    text: str,
    size: int = 100,
    factor: float = 1.0,
) -> dict[str, float]:
    """Return what titles are worth in an index of segments of ``size`` articles."""
    pieces = [articles[at : at + size] for at in range(0, len(articles), size)]
    columns = [opened(piece) for piece in pieces]
    languages = {"en": 90, "es": 10}
    statistics = Statistics(columns, languages, Withdrawn())
    found: dict[str, float] = {}
    for shard in shards_of([(made, ()) for made in columns]):
        wanted = Titled(titled(text).words, factor)
        documents, values = find_titled(wanted, shard, statistics)
        assert documents.tolist() == sorted(set(documents.tolist()))
        for part, inside in shard.split(documents):
            for number, value in zip(
                documents[inside] - part.base, values[inside].tolist(), strict=True
            ):
                found[part.columns.card(int(number)).id] = value
    return found


def test_the_formula() -> None:
    articles = [
        article("one", title="Gout"),
        article("two", title="Gout diet"),
        article("four", title="Gout diet: what to eat"),
        article("other", "gout", title="Knee"),
    ]
    found = worth(articles, "what is gout")
    idf = found["one"] / WORTH
    assert idf > 1
    shares = {name: value / found["one"] for name, value in found.items()}
    assert shares == pytest.approx({"one": 1, "two": 1 / 2**SHARPNESS, "four": 1 / 3**SHARPNESS})
    assert worth(articles, "gout", factor=0.5)["two"] == pytest.approx(found["two"] / 2)
    diet = worth(articles, "gout diet")
    assert diet.keys() == {"two", "four"}
    assert diet["two"] > found["one"], "two words tell more than one"


MIXED = [
    article("world", title="The prevention of AIDS in the world"),
    article("short", title="AIDS prevention"),
    article("es", title="La prevención de AIDS", language="es"),
    article("und", title="AIDS prevention today", language="und"),
    *[article(f"a{n}", title=f"AIDS {n}") for n in range(3)],
    *[article(f"p{n}", title=f"Prevention {n}") for n in range(5)],
]


def test_the_order_of_the_words_makes_no_difference() -> None:
    assert worth(MIXED, "AIDS prevention") == pytest.approx(worth(MIXED, "prevention of AIDS"))


@pytest.mark.parametrize("text", ["prevention", "AIDS prevention", "prevention of AIDS", "AIDS"])
def test_segments_make_no_difference(text: str) -> None:
    whole = worth(MIXED, text)
    assert len(whole) > 1
    for size in (1, 2, 5):
        assert worth(MIXED, text, size) == pytest.approx(whole)
    assert worth(MIXED[::-1], text, 3) == pytest.approx(whole)


def test_shards_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word by its stem and one in capitals, of which now the one and now the other is rarer."""
    whole = worth(MIXED, "AIDS prevention")
    monkeypatch.setattr("service.search.ranking.shards.MAX_DOCUMENTS", 1)
    for size in (1, 2, 4, 5):
        assert worth(MIXED, "AIDS prevention", size) == pytest.approx(whole)


def test_words_that_no_title_has() -> None:
    for text in ("gout", "AIDS gout", "gout AIDS"):
        assert worth(MIXED, text) == {}
