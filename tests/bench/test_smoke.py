"""Each benchmark still runs; their figures are nobody's test."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import peers
from tests.bench.__main__ import BENCHMARKS

ROOT = Path(__file__).parents[2]
PAGE = (
    "<html><body><nav><a href='/'>Home</a></nav><article><h1>Gout</h1>"
    "<p>Gout is a kind of arthritis that comes in sudden, painful attacks, often at night.</p>"
    "<p>It is treated with medicines that calm the attack and others that prevent the next.</p>"
    "</article></body></html>"
)
ARTICLE = (
    "Gout is a kind of arthritis that comes in sudden, painful attacks, often at night.\n"
    "It is treated with medicines that calm the attack and others that prevent the next."
)


def bench(
    data: Path, *arguments: str, name: str = "extraction"
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HEALTH_SEARCH_DATA": str(data)}
    command = [sys.executable, "-m", "tests.bench", name, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_extraction_prints_its_figures(tmp_path: Path) -> None:
    folder = tmp_path / "article_extraction"
    (folder / "html").mkdir(parents=True)
    (folder / "html" / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    truth = {"a": {"articleBody": ARTICLE, "url": "https://clinic.example/gout"}}
    (folder / "ground-truth.json").write_text(json.dumps(truth), encoding="utf-8")
    done = bench(tmp_path, "--json", str(tmp_path / "out.json"))
    assert done.returncode == 0, done.stderr
    rows = [line.rsplit(maxsplit=5) for line in done.stdout.split("\n")]
    assert ["ours", "1.0000", "1.0000", "1.0000"] in [row[:4] for row in rows]
    assert "Beautiful Soup get_text" in done.stdout
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written["summary"]["ours"]["ratio"] == 1
    assert [page["name"] for page in written["pages"]["ours"]] == ["a"]


def test_a_peer_that_is_not_installed_is_left_out_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    found, missing = peers.available()
    assert "Beautiful Soup get_text" in found
    assert [reason for reason in missing if reason.startswith("trafilatura is left out: ")]


def test_every_benchmark_is_run_by_its_name(tmp_path: Path) -> None:
    assert bench(tmp_path, name="unheard-of").returncode == 2
    for name in BENCHMARKS:
        done = bench(tmp_path, name=name)
        assert done.returncode == 0, done.stderr
        assert "skipped" in done.stdout


def test_extraction_says_that_its_data_is_not_there(tmp_path: Path) -> None:
    done = bench(tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout + done.stderr


def test_ranking_prints_both_engines(tmp_path: Path) -> None:
    folder = tmp_path / "nfcorpus"
    folder.mkdir()
    article = {"_id": "a", "title": "Gout", "text": ARTICLE}
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(json.dumps(article).encode()))
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "gout"}\n', encoding="utf-8")
    (folder / "qrels.dev.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n", encoding="utf-8")
    done = bench(tmp_path, name="ranking")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"nDCG@10": 1.0') == 2
    assert "skipped" in done.stdout


def one_article(folder: Path) -> tuple[str, ...]:
    """Write data of one article and one question; return the options that take it."""
    (folder / "medquad").mkdir()
    (folder / "queries").mkdir()
    article = {"id": "a", "title": "What is (are) Gout ?", "text": ARTICLE}
    lines = gzip.compress(json.dumps(article).encode())
    (folder / "medquad" / "docs.jsonl.gz").write_bytes(lines)
    question = '{"text": "Is gout painful?"}\n'
    (folder / "queries" / "healthsearchqa.jsonl").write_text(question, encoding="utf-8")
    corpus = folder / "kept" / "16423.jsonl.gz"  # else the one article is made a thousand
    corpus.parent.mkdir()
    corpus.write_bytes(lines)
    return "--keep", str(folder / "kept"), "--json", str(folder / "out.json")


def test_suggest_prints_times_and_letters(tmp_path: Path) -> None:
    done = bench(tmp_path, *one_article(tmp_path), name="suggest")
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "out.json").read_text("utf-8"))
    (saved,) = figures["saved"]
    assert (saved["found"], saved["letters typed, median"], saved["of"]) == (1, 1, 4)
    assert {row["typed"] for row in figures["times"]} == {"titles", "questions"}


def test_finishing_prints_what_is_found_for_beginnings(tmp_path: Path) -> None:
    done = bench(tmp_path, *one_article(tmp_path), name="finishing")
    assert done.returncode == 0, done.stderr
    titles = json.loads((tmp_path / "out.json").read_text("utf-8"))["titles"]
    assert [row["letters of the last word"] for row in titles] == ["1", "2", "3", "all"]
    assert [row["plain"] for row in titles] == [0, 0, 0, 1]
    assert [row["finish"] for row in titles] == [0, 0, 1, 1]


def test_reindex_prints_every_job(tmp_path: Path) -> None:
    pages = tmp_path / "womenshealth_gov" / "html"
    pages.mkdir(parents=True)
    (pages / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "medquad").mkdir()
    records = ({"id": f"r{n}", "title": "Gout", "text": f"Attack number {n}."} for n in range(300))
    lines = "\n".join(json.dumps(record) for record in records)
    (tmp_path / "medquad" / "docs.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    out = tmp_path / "out.json"
    done = bench(tmp_path, "--copies", "2", "--json", str(out), name="reindex")
    assert done.returncode == 0, done.stderr
    runs = json.loads(out.read_text("utf-8"))["runs"]
    articles = {run["job"]: run["articles"] for run in runs}
    assert articles["pages, ours"] == 2
    assert articles["records, ours"] == articles["records, ours, 1% changed"] == 300
    assert "1% changed, share of the full job" in done.stdout


def test_sizing_measures_the_sample_articles_where_there_is_no_data(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = bench(tmp_path, "--rounds", "1", "--json", str(out), name="sizing")
    assert done.returncode == 0, done.stderr
    if "no /proc" in done.stdout:
        pytest.skip("not on Linux: sizes were not measured")
    assert "set HEALTH_SEARCH_DATA" in done.stdout
    (row,) = json.loads(out.read_text("utf-8"))
    assert (row["articles"], row["errors"]) == (92, 0)
    assert min(row["disk_mb"], row["idle_mb"], row["busy_mb"], row["core_rate"]) > 0
