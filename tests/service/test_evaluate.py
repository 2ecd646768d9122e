"""``health-search evaluate``: what it prints of one ranking, and of two."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.index.generation import Generation
from service.cli import main
from service.search.measuring.evaluation import Result, measure
from service.search.measuring.judgements import JudgedQuery
from service.search.options import Options
from service.search.tuning import DEFAULT, PLAIN, Tuning
from tests.indexer.builders import publish

Evaluate = Callable[..., int]
Capture = pytest.CaptureFixture[str]


def library(*bodies: str) -> list[Article]:
    return [
        Article(id=f"a{n}", url=f"https://a.example/{n}", title="", body=body, language="en")
        for n, body in enumerate(bodies)
    ]


@pytest.fixture
def evaluate(tmp_path: Path) -> Evaluate:
    """Runs the command with two judged queries on an index of three articles."""
    publish(tmp_path / "index", *library("gout", "gout and more and more", "asthma"))
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "1", "text": "gout", "safety": true}\n{"_id": "2", "text": "wheeze\\u001b[1m"}\n'
    )
    (tmp_path / "qrels.tsv").write_text("1\thttps://a.example/0\t2\n2\ta2\t1\n")

    def run(*arguments: object) -> int:
        files = ["--queries", tmp_path / "queries.jsonl", "--qrels", tmp_path / "qrels.tsv"]
        command = ["evaluate", "--index", tmp_path / "index", *files, *arguments]
        return main([str(each) for each in command])

    return run


def rows(capsys: Capture) -> dict[str, list[str]]:
    lines = (line.split() for line in capsys.readouterr().out.splitlines())
    return {first: rest for first, *rest in filter(None, lines)}


def test_one_ranking(evaluate: Evaluate, capsys: Capture) -> None:
    assert evaluate() == 0
    table = rows(capsys)
    assert table["queries"] == ["2"]
    assert table["nDCG@10"] == table["RR@10"] == table["zero_hits"] == ["0.5"]
    assert table["safety"] == ["1.0"]
    assert float(table["median_ms"][0]) > 0
    assert float(table["p95_ms"][0]) >= float(table["median_ms"][0])
    assert "lowest" not in table


def test_the_lowest_queries_cannot_drive_the_terminal(evaluate: Evaluate, capsys: Capture) -> None:
    assert evaluate("--worst", 5) == 0
    assert capsys.readouterr().out.endswith("by nDCG@10:\n  0.000  wheeze [1m\n")


def test_two_rankings(evaluate: Evaluate, capsys: Capture) -> None:
    assert evaluate("--ranking", "plain+titles", "--against", "plain") == 0
    out = capsys.readouterr().out
    assert "Of the queries 0.0% are better, 0.0% worse, 100.0% the same." in out
    assert "p = 1.0000" in out


def test_the_rankings_that_are_named_are_the_ones_that_are_measured(
    evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[Path, Tuning]] = []

    def note(
        generation: Generation, judged: Sequence[JudgedQuery], options: Options
    ) -> tuple[Result, ...]:
        asked.append((generation.folder.parents[1], options.tuning))
        return measure(generation, judged, options)

    monkeypatch.setattr("service.cli.measure", note)
    here, there = tmp_path / "index", tmp_path / "other"
    publish(there, *library("gout"))
    assert evaluate() == 0
    assert evaluate("--ranking", "default-titles", "--against", "plain+titles") == 0
    assert evaluate("--ranking", "plain", "--against", there) == 0
    assert asked == [
        (here, DEFAULT),
        (here, replace(DEFAULT, titles=False)),
        (here, replace(PLAIN, titles=True)),
        (here, PLAIN),
        (there, PLAIN),
    ]


def test_two_indexes(evaluate: Evaluate, capsys: Capture, tmp_path: Path) -> None:
    publish(tmp_path / "other", *library("gout", "more", "wheeze"))
    assert evaluate("--against", tmp_path / "other") == 0
    out = capsys.readouterr().out
    assert "nDCG@10         0.5      1.0     -0.5\n" in out
    assert "Of the queries 0.0% are better, 50.0% worse, 50.0% the same." in out
    assert out.endswith("by nDCG@10:\n  1.000 -> 0.000  wheeze [1m\n")


def test_json_has_the_figures_first_and_the_rest_beside_them(
    evaluate: Evaluate, capsys: Capture, tmp_path: Path
) -> None:
    assert evaluate("--json") == 0
    alone = json.loads(capsys.readouterr().out)
    assert alone["nDCG@10"] == 0.5
    assert "against" not in alone
    publish(tmp_path / "other", *library("gout", "more", "wheeze"))
    assert evaluate("--json", "--against", tmp_path / "other") == 0
    both = json.loads(capsys.readouterr().out)
    assert (both["nDCG@10"], both["against"]["nDCG@10"]) == (0.5, 1)
    assert both["comparison"]["worse"] == 0.5
    assert [each["id"] for each in both["fell"]] == ["2"]


def test_a_ranking_is_taken_before_a_folder_of_its_name(
    evaluate: Evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path)
    assert evaluate("--against", "plain") == 0
    assert evaluate("--against", "./plain") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--ranking", "best"], "'best' names no ranking"),
        (["--ranking", ""], "'' names no ranking"),
        (["--against", "best"], "Nor is it the folder of an index."),
    ],
)
def test_what_names_no_ranking(
    evaluate: Evaluate, capsys: Capture, arguments: list[str], message: str
) -> None:
    assert evaluate(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("health-search: ")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("number", ["-1", "x", "1.5"])
def test_a_bad_number_of_queries(evaluate: Evaluate, number: str) -> None:
    with pytest.raises(SystemExit):
        evaluate("--worst", number)
