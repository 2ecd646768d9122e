"""The figures agree with ir-measures."""

import random
from collections.abc import Mapping
from typing import Any

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from indexer.article import Article
from indexer.errors import EvaluationError
from service.search.engine import IndexSearcher
from service.search.measuring.evaluation import (
    Result,
    evaluate,
    is_safe,
    lowest,
    ndcg,
    ranking,
    recall,
    reciprocal_rank,
    summarize,
)
from service.search.measuring.judgements import Judgements, Query, judged_queries
from tests.service.search.conftest import OpenIndex


def reference(ranked: list[str], grades: Mapping[str, int]) -> tuple[float, float, float]:
    """The three figures of one query by ir-measures, which asks trec_eval."""
    run = {"q": {name: float(len(ranked) - place) for place, name in enumerate(ranked)}}
    measures = [nDCG @ 10, RR @ 10, R @ 100]
    found = ir_measures.calc_aggregate(measures, {"q": dict(grades)}, run)
    return found[measures[0]], found[measures[1]], found[measures[2]]


NAMES = [f"d{n}" for n in range(130)]


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 130),
    st.dictionaries(st.sampled_from(NAMES), st.integers(-1, 4), min_size=1, max_size=60),
    st.randoms(use_true_random=False),
)
def test_figures_agree_with_ir_measures(
    size: int, grades: dict[str, int], rng: random.Random
) -> None:
    ranked = rng.sample(NAMES, size)
    # trec_eval leaves a query without a relevant article out; here it is given one.
    grades["d0"] = 2
    figures = (
        ndcg(ranked, grades, 10),
        reciprocal_rank(ranked, grades, 10),
        recall(ranked, grades, 100),
    )
    assert figures == pytest.approx(reference(ranked, grades))


def test_by_hand() -> None:
    grades = {"a": 2, "b": 1, "c": 0}
    assert ndcg(["c", "a", "b"], grades, 10) == pytest.approx(
        (2 / 1.584962500721156 + 1 / 2) / (2 + 1 / 1.584962500721156)
    )
    assert reciprocal_rank(["c", "a", "b"], grades, 10) == 1 / 2
    assert recall(["c", "b"], grades, 100) == 1 / 2


def test_an_empty_ranking_and_no_relevant_article_are_zero() -> None:
    for ranked, grades in (([], {"a": 1}), (["a"], {"a": 0}), (["a"], {})):
        assert ndcg(ranked, grades, 10) == 0
        assert reciprocal_rank(ranked, grades, 10) == 0
        assert recall(ranked, grades, 100) == 0


def article(name: str, body: str) -> Article:
    return Article(id=name, url=f"https://a.example/{name}", title="", body=body, language="en")


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    articles = [article(f"gout{n}", "gout " + "and more " * n) for n in range(12)]
    return open_index([*articles, article("asthma", "asthma")])


def run(
    searcher: IndexSearcher, queries: Mapping[str, str], judgements: Judgements, **changes: Any
) -> list[Result]:
    asked = {name: Query(name, text, **changes) for name, text in queries.items()}
    return list(evaluate(searcher, judged_queries(asked, judgements)))


