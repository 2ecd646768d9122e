"""How long an index takes from opening to its first answer, in a new process.

Run as ``python -m tests.bench.opening INDEX QUERY``; prints seconds as JSON: checking the files of
the generation, opening it, and the first answer. Imports come before, and the files have just been
written or read, so they come from memory and not from the disk.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from indexer.index.generations import GenerationStore
from service.search.engine import open_searcher
from service.search.request import SearchRequest
from tests.bench.places import ROOT

ROUNDS = 5


class Opening(msgspec.Struct, frozen=True):
    """Milliseconds, each the median of some processes."""

    check_ms: float
    open_ms: float
    first_answer_ms: float


def measure(index: Path, query: str) -> Opening:
    """Open an index in several processes, one after another."""
    command = [sys.executable, "-m", __name__, str(index), query]
    outs = [
        subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
        for _ in range(ROUNDS)
    ]
    each = zip(*(json.loads(out) for out in outs), strict=True)
    return Opening(*(round(statistics.median(found) * 1000, 2) for found in each))


def main(arguments: Sequence[str]) -> int:
    """Open the index once."""
    store = GenerationStore(Path(arguments[0]))
    began = time.perf_counter()
    generation = store.current()
    checked = time.perf_counter()
    searcher = open_searcher(generation)
    opened = time.perf_counter()
    searcher.search(SearchRequest(q=arguments[1]))
    answered = time.perf_counter()
    searcher.close()
    print(json.dumps([checked - began, opened - checked, answered - opened]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
