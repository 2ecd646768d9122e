"""How well extraction finds the article, on pages whose article people marked.

Run as ``python -m tests.bench.extraction [--json FILE] [--worst N] [--diff ID]``. The score is that
of Scrapinghub's article extraction benchmark: shingles of four tokens, counted, compared per page.
"""

import argparse
import gzip
import json
import os
import re
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec

from indexer.errors import PageError
from indexer.extraction import extract_page
from indexer.sources.page import Page

ROOT = Path(__file__).resolve().parents[2]
SHINGLE = 4
_TOKEN = re.compile(r"\w+")
# Archived copies say noindex for the archive's sake; what robots may do is not scored here.
_ROBOTS = re.compile(rb"<meta[^>]*name=[\"']robots[\"'][^>]*>", re.IGNORECASE)


class Score(msgspec.Struct, frozen=True):
    """The figures of one page."""

    name: str
    f1: float
    precision: float
    recall: float
    ms: float


def data_folder() -> Path:
    """Return the folder of development data, which need not exist."""
    return Path(os.environ.get("HEALTH_SEARCH_DATA", ROOT.parent / "shared" / "data"))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four tokens; a shorter text is one run."""
    tokens = _TOKEN.findall(text)
    ends = range(SHINGLE, len(tokens) + 1)
    runs = [tuple(tokens[end - SHINGLE : end]) for end in ends]
    return Counter(runs or ([tuple(tokens)] if tokens else []))


def compare(expected: str, actual: str) -> tuple[float, float, float]:
    """Return F1, precision and recall of ``actual`` against ``expected``."""
    wanted, got = shingles(expected), shingles(actual)
    common = (wanted & got).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / got.total(), common / wanted.total()
    return 2 * precision * recall / (precision + recall), precision, recall


def body_of(page: Page) -> str:
    """Return the body that extraction finds, or nothing."""
    try:
        return extract_page(page).body
    except PageError:
        return ""


def load(folder: Path) -> dict[str, tuple[Page, str]]:
    """Return the pages by name, each with the body that people marked."""
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    return {
        name: (
            Page(
                location=name,
                url=entry["url"],
                content=_ROBOTS.sub(b"", _read(folder / "html" / f"{name}.html.gz")),
            ),
            entry["articleBody"],
        )
        for name, entry in truth.items()
    }


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def score(name: str, page: Page, expected: str) -> Score:
    """Extract one page and compare."""
    started = time.process_time()
    body = body_of(page)
    elapsed = (time.process_time() - started) * 1000
    f1, precision, recall = compare(expected, body)
    return Score(name, f1, precision, recall, elapsed)


def summary(scores: list[Score]) -> dict[str, float]:
    """Return the means over the pages."""
    fields = ("f1", "precision", "recall", "ms")
    means = {field: statistics.fmean(getattr(each, field) for each in scores) for field in fields}
    return {"pages": len(scores), **{field: round(mean, 4) for field, mean in means.items()}}


def show_difference(page: Page, expected: str) -> None:
    """Print the lines that only one of the two bodies has."""
    body = body_of(page)
    wanted, got = (
        {" ".join(_TOKEN.findall(line)) for line in t.split("\n")} for t in (expected, body)
    )
    everything = " ".join(_TOKEN.findall(body)), " ".join(_TOKEN.findall(expected))
    for sign, lines, other in (
        ("-", wanted - got, everything[0]),
        ("+", got - wanted, everything[1]),
    ):
        for line in sorted(lines):
            if line and line not in other:
                sys.stdout.write(f"{sign} {line[:200]}\n")


def main() -> int:
    """Print the figures; with ``--json`` write them, page by page, to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--worst", type=int, default=0, help="list the N worst pages")
    parser.add_argument("--diff", default="", help="show what page ID has too much or too little")
    options = parser.parse_args()
    folder = data_folder() / "article_extraction"
    if not folder.is_dir():
        sys.stdout.write(f"skipped: no pages at {folder}; set HEALTH_SEARCH_DATA\n")
        return 0
    pages = load(folder)
    for name, (page, expected) in pages.items():
        if options.diff and name.startswith(options.diff):
            show_difference(page, expected)
    scores = [score(name, page, expected) for name, (page, expected) in pages.items()]
    sys.stdout.write(json.dumps(summary(scores)) + "\n")
    for each in sorted(scores, key=lambda s: s.f1)[: options.worst]:
        url = pages[each.name][0].url
        sys.stdout.write(
            f"{each.name[:8]} {each.f1:.3f} {each.precision:.3f} {each.recall:.3f} {url}\n"
        )
    if options.json:
        figures = {"summary": summary(scores), "pages": msgspec.to_builtins(scores)}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
