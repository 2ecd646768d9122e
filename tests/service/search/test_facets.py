"""Facets, filters and orders of an answer."""

from datetime import date

import pytest

from indexer.article import Article
from service.search.engine import IndexSearcher
from service.search.ranking.facets import MAX_FACET_VALUES
from service.search.request import SearchRequest, Sort
from service.search.response import FacetCount
from service.search.tuning import PLAIN
from tests.service.search.conftest import OpenIndex


def article(name: str, body: str = "gout", **values: object) -> Article:
    fields = {"id": name, "url": f"https://a.example/{name}", "title": "", "language": "en"}
    return Article(**{**fields, "body": body, **values})  # type: ignore[arg-type]


LIBRARY = (
    article("a", "gout gout gout", topics=("Joints",), published=date(2020, 1, 1)),
    article("b", "gout gout of some kind", topics=("Joints", "Heart, lungs"), language="es"),
    article("c", "gout", topics=("heart",), last_reviewed=date(2024, 2, 2), language="fr"),
    article(
        "d",
        "gout and something else",
        published=date(2021, 5, 5),
        modified=date(2023, 3, 3),
        last_reviewed=date(2025, 1, 1),
    ),
    article("e", "gout in many more words than that", published=date(2023, 3, 3), language="und"),
    article("f", "asthma", topics=("Lungs",)),
)


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    return open_index(LIBRARY, PLAIN)


def found(searcher: IndexSearcher, **fields: object) -> list[str]:
    request = SearchRequest(**{"q": "gout", **fields})  # type: ignore[arg-type]
    return [hit.id for hit in searcher.search(request).hits]


class TestFacets:
    def test_count_the_matches_most_frequent_first_then_by_name(
        self, library: IndexSearcher
    ) -> None:
        answer = library.search(SearchRequest(q="gout"))
        assert answer.facets["topic"] == (
            FacetCount("Joints", 2),
            FacetCount("Heart, lungs", 1),
            FacetCount("heart", 1),
        )
        assert answer.facets["language"] == (
            FacetCount("en", 2),
            FacetCount("es", 1),
            FacetCount("fr", 1),
            FacetCount("und", 1),
        )

    def test_count_all_matches_whatever_the_page(self, library: IndexSearcher) -> None:
        pages = [library.search(SearchRequest(q="gout", page=p, per_page=2)) for p in (1, 2, 99)]
        assert pages[0].facets == pages[1].facets == pages[2].facets

    def test_count_within_the_filter(self, library: IndexSearcher) -> None:
        answer = library.search(SearchRequest(q="gout", topic=("Joints",)))
        assert answer.facets["topic"] == (FacetCount("Joints", 2), FacetCount("Heart, lungs", 1))

    def test_count_nothing_without_a_match(self, library: IndexSearcher) -> None:
        assert library.search(SearchRequest(q="nothing")).facets == {"topic": (), "language": ()}

    def test_count_an_article_once_though_it_names_a_topic_twice(
        self, open_index: OpenIndex
    ) -> None:
        twice = open_index([article("a", topics=("Joints", "Joints"))])
        answer = twice.search(SearchRequest(q="gout"))
        assert answer.facets["topic"] == (FacetCount("Joints", 1),)

    def test_stop_at_a_number_that_people_can_read(self, open_index: OpenIndex) -> None:
        topics = tuple(f"Topic {n:02}" for n in range(MAX_FACET_VALUES + 5))
        answer = open_index([article("a", topics=topics)]).search(SearchRequest(q="gout"))
        assert [f.value for f in answer.facets["topic"]] == list(topics[:MAX_FACET_VALUES])


