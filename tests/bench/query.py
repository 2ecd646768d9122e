"""Searching in process: ranking and ten snippets, ours beside other engines.

Run as ``python -m tests.bench query [--json FILE]``. MedQuAD's articles; HealthSearchQA's
questions, and searches of one to three words drawn from them. What each engine is given and does
stands in ``tests/bench/engines``. Times are milliseconds of one thread; ``x`` is the median as a
multiple of tantivy's on the same queries. A slow engine is asked one query of ten.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import msgspec

from indexer.crew import cores
from service.search.tuning import PLAIN
from tests.bench import indexing
from tests.bench.corpora import medquad
from tests.bench.engines import (
    OURS,
    OURS_PLAIN,
    TANTIVY,
    WHOOSH,
    Engine,
    Peer,
    available,
    open_ours,
)
from tests.bench.figures import Figure, ratio, table
from tests.bench.prepared import Built, corpus_file, prepare_ours, prepare_peer
from tests.bench.queries import Queries, draw, questions_file, read_questions
from tests.bench.race import ALL, Run, overlaps, race, rows, shown

QUERIES = 500
ARTICLES = 16_423
LEAST_OVERLAP = 0.2
WARM_UP_SEED = 7


class Result(msgspec.Struct, frozen=True):
    """What came of asking all engines about one corpus."""

    articles: int
    built: list[Built]
    runs: list[Run]


def measure(
    count: int, queries: int, folder: Path, peers: Sequence[Peer], chosen: Queries | None = None
) -> Result:
    """Build what is not there yet below ``folder``, and race all engines."""
    corpus = corpus_file(count, folder)
    place = folder / str(count)
    built = [prepare_ours(corpus, place / OURS, cores())]
    built += [prepare_peer(peer, corpus, place) for peer in peers if not peer.variant_of]
    questions = read_questions(questions_file())
    asked = chosen or draw(questions, queries)
    known = {text for texts in asked.values() for text in texts}
    spare = [text for texts in draw(questions, queries, WARM_UP_SEED).values() for text in texts]
    with ExitStack() as stack:
        engines: dict[str, Engine] = {}
        for peer in peers:
            engines[peer.name] = stack.enter_context(closing(peer.open(peer.folder(place))))
        engines[OURS_PLAIN] = stack.enter_context(closing(open_ours(place / OURS, PLAIN)))
        engines[OURS] = stack.enter_context(closing(open_ours(place / OURS)))
        slow = {peer.name for peer in peers if peer.is_slow}
        runs = race(engines, slow, asked, [text for text in spare if text not in known])
    return Result(built[0].articles, built, runs)


def ratio_to_tantivy(result: Result) -> float | None:
    """Return the median of ours over all queries as a multiple of tantivy's."""
    found = rows(result.runs, TANTIVY)
    return next(row.to_base for row in found if row.engine == OURS and row.kind == ALL)


def sizes(built: Sequence[Built]) -> list[dict[str, Figure]]:
    """Return what the indexes take on disk, as a table has it."""
    stock = next((each.megabytes for each in built if each.engine == WHOOSH), 0.0)
    return [
        {
            "index": each.engine,
            "articles": each.articles,
            "MB": each.megabytes,
            "x stock Whoosh": ratio(each.megabytes, stock),
        }
        for each in built
    ]


def report(result: Result) -> str:
    """Return the tables of one corpus."""
    common = overlaps(result.runs, OURS)
    lines = [
        table(shown(rows(result.runs, TANTIVY))),
        "",
        table(sizes(result.built)),
        "",
        f"share of our ten hits that others have too: {json.dumps(common)}",
    ]
    lines += [
        f"warning: {name} hardly finds what ours does"
        for name, share in common.items()
        if share < LEAST_OVERLAP
    ]
    return "\n".join(lines)


def figures(result: Result) -> dict[str, Any]:
    """Return the figures of one corpus as JSON has them."""
    return {
        "articles": result.articles,
        "ratio_to_tantivy": ratio_to_tantivy(result),
        "rows": msgspec.to_builtins(rows(result.runs, TANTIVY)),
        "overlap": overlaps(result.runs, OURS),
        "sizes": sizes(result.built),
    }


def data_is_there() -> bool:
    """Return whether articles and questions are there; say so if not."""
    for path in (medquad(), questions_file()):
        if not path.exists():
            print(f"skipped: there is no {path}; set HEALTH_SEARCH_DATA")
            return False
    return True


def add_scratch(parser: argparse.ArgumentParser) -> None:
    """Give a benchmark the flags about its indexes and its answer."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes for a next run")
    parser.add_argument("--engines", default="", metavar="NAMES", help="peers, commas between")


def scratch_of(options: argparse.Namespace, stack: ExitStack) -> Path:
    """Return the folder for indexes: the one to keep, or one that goes with ``stack``."""
    if options.keep:
        return Path(options.keep)
    return Path(stack.enter_context(tempfile.TemporaryDirectory()))


def peers_of(options: argparse.Namespace) -> list[Peer]:
    """Return the peers asked for that are installed; say why others are left out."""
    names = tuple(name for name in options.engines.split(",") if name)
    peers, missing = available(names)
    print(*missing, sep="\n", end="\n" if missing else "")
    return peers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench query", description=__doc__)
    add_scratch(parser)
    parser.add_argument("--articles", type=int, default=ARTICLES, metavar="N")
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each kind")
    parser.add_argument("--indexing", type=int, default=1, metavar="ROUNDS", help="0 leaves it out")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    peers = peers_of(options)
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        result = measure(options.articles, options.queries, folder, peers)
        print(report(result))
        rates = []
        if options.indexing:
            rates = indexing.measure(corpus_file(options.articles, folder), options.indexing)
            print("", table(indexing.shown(rates)), sep="\n")
    print(f"\nours to tantivy: {ratio_to_tantivy(result)}")
    if options.json:
        written = {**figures(result), "indexing": indexing.shown(rates)}
        options.json.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