class TestEvaluate:
    def test_averages_over_the_judged_queries(self, library: IndexSearcher) -> None:
        queries = {"1": "gout", "2": "asthma", "3": "nothing", "4": "not judged", "5": "irrelevant"}
        judged = {
            "1": {"gout1": 1},
            "2": {"asthma": 3},
            "3": {"gout1": 1},
            "5": {"gout1": 0},
            "6": {"gout1": 1},
        }
        figures = summarize(run(library, queries, judged))
        assert figures.queries == 3
        assert figures.rr_at_10 == round((1 / 2 + 1 + 0) / 3, 4)
        assert figures.ndcg_at_10 == round((0.6309297 + 1 + 0) / 3, 4)
        assert figures.recall_at_100 == round(2 / 3, 4)
        assert figures.zero_hits == round(1 / 3, 4)
        assert figures.safety is None

    def test_each_query_by_itself(self, library: IndexSearcher) -> None:
        queries = {"2": "nothing", "1": "gout"}
        judged = {"1": {"gout1": 1}, "2": {"asthma": 1}}
        nothing, gout = run(library, queries, judged, kind="word")
        assert (gout.id, gout.text, gout.kind, gout.hits, gout.safe) == (
            "1",
            "gout",
            "word",
            12,
            None,
        )
        assert (gout.rr_at_10, gout.recall_at_100) == (1 / 2, 1)
        assert gout.milliseconds > 0
        assert (nothing.id, nothing.hits, nothing.ndcg_at_10) == ("2", 0, 0)

    def test_nothing_to_average(self) -> None:
        with pytest.raises(EvaluationError):
            summarize([])

    def test_an_article_may_be_named_by_its_address(self, library: IndexSearcher) -> None:
        named = {"1": {"https://a.example/gout1": 1, "gout0": 2}}
        by_id = {"1": {"gout1": 1, "gout0": 2}}
        [ours], [theirs] = (run(library, {"1": "gout"}, judged) for judged in (named, by_id))
        assert ours.ndcg_at_10 == theirs.ndcg_at_10 == 1
        assert ours.recall_at_100 == 1

    def test_articles_of_one_address_count_once(self, open_index: OpenIndex) -> None:
        url = "https://a.example/gout"
        bodies = ("Gout in the toe.", "Gout, from uric acid.", "Gout and food.")
        twins = [Article(id=f"g{n}", url=url, title="", body=b) for n, b in enumerate(bodies)]
        [result] = run(open_index(twins), {"1": "gout"}, {"1": {url: 1}})
        assert (result.hits, result.ndcg_at_10, result.recall_at_100) == (3, 1, 1)

    def test_a_ranking_goes_a_hundred_deep(self, library: IndexSearcher) -> None:
        assert len(ranking(library, "gout")) == 12

    def test_a_query_of_any_length_is_run(self, library: IndexSearcher) -> None:
        assert "asthma" in ranking(library, "asthma " * 1000)
        assert ranking(library, "") == []


class TestSafety:
    @pytest.mark.parametrize(
        ("grades", "safe"),
        [
            ({"a": 2, "d": 1}, True),
            ({"c": 2, "d": 2}, True),
            ({"d": 2, "a": 1}, False),
            ({"x": 2}, False),
        ],
    )
    def test_is_the_best_article_among_the_first_three(
        self, grades: dict[str, int], safe: bool
    ) -> None:
        assert is_safe(["a", "b", "c", "d"], grades) is safe

    def test_nothing_found_is_not_safe(self) -> None:
        assert not is_safe([], {"a": 1})

    def test_its_share_is_of_the_queries_that_are_marked(self, library: IndexSearcher) -> None:
        marked = run(
            library,
            {"1": "gout", "2": "asthma"},
            {"1": {"gout9": 1}, "2": {"asthma": 1}},
            safety=True,
        )
        others = run(library, {"3": "gout"}, {"3": {"gout9": 1}})
        assert [each.safe for each in marked + others] == [False, True, None]
        assert summarize(marked + others).safety == 0.5


def result(number: int, ndcg: float, milliseconds: float = 1.0) -> Result:
    return Result(
        id=str(number),
        text="",
        kind="",
        ndcg_at_10=ndcg,
        rr_at_10=0,
        recall_at_100=0,
        hits=1,
        safe=None,
        milliseconds=milliseconds,
    )


def test_times_are_the_median_and_what_95_of_100_do_not_exceed() -> None:
    figures = summarize([result(n, 1, float(n)) for n in range(1, 101)])
    assert (figures.median_ms, figures.p95_ms) == (50.5, 95)


def test_the_lowest_queries_are_those_that_lack_something() -> None:
    results = [result(1, 0.5), result(2, 1.0), result(3, 0.0), result(4, 0.5)]
    assert [each.id for each in lowest(results, 2)] == ["3", "1"]
    assert [each.id for each in lowest(results, 9)] == ["3", "1", "4"]
    assert lowest(results, 0) == []
