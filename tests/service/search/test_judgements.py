"""The files of judged queries are BEIR's."""

from pathlib import Path

import pytest

from indexer.errors import EvaluationError
from service.search.measuring.judgements import (
    SHOWN_CHARS,
    Query,
    judged_queries,
    read_judged,
    read_judgements,
    read_queries,
    shown,
)


def texts(path: Path) -> dict[str, str]:
    return {name: query.text for name, query in read_queries(path).items()}


class TestQueriesFile:
    def test_is_json_lines(self, tmp_path: Path) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text('{"_id": "1", "text": "gout", "metadata": {}}\n{"_id":"2","text":"a"}')
        assert texts(path) == {"1": "gout", "2": "a"}

    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_may_have_blank_lines_and_a_byte_order_mark(self, tmp_path: Path, ending: str) -> None:
        path = tmp_path / "queries.jsonl"
        lines = ["\ufeff", '{"_id": "1", "text": "gout"}', "", "  ", ""]
        path.write_text(ending.join(lines), encoding="utf-8", newline="")
        assert texts(path) == {"1": "gout"}

    @pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"])
    def test_line_separators_of_unicode_do_not_end_a_line(
        self, tmp_path: Path, separator: str
    ) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text(f'{{"_id": "1", "text": "a{separator}b"}}\n', encoding="utf-8")
        assert texts(path) == {"1": f"a{separator}b"}

    def test_kind_and_safety_may_be_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text(
            '{"_id": "1", "text": "a"}\n{"_id": "2", "text": "b", "kind": "drug", "safety": true}'
        )
        assert list(read_queries(path).values()) == [
            Query("1", "a"),
            Query("2", "b", "drug", safety=True),
        ]

    def test_an_id_stands_there_once(self, tmp_path: Path) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_text('{"_id": "1", "text": "a"}\n{"_id": "1", "text": "b"}\n')
        with pytest.raises(
            EvaluationError, match=r"queries\.jsonl:2: the id '1' stands there twice"
        ):
            read_queries(path)

    @pytest.mark.parametrize(
        "line",
        [
            "gout",
            "{",
            '{"_id": 1, "text": "a"}',
            '{"text": "a"}',
            "[]",
            "null",
            '{"_id": "2", "text": "a", "safety": "yes"}',
        ],
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


class TestBothFiles:
    def test_queries_with_a_relevant_article_in_their_order(self) -> None:
        queries = {name: Query(name, name) for name in "cab"}
        judgements = {"a": {"x": 1, "y": 0}, "b": {"x": 0}, "c": {"y": 2}, "d": {"x": 1}}
        found = judged_queries(queries, judgements)
        assert [each.query.id for each in found] == ["c", "a"]
        assert found[1].grades == {"x": 1, "y": 0}

    def test_that_do_not_belong_together_are_refused(self, tmp_path: Path) -> None:
        queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
        queries.write_text('{"_id": "1", "text": "gout"}\n')
        qrels.write_text("2\tgout\t1\n1\tgout\t0\n")
        with pytest.raises(EvaluationError, match="their ids differ"):
            read_judged(queries, qrels)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("gout", "gout"),
        (" a\n\tb ", "a b"),
        ("a\x1b[31mb", "a [31mb"),
        ("x" * SHOWN_CHARS, "x" * SHOWN_CHARS),
        ("x" * 500, "x" * (SHOWN_CHARS - 1) + "…"),
    ],
)
def test_a_text_is_shown_on_one_short_line(text: str, line: str) -> None:
    assert shown(text) == line