class TestFilters:
    @pytest.mark.parametrize(
        ("topics", "ids"),
        [
            (("Joints",), {"a", "b"}),
            (("joints",), {"a", "b"}),
            (("HEART",), {"c"}),
            (("Heart, lungs",), {"b"}),
            (("Lungs",), set()),
            (("lungs",), set()),
            (("Joints", "Heart, Lungs"), {"b"}),
            (("Joints", "Heart"), set()),
            (("",), set()),
            (("Join*",), set()),
            (("\x1f", "\0", "\ud800"), set()),
        ],
    )
    def test_topics_are_whole_names_in_any_case_and_all_must_hold(
        self, library: IndexSearcher, topics: tuple[str, ...], ids: set[str]
    ) -> None:
        assert set(found(library, topic=topics)) == ids

    @pytest.mark.parametrize(
        ("languages", "ids"),
        [
            (("en",), {"a", "d"}),
            (("EN",), {"a", "d"}),
            (("es", "fr"), {"b", "c"}),
            (("und",), {"e"}),
            (("xx",), set()),
            (("xx", "fr"), {"c"}),
        ],
    )
    def test_of_languages_one_must_hold(
        self, library: IndexSearcher, languages: tuple[str, ...], ids: set[str]
    ) -> None:
        assert set(found(library, language=languages)) == ids

    def test_topic_and_language_hold_together(self, library: IndexSearcher) -> None:
        assert found(library, topic=("Joints",), language=("es",)) == ["b"]

    def test_do_not_change_scores(self, library: IndexSearcher) -> None:
        every = {hit.id: hit.score for hit in library.search(SearchRequest(q="gout")).hits}
        some = library.search(SearchRequest(q="gout", topic=("Joints",))).hits
        assert all(hit.score == every[hit.id] for hit in some)


class TestOrders:
    @pytest.mark.parametrize(
        ("sort", "ids"),
        [
            # d was modified on the day that e was published, and scores more; b and c have no date
            ("newest", ["d", "e", "a"]),
            ("reviewed", ["d", "c"]),
        ],
    )
    def test_by_date_with_the_dateless_last(
        self, library: IndexSearcher, sort: Sort, ids: list[str]
    ) -> None:
        by_score = found(library)
        dated = found(library, sort=sort)
        assert dated[: len(ids)] == ids
        assert dated[len(ids) :] == [name for name in by_score if name not in ids]

    def test_equal_dates_by_score(self, open_index: OpenIndex) -> None:
        day = date(2024, 1, 1)
        articles = [
            article("low", "gout and much else in here", published=day),
            article("high", "gout gout", modified=day),
            article("new", "gout in ever so many words", published=date(2024, 1, 2)),
        ]
        assert found(open_index(articles), sort="newest") == ["new", "high", "low"]

    def test_a_later_publication_counts_more_than_an_earlier_change(
        self, open_index: OpenIndex
    ) -> None:
        articles = [
            article("a", published=date(2024, 1, 2), modified=date(2020, 1, 1)),
            article("b", modified=date(2024, 1, 1)),
        ]
        assert found(open_index(articles), sort="newest") == ["a", "b"]

    def test_the_first_and_the_last_day_of_the_calendar(self, open_index: OpenIndex) -> None:
        articles = [article("a", published=date.min), article("b", published=date.max)]
        assert found(open_index(articles), sort="newest") == ["b", "a"]

    def test_what_has_more_of_the_words_stands_before_what_is_newer(
        self, open_index: OpenIndex
    ) -> None:
        texts = {
            "both": "Gout in the knee.",
            "stem": "Of knees and gout.",
            "one": "A knee hurts.",
            "none": "The weather.",
        }
        articles = [
            article(name, text, published=date(2020 + n, 1, 1))
            for n, (name, text) in enumerate(texts.items())
        ]
        searcher = open_index(articles)
        for query in ("gout knee", "what is gout of the knee", "xyzzy knee gout"):
            assert found(searcher, q=query, sort="newest") == ["stem", "both", "one"]
        assert found(searcher, q="knee", sort="newest") == ["one", "stem", "both"]
        assert found(searcher, q="gout OR knee", sort="newest") == ["one", "stem", "both"]

    def test_another_name_stands_for_a_word(self, open_index: OpenIndex) -> None:
        searcher = open_index([
            article("old", "High blood pressure in winter.", published=date(2020, 1, 1)),
            article("new", "The weather in winter.", published=date(2024, 1, 1)),
        ])  # fmt: skip
        assert found(searcher, q="hypertension winter", sort="newest") == ["old", "new"]

    def test_pages_follow_the_order(self, library: IndexSearcher) -> None:
        whole = found(library, sort="newest")
        assert [found(library, sort="newest", page=p, per_page=1)[0] for p in range(1, 6)] == whole
