"""Each benchmark still runs; their figures are nobody's test."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

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
    command = [sys.executable, "-m", f"tests.bench.{name}", *arguments]
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
    assert "f1" in done.stdout
    assert (tmp_path / "out.json").exists()


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
