"""The figures agree with ir-measures, and the files are BEIR's."""

import random
from collections.abc import Mapping
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from indexer.article import Article
from indexer.errors import EvaluationError
from service.search.engine import IndexSearcher
from service.search.evaluation import (
    evaluate,
    ndcg,
    ranking,
    read_judgements,
    read_queries,
    recall,
    reciprocal_rank,
)
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
        figures = evaluate(library, queries, judged)
        assert figures.queries == 3
        assert figures.rr_at_10 == round((1 / 2 + 1 + 0) / 3, 4)
        assert figures.ndcg_at_10 == round((0.6309297 + 1 + 0) / 3, 4)
        assert figures.recall_at_100 == round(2 / 3, 4)
        assert figures.zero_hits == round(1 / 3, 4)

    def test_refuses_files_that_do_not_belong_together(self, library: IndexSearcher) -> None:
        with pytest.raises(EvaluationError):
            evaluate(library, {"1": "gout"}, {"2": {"gout1": 1}})
        with pytest.raises(EvaluationError):
            evaluate(library, {}, {})

    def test_a_ranking_goes_a_hundred_deep(self, library: IndexSearcher) -> None:
        assert len(ranking(library, "gout")) == 12

    def test_a_query_of_any_length_is_run(self, library: IndexSearcher) -> None:
        assert "asthma" in ranking(library, "asthma " * 1000)
        assert ranking(library, "") == []


class TestQueriesFile:
    def test_is_json_lines(self, tmp_path: Path) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text('{"_id": "1", "text": "gout", "metadata": {}}\n{"_id":"2","text":"a"}')
        assert read_queries(path) == {"1": "gout", "2": "a"}

    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_may_have_blank_lines_and_a_byte_order_mark(self, tmp_path: Path, ending: str) -> None:
        path = tmp_path / "queries.jsonl"
        lines = ["\ufeff", '{"_id": "1", "text": "gout"}', "", "  ", ""]
        path.write_text(ending.join(lines), encoding="utf-8", newline="")
        assert read_queries(path) == {"1": "gout"}

    @pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"])
    def test_line_separators_of_unicode_do_not_end_a_line(
        self, tmp_path: Path, separator: str
    ) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text(f'{{"_id": "1", "text": "a{separator}b"}}\n', encoding="utf-8")
        assert read_queries(path) == {"1": f"a{separator}b"}

    @pytest.mark.parametrize(
        "line", ["gout", "{", '{"_id": 1, "text": "a"}', '{"text": "a"}', "[]", "null"]
    )
    def test_a_bad_line_is_named_with_its_number(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text(f'{{"_id": "1", "text": "gout"}}\n\n{line}\n')
        with pytest.raises(EvaluationError, match=r"queries\.jsonl:3: "):
            read_queries(path)

    def test_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "latin").write_bytes(b'{"_id": "1", "text": "d\xe9"}')
        for name in ("missing", "latin", "."):
            with pytest.raises(EvaluationError, match=r"cannot be read"):
                read_queries(tmp_path / name)


class TestJudgementsFile:
    def test_is_three_columns_under_a_header(self, tmp_path: Path) -> None:
        path = tmp_path / "test.tsv"
        path.write_text("query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n\n2\ta\t-1\n")
        assert read_judgements(path) == {"1": {"a": 2, "b": 0}, "2": {"a": -1}}

    def test_needs_no_header(self, tmp_path: Path) -> None:
        path = tmp_path / "test.tsv"
        path.write_text("1\ta\t2\r\n")
        assert read_judgements(path) == {"1": {"a": 2}}

    def test_quotes_are_part_of_a_name(self, tmp_path: Path) -> None:
        path = tmp_path / "test.tsv"
        path.write_text('"1\ta "b"\t2\n2"\tc\t1\n')
        assert read_judgements(path) == {'"1': {'a "b"': 2}, '2"': {"c": 1}}

    @pytest.mark.parametrize(
        "line", ["1 a 2", "1\ta", "1\ta\t2\t3", "1\ta\tgood", "1\ta\t1.5", "x"]
    )
    def test_a_bad_line_is_named_with_its_number(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "test.tsv"
        path.write_text(f"query-id\tcorpus-id\tscore\n\n1\ta\t2\n{line}\n")
        with pytest.raises(EvaluationError, match=r"test\.tsv:4: "):
            read_judgements(path)

    def test_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(EvaluationError, match="cannot be read"):
            read_judgements(tmp_path / "missing")
