"""How well and how fast extraction finds the article, beside other extractors in the same run.

Run as ``python -m tests.bench extraction [--json FILE] [--worst N] [--diff ID]``. The score is that
of Scrapinghub's article extraction benchmark: shingles of four tokens, counted, compared per page.
"""

import argparse
import gc
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from indexer.errors import PageError
from indexer.extraction import extract_page
from indexer.sources.page import Page
from tests.bench.peers import Extractor, available
from tests.bench.places import data_folder

SHINGLE = 4
OURS = "ours"
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


def score(
    pages: dict[str, tuple[Page, str]], extractors: dict[str, Callable[[Page], str]]
) -> dict[str, list[Score]]:
    """Return each extractor's score on every page.

    They take turns page by page, so that other work on the machine slows all of them alike.
    """
    found: dict[str, list[tuple[str, float]]] = {extractor: [] for extractor in extractors}
    for page, _ in pages.values():
        for extractor, extract in extractors.items():
            started = time.process_time()
            body = extract(page)
            found[extractor].append((body, (time.process_time() - started) * 1000))
    return {
        extractor: [
            Score(name, *compare(expected, body), elapsed)
            for (name, (_, expected)), (body, elapsed) in zip(pages.items(), rows, strict=True)
        ]
        for extractor, rows in found.items()
    }


def summary(scores: list[Score], ours: list[Score]) -> dict[str, float]:
    """Return the means over the pages, and the time as a multiple of ours."""
    fields = ("f1", "precision", "recall", "ms")
    means = {field: statistics.fmean(getattr(each, field) for each in scores) for field in fields}
    rounded = {field: round(mean, 4) for field, mean in means.items()}
    our_ms = statistics.fmean(each.ms for each in ours)
    return {"pages": len(scores), **rounded, "ratio": round(means["ms"] / our_ms, 2)}


def table(summaries: dict[str, dict[str, float]]) -> str:
    """Return the summaries as lines."""
    rows = [f"{'':24} {'f1':>7} {'precision':>10} {'recall':>7} {'ms/page':>8} {'x ours':>7}"]
    rows += [
        f"{name:24} {row['f1']:7.4f} {row['precision']:10.4f} {row['recall']:7.4f}"
        f" {row['ms']:8.2f} {row['ratio']:7.2f}"
        for name, row in summaries.items()
    ]
    return "\n".join(rows)


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
                print(sign, line[:200])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; with ``--json`` write them, page by page, to a file."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench extraction", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list our N worst pages")
    parser.add_argument("--diff", default="", metavar="ID", help="show what we get wrong on a page")
    options = parser.parse_args(arguments)
    folder = data_folder() / "article_extraction"
    if not folder.is_dir():
        print(f"skipped: no pages at {folder}; set HEALTH_SEARCH_DATA")
        return 0
    pages = load(folder)
    for name, (page, expected) in pages.items():
        if options.diff and name.startswith(options.diff):
            show_difference(page, expected)
    peers, missing = available()
    extractors = {OURS: body_of, **{name: _of_page(peer) for name, peer in peers.items()}}
    # The first page pays for imports, data files and caches.
    score(dict(list(pages.items())[:1]), extractors)
    gc.freeze()  # nobody's turn is spent on looking through the pages and the programs of all
    scores = score(pages, extractors)
    summaries = {name: summary(rows, scores[OURS]) for name, rows in scores.items()}
    print(f"{len(pages)} pages", table(summaries), *missing, sep="\n")
    for each in sorted(scores[OURS], key=lambda s: s.f1)[: options.worst]:
        figures = f"{each.f1:.3f} {each.precision:.3f} {each.recall:.3f}"
        print(each.name[:8], figures, pages[each.name][0].url)
    if options.json:
        written = {"summary": summaries, "pages": msgspec.to_builtins(scores)}
        options.json.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    return 0


def _of_page(extract: Extractor) -> Callable[[Page], str]:
    return lambda page: extract(page.content)


if __name__ == "__main__":
    sys.exit(main())
