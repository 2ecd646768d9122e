"""Searching in process as the site grows: the same queries on corpora of several sizes.

Run as ``python -m tests.bench scale [--sizes N,N,…] [--keep DIR] [--json FILE]``. How the corpora
are grown stands in ``tests/bench/corpora.py``, what the engines are given in
``tests/bench/engines``. An engine that takes long to index a size is left out of it unless it is
named. With ``--keep`` a next run finds the corpora and the indexes there.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from tests.bench import opening
from tests.bench.engines import OURS, TANTIVY, Peer
from tests.bench.figures import Figure, table
from tests.bench.plot import Points, log_log
from tests.bench.query import (
    Result,
    add_scratch,
    data_is_there,
    figures,
    measure,
    peers_of,
    report,
    scratch_of,
)
from tests.bench.race import ALL, Row, rows

SIZES = "16423,171000,1000000"
QUERIES = 250
FIRST_QUERY = "magnesium joint pain"


def _sizes(text: str) -> list[int]:
    return sorted({int(size) for size in text.split(",")})


def run(options: argparse.Namespace, peers: Sequence[Peer], folder: Path) -> Iterator[Result]:
    """Yield what came of each size."""
    for size in options.sizes:
        fit = [peer for peer in peers if options.engines or size <= peer.biggest]
        left_out = [peer.name for peer in peers if peer not in fit]
        print(f"\n{size:,} articles", f"(without {', '.join(left_out)})" * bool(left_out))
        result = measure(size, options.queries, folder, fit)
        print(report(result), flush=True)
        yield result


def whole(result: Result) -> dict[str, Row]:
    """Return every engine's figures over all kinds of queries."""
    return {row.engine: row for row in rows(result.runs, TANTIVY) if row.kind == ALL}


def shown(results: Sequence[Result], opened: Sequence[opening.Opening]) -> list[dict[str, Figure]]:
    """Return what grows with the site, as a table has it."""
    return [
        {
            "articles": result.articles,
            "ours ms": whole(result)[OURS].whole.median_ms,
            "cpu p99": whole(result)[OURS].cpu.p99_ms,
            "to tantivy": whole(result)[OURS].to_base,
            "cpu p99 to tantivy": whole(result)[OURS].late_to_base,
            "check ms": each.check_ms,
            "open ms": each.open_ms,
            "first answer ms": each.first_answer_ms,
            "index MB": result.built[0].megabytes,
        }
        for result, each in zip(results, opened, strict=True)
    ]


def points(results: Sequence[Result]) -> dict[str, Points]:
    """Return each engine's median by the number of articles."""
    found: dict[str, list[tuple[float, float]]] = {}
    for result in results:
        for name, row in whole(result).items():
            found.setdefault(name, []).append((result.articles, row.whole.median_ms))
    return dict(found)


def _written(results: Sequence[Result], opened: Sequence[opening.Opening]) -> list[dict[str, Any]]:
    return [
        {**figures(result), "opening": msgspec.to_builtins(each)}
        for result, each in zip(results, opened, strict=True)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; print its tables and the plot."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench scale", description=__doc__)
    add_scratch(parser)
    parser.add_argument("--sizes", type=_sizes, default=_sizes(SIZES), metavar="N,N")
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each kind")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        results = list(run(options, peers_of(options), folder))
        places = [folder / str(size) / OURS for size in options.sizes]
        opened = [opening.measure(place, FIRST_QUERY) for place in places]
    print("", table(shown(results, opened)), sep="\n")
    print("", log_log(points(results), "articles", "median ms, rank and ten snippets"), sep="\n")
    if options.json:
        written = json.dumps({"sizes": _written(results, opened)}, indent=2)
        options.json.write_text(written + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
