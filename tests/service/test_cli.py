import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from service.cli import main
from service.settings import TABLE


def test_help_shows_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["serve", "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert all(setting.flag in text and setting.variable in text for setting in TABLE)


def test_no_command_and_an_unknown_flag() -> None:
    for arguments in ([], ["serve", "--nope"]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 2


def test_a_bad_setting_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "http"]) == 2
    error = capsys.readouterr().err
    assert error == (
        "health-search: --port: expected a whole number from 0 to 65535, not 'http'.\n"
    )


def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    assert re.fullmatch(
        r"health-search: Cannot listen on .*in use.*--port\.\n", capsys.readouterr().err
    )


@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_until_told_to_stop(
    tmp_path: Path, workers: str, stop_signal: signal.Signals
) -> None:
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--workers", workers]
    server = subprocess.Popen(
        [*command, "--index", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HEALTH_SEARCH_POLL_SECONDS": "0.1"},
    )
    try:
        assert server.stdout
        line = server.stdout.readline()
        address = line.removeprefix("Listening on ").strip()
        answer = httpx2.get(f"{address}/readyz?q=melanoma", timeout=30)
        assert answer.status_code == 503
        assert str(tmp_path) in answer.json()["detail"]
        assert "server" not in answer.headers
        server.send_signal(stop_signal)
        output, log = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert (server.returncode, output) == (0, "")
    assert all(line.startswith('{"time":') for line in log.splitlines()), log
    assert '"route":"/readyz"' in log
    assert "melanoma" not in log
    assert not re.search(r"127\.0\.0\.1:\d+ -", log)


def test_suggest_completes_what_is_typed(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["suggest", "heart", "att", "--index", str(corpus_index)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Heart attack  title  https://")
    command = ["suggest", "sue", "--language", "es", "--json", "--index", str(corpus_index)]
    assert main(command) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["suggestions"][0] == {
        "text": "Sueño",
        "kind": "topic",
        "highlight": "Sue<mark>ño</mark>",
    }
    assert main(["suggest", "x", "--limit", "0", "--index", str(corpus_index)]) == 2
    assert capsys.readouterr().err == "health-search: limit: Expected `int` >= 1.\n"


def query(capsys: pytest.CaptureFixture[str], index: Path, *arguments: str) -> str:
    assert main(["query", "--index", str(index), *arguments]) == 0
    return capsys.readouterr().out


def test_query_says_what_it_searched(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = query(capsys, corpus_index, "heart atack")
    assert text.startswith("Showing results for heart attack, not for heart atack\n")
    assert "\nAlso searched for heart attack: myocardial infarction\n" in text
    assert "\n1. Heart attack\n" in text
    text = query(capsys, corpus_index, "heart atack", "--no-expand")
    assert text.startswith("Did you mean heart attack?\n")
    assert "Also searched" not in text


def test_query_shows_related_articles_apart(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = query(capsys, corpus_index, "tophi", "--per-page", "3")
    matching, related = text.split("Related articles\n")
    assert matching.startswith("1. Gout")
    assert related.count("\n+  ") + related.startswith("+  ") == 2
    assert text.splitlines()[-1].startswith("1 article, 1 to 1 shown")


def test_query_takes_the_filters_of_the_api(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filters = ("--audience", "patient", "--reviewed-after", "2020-01-01", "--reading-level-max")
    answer = json.loads(query(capsys, corpus_index, "diabetes", *filters, "9.5", "--json"))
    assert answer["hits"]
    for hit in answer["hits"]:
        assert "Patient" in hit["audience"]
        assert hit["last_reviewed"] >= "2020-01-01"
        assert hit["reading_grade"] <= 9.5
    facets = ("--facets", "audience", "--facets", "publisher")
    answer = json.loads(query(capsys, corpus_index, "diabetes", *facets, "--json"))
    assert list(answer["facets"]) == ["audience", "publisher"]
    (publisher, *_) = (each["value"] for each in answer["facets"]["publisher"])
    counted = ", ".join(f"{each['value']} {each['count']}" for each in answer["facets"]["audience"])
    text = query(capsys, corpus_index, "diabetes", *facets)
    assert f"\nAudience: {counted}\nPublisher: {publisher} " in text
    answer = json.loads(
        query(capsys, corpus_index, "diabetes", "--publisher", publisher.upper(), "--json")
    )
    assert {hit["publisher"] for hit in answer["hits"]} == {publisher}
    text = query(capsys, corpus_index, "diabetes", "--audience", "patient")
    assert "For: Patient" in text
    for wrong in (("--reviewed-after", "soon"), ("--reading-level-max", "easy")):
        assert main(["query", "gout", "--index", str(corpus_index), *wrong]) == 2
    assert capsys.readouterr().err.count("health-search: re") == 2


def test_query_goes_on_behind_a_cursor(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = json.loads(query(capsys, corpus_index, "pain", "--per-page", "3", "--json"))
    more = ("--cursor", first["next_cursor"], "--per-page", "3", "--json")
    second = json.loads(query(capsys, corpus_index, "pain", *more))
    page = json.loads(
        query(capsys, corpus_index, "pain", "--page", "2", "--per-page", "3", "--json")
    )
    assert second["hits"] == page["hits"]
    assert main(["query", "gout", "--index", str(corpus_index), *more]) == 2
    assert "another search" in capsys.readouterr().err


def test_query_says_what_may_be_out_of_date(
    corpus_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = json.loads(query(capsys, corpus_index, "the a", "--per-page", "100", "--json"))
    text = " ".join(query(capsys, corpus_index, "the a", "--per-page", "100").split())
    assert text.count("May be out of date") == sum(hit["outdated"] for hit in answer["hits"])


def test_query_explains_scores(corpus_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(query(capsys, corpus_index, "gout", "--explain", "--json"))
    text = query(capsys, corpus_index, "gout", "--explain")
    for hit in answer["hits"]:
        assert f"{hit['score']:9.4f}  score\n" in text
        for part in hit["explanation"]:
            assert f"{part['value']:+9.4f}  {part['what']}: {part['detail']}" in text
    assert "  score\n" not in query(capsys, corpus_index, "gout")


def test_query_takes_the_sites_own_names(
    corpus_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("qqq\tgout\n", encoding="utf-8")
    text = query(capsys, corpus_index, "qqq", "--lexicon", str(names))
    assert text.startswith("Also searched for qqq: gout\n")
    names.write_text("qqq\n", encoding="utf-8")
    assert main(["query", "qqq", "--index", str(corpus_index), "--lexicon", str(names)]) == 2
    assert capsys.readouterr().err.startswith(f"health-search: {names}:1: expected two terms")


def test_lexicon_checks_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("# ours\nqqq\tgout\nfirst\t>\tsecond\n", encoding="utf-8")
    assert main(["lexicon", str(names)]) == 0
    assert capsys.readouterr().out == "2 groups of names\n"
    names.write_text("qqq\tgout\nalone\n", encoding="utf-8")
    assert main(["lexicon", str(names)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"health-search: {names}:2: expected two terms")
    assert main(["lexicon", str(tmp_path / "none.tsv")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
