"""Filters: by audience, publisher, review and reading grade."""

import random
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.search.engine import IndexSearcher, open_searcher
from service.search.request import FACET_NAMES, SearchRequest
from service.search.response import FacetCount
from tests.service.search.asked import article, ask, matching
from tests.service.search.conftest import OpenIndex
from tests.service.search.histories import fields_of, history

SHELF = (
    article(
        "a",
        "Gout.",
        audience=("Adults", "Carers"),
        publisher="The Clinic",
        last_reviewed=date(2024, 5, 1),
        words=1,
        reading_grade=8.0,
    ),
    article("b", "Gout, too.", audience=("adults",), publisher="the clinic", reading_grade=8.1),
    article("c", "Gout again.", audience=("Children",), last_reviewed=date(2024, 4, 30)),
    article("d", "More gout.", publisher="Clinic, The", reading_grade=0.0),
    article("e", "Gout", modified=date(2025, 1, 1)),
)


@pytest.fixture(scope="module")
def shelf(open_index: OpenIndex) -> IndexSearcher:
    return open_index(SHELF)


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        ({"audience": ("ADULTS",)}, "ab"),
        ({"audience": ("carers", "children")}, "ac"),
        ({"audience": ("Adult",)}, ""),
        ({"audience": ("",)}, ""),
        ({"publisher": ("THE CLINIC",)}, "ab"),
        ({"publisher": ("the clinic", "clinic, the")}, "abd"),
        ({"publisher": ("Clinic",)}, ""),
        ({"language": ("en-GB",)}, "abcde"),
        ({"language": ("EN_us", "es")}, "abcde"),
        ({"language": ("es-MX",)}, ""),
        ({"reviewed_after": date(2024, 5, 1)}, "a"),
        ({"reviewed_after": date(2024, 4, 30)}, "ac"),
        ({"reviewed_after": date.min}, "ac"),
        ({"reviewed_after": date.max}, ""),
        ({"reading_level_max": 8.0}, "ad"),
        ({"reading_level_max": 8.1}, "abd"),
        ({"reading_level_max": 8.04}, "ad"),
        ({"reading_level_max": 0.0}, "d"),
        ({"reading_level_max": 20.0}, "abd"),
        ({"audience": ("adults",), "reading_level_max": 8.0}, "a"),
        ({"audience": ("adults",), "publisher": ("clinic, the",)}, ""),
        ({"audience": ("adults",), "reviewed_after": date(2024, 1, 1)}, "a"),
    ],
    ids=str,
)
def test_filters(shelf: IndexSearcher, wish: dict[str, object], ids: str) -> None:
    answer = ask(shelf, "gout", **wish)
    assert set(matching(answer)) == set(ids)
    assert answer.total == len(ids)
    assert not answer.related  # what is like them would not pass


def test_a_grade_is_compared_in_tenths(open_index: OpenIndex) -> None:
    """A limit of 8.05 lets in what is shown as 8.1 no more than one of 8.0 does."""
    grades = [7.9, 8.0, 8.1]
    searcher = open_index(
        [article(f"{grade}", f"Gout {grade}.", reading_grade=grade) for grade in grades]
    )
    for limit in (7.9, 8.0, 8.05, 8.09, 8.1):
        found = matching(ask(searcher, "gout", reading_level_max=limit))
        assert set(found) == {f"{grade}" for grade in grades if grade <= limit}, limit


def test_a_hit_tells_what_it_was_filtered_by(shelf: IndexSearcher) -> None:
    hits = {hit.id: hit for hit in ask(shelf, "gout").hits}
    assert hits["a"].audience == ("Adults", "Carers")
    assert (hits["a"].words, hits["a"].reading_grade) == (1, 8.0)
    assert (hits["c"].audience, hits["c"].words, hits["c"].reading_grade) == (
        ("Children",),
        0,
        None,
    )


class TestFacets:
    def test_only_those_asked_for_are_counted(self, shelf: IndexSearcher) -> None:
        assert list(ask(shelf, "gout").facets) == ["topic", "language"]
        assert ask(shelf, "gout", facets=()).facets == {}
        for name in FACET_NAMES:
            assert list(ask(shelf, "gout", facets=(name, name)).facets) == [name]

    def test_audiences_and_publishers(self, shelf: IndexSearcher) -> None:
        facets = ask(shelf, "gout", facets=("audience", "publisher")).facets
        assert facets["audience"] == (
            FacetCount("Adults", 2),
            FacetCount("Carers", 1),
            FacetCount("Children", 1),
        )
        assert facets["publisher"] == (FacetCount("The Clinic", 2), FacetCount("Clinic, The", 1))

    def test_a_value_is_shown_as_most_articles_have_it(self, open_index: OpenIndex) -> None:
        spelled = ["heart", "HEART", "heart", "Heart", "heart"]
        searcher = open_index(
            [article(f"a{n}", f"Gout {n}.", topics=(each,)) for n, each in enumerate(spelled)]
        )
        assert ask(searcher, "gout").facets["topic"] == (FacetCount("heart", 5),)
        assert ask(searcher, '"gout 1"').facets["topic"] == (FacetCount("heart", 1),)

    def test_an_article_counts_once_for_a_value(self, open_index: OpenIndex) -> None:
        searcher = open_index([article("a", "Gout.", topics=("Heart", "heart", "Joints"))])
        assert ask(searcher, "gout").facets["topic"] == (
            FacetCount("Heart", 1),
            FacetCount("Joints", 1),
        )
        assert ask(searcher, "gout").hits[0].topics == ("Heart", "heart", "Joints")


TOPICS = ("Heart", "heart", "HEART", "Lungs", "lungs")


def spelled(chance: random.Random, name: str) -> dict[str, object]:
    fields = fields_of(chance, name)
    fields["topics"] = chance.sample(TOPICS, 2)
    fields["publisher"] = chance.choice(("Clinic", "clinic", ""))
    return fields


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_facets_depend_on_nothing_but_live_articles(
    tmp_path_factory: pytest.TempPathFactory, seed: int, open_index: OpenIndex
) -> None:
    folder: Path = tmp_path_factory.mktemp("index")
    with closing(open_searcher(history(folder, seed, spelled))) as old:
        columns = old._ranker.columns
        live = [
            columns[segment].article(document)
            for segment in range(len(columns))
            for document in range(columns[segment].documents)
            if old._ranker._is_live(segment, document)
        ]
        new = open_index(live)
        for q in ("asthma", "pain", "la", "a* the"):
            answers = [ask(each, q, facets=FACET_NAMES) for each in (old, new)]
            assert answers[0].facets == answers[1].facets
            assert matching(answers[0]) == matching(answers[1])


def test_filters_take_any_text(shelf: IndexSearcher) -> None:
    for name in ("topic", "language", "audience", "publisher"):
        request = SearchRequest(**{"q": "gout", name: ("\ud800", "\x1f", "\0", "a" * 200)})  # type: ignore[arg-type]
        assert shelf.search(request).total == 0
