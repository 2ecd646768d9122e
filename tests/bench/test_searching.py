"""The benchmarks of searching still run; their figures are nobody's test."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.corpora import grow, texts, write_corpus
from tests.bench.engines import OURS, OURS_PLAIN, PEERS, WHOOSH, available
from tests.bench.figures import percentile, spread, table
from tests.bench.plot import log_log
from tests.bench.queries import content_words, draw, zipf_stream

ROOT = Path(__file__).parents[2]
ARTICLES = 12
SIZES = (ARTICLES, 30)
ONLY = ("--engines", WHOOSH)
"""Whoosh is always there; other engines are a benchmark's business."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "medquad").mkdir()
    (folder / "queries").mkdir()
    subjects = [f"condition {chr(ord('a') + number) * 3}" for number in range(ARTICLES)]
    articles = [
        {
            "id": f"r{number}",
            "url": f"https://clinic.example/{number}",
            "focus": subject,
            "title": f"What are the symptoms of {subject} ?",
            "text": f"Pain is a symptom of {subject}.  \n\n  It often passes. Ask your doctor "
            f"about {subject} number {number}.",
        }
        for number, subject in enumerate(subjects)
    ]
    lines = "\n".join(map(json.dumps, articles))
    (folder / "medquad" / "docs.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    questions = [
        {"id": f"q{n}", "text": f"Is {each} pain serious?"} for n, each in enumerate(subjects)
    ]
    (folder / "queries" / "healthsearchqa.jsonl").write_text(
        "\n".join(map(json.dumps, questions)), "utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for indexes that all benchmarks may use."""
    return tmp_path_factory.mktemp("kept")


def bench(data: Path, kept: Path, name: str, *arguments: str) -> tuple[str, dict[str, Any]]:
    """Run a benchmark; return what it printed and wrote."""
    out = kept / f"{name}.json"
    command = [sys.executable, "-m", "tests.bench", name, "--json", str(out), "--keep", str(kept)]
    done = subprocess.run(
        [*command, "--queries", "4", *arguments],
        cwd=ROOT,
        env={**os.environ, "HEALTH_SEARCH_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(out.read_text("utf-8"))


def test_query_measures_every_engine(data: Path, kept: Path) -> None:
    shown, written = bench(data, kept, "query", "--articles", str(ARTICLES), *ONLY)
    assert "tantivy is left out" in shown
    assert written["ratio_to_tantivy"] is None
    assert {row["engine"] for row in written["rows"]} == {OURS, OURS_PLAIN, WHOOSH}
    assert {row["kind"] for row in written["rows"]} >= {"questions", "one word", "all"}
    assert written["overlap"][WHOOSH] > 0
    assert [row["index"] for row in written["sizes"]] == [OURS, WHOOSH]
    assert all(row["articles"] == ARTICLES for row in written["indexing"])


def test_scale_grows_the_corpus(data: Path, kept: Path) -> None:
    sizes = ",".join(map(str, SIZES))
    shown, written = bench(data, kept, "scale", "--sizes", sizes, *ONLY)
    assert [each["articles"] for each in written["sizes"]] == list(SIZES)
    assert all(each["opening"]["first_answer_ms"] > 0 for each in written["sizes"])
    assert "both logarithmic" in shown


def test_http_loads_every_service(data: Path, kept: Path) -> None:
    arguments = ("--articles", str(ARTICLES), "--rounds", "1", "--seconds", "0.2")
    _, written = bench(data, kept, "http", *arguments, *ONLY)
    services = [(row["what"], row["service"]) for row in written["rows"]]
    assert ("cold", WHOOSH) in services
    assert ("repeated", "bare route") in services
    assert all(row["rate"] > 0 and not row["errors"] for row in written["rows"])


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux's /proc")
def test_memory_counts_every_worker(data: Path, kept: Path) -> None:
    _, written = bench(data, kept, "memory", "--articles", str(ARTICLES))
    assert [len(row["own"]) for row in written["rows"]] == [1, 2, 3]
    assert set(written["mb_per_extra_worker"]) == {"from 1 to 2", "from 2 to 3"}


def test_a_corpus_is_the_beginning_of_a_larger_one(data: Path, tmp_path: Path) -> None:
    source = data / "medquad" / "docs.jsonl.gz"
    small, large = (list(grow(source, size)) for size in (20, 40))
    assert large[:20] == small
    assert large[:ARTICLES] == list(texts(source))
    assert len({each.body for each in large}) == len({each.id for each in large}) == 40
    assert list(texts(write_corpus(source, 20, tmp_path / "20.jsonl.gz"))) == small


def test_queries_are_drawn_the_same_every_time() -> None:
    questions = ["What causes knee pain after running?", "Is gout a serious disease?"]
    drawn = draw(questions, 2)
    assert drawn == draw(questions, 2)
    assert sorted(drawn["questions"]) == sorted(questions)
    for kind, length in (("one word", 1), ("two words", 2), ("three words", 3)):
        assert all(len(text.split()) == length for text in drawn[kind])
    assert content_words("What is gout?") == ["gout"]
    assert content_words("Who is it?") == ["who", "is", "it"]
    stream = zipf_stream(["a", "b", "c", "d"], 1000)
    counts = sorted((stream.count(text) for text in "abcd"), reverse=True)
    assert counts[0] > 1.5 * counts[1]


@pytest.mark.parametrize("peer", available()[0], ids=lambda peer: peer.name)
def test_every_engine_finds_and_marks(peer: Any, data: Path, tmp_path: Path) -> None:
    place = peer.folder(tmp_path)
    place.mkdir()
    peer.build(texts(data / "medquad" / "docs.jsonl.gz"), place)
    engine = peer.open(place)
    hits = engine.search("the symptoms of condition ccc")
    engine.close()
    best = hits.found[0]
    assert (best.id, best.url) == ("r2", "https://clinic.example/2")
    assert re.search(r"<b[ >]", best.snippet)
    assert hits.total in (None, ARTICLES)


def test_a_peer_that_is_not_installed_is_left_out() -> None:
    found, missing = available(("nothing",))
    assert not found
    assert len(missing) == len(PEERS)


def test_figures_are_what_they_say() -> None:
    assert percentile([3, 1, 2], 0.99) == 3
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert spread([0.001, 0.002, 0.009]).median_ms == 2
    assert table([{"a": "x", "n": 12_345}]) == "a       n\nx  12,345"


def test_a_plot_puts_the_marks_in_their_places() -> None:
    drawn = log_log({"first": [(1, 1), (100, 100)], "second": [(10, 10), (1, 100)]}, "n", "ms")
    rows = drawn.split("\n")
    assert rows[1].endswith("o")
    assert rows[1].startswith("100 |*")
    assert rows[-3].strip() == "1 |o"
