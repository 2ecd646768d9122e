"""What another worker of the service costs in memory.

Run as ``python -m tests.bench memory [--json FILE]`` on Linux, with 1, 2 and 3 workers. Each
service gets the same queries over fresh connections until every worker has answered many. Memory
is what the kernel counts for all its processes: PSS, in which what they share (the index's pages,
mapped from files) is divided among them, and what each has for itself alone. The step from 1 to 2
adds the process that minds the workers too, the one from 2 to 3 is a worker and nothing else.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import msgspec

from indexer.crew import cores
from tests.bench import servers
from tests.bench.engines import OURS
from tests.bench.figures import Figure, table
from tests.bench.load import Order, run
from tests.bench.prepared import corpus_file, prepare_ours
from tests.bench.queries import draw, questions_file, read_questions
from tests.bench.query import add_scratch, data_is_there, scratch_of
from tests.bench.reindex import family
from tests.bench.serving import path_of

ARTICLES = 171_000
QUERIES = 250
WORKERS = (1, 2, 3)
CONNECTIONS = 16
BATCHES = 20
"""At most so many times all queries, each time over new connections."""

BUSY_SHARE = 0.5
"""Every worker must have used this share of a fair one of the processor's time."""

SECONDS = 60.0
COUNTED = ("PSS", "private", "anonymous")


class Row(msgspec.Struct, frozen=True):
    """The memory of a service, in MB.

    Attributes:
        pss: all of it.
        private: what no other process shares.
        anonymous: what no file holds, whoever shares it.
        own: what each worker shares with no other process.
    """

    workers: int
    answers: int
    pss: float
    private: float
    anonymous: float
    own: list[float]


def measure(index: Path, workers: int, paths: Sequence[str]) -> Row:
    """Serve the queries with so many workers, then look at their memory."""
    with servers.ours(index, *servers.QUIET, "--workers", str(workers)) as server:
        answers = _ask_all(server, workers, paths)
        found = {pid: rollup(pid) for pid in family(server.pid)}
    total = {what: round(sum(each[what] for each in found.values()), 1) for what in COUNTED}
    largest = sorted((each["private"] for each in found.values()), reverse=True)
    return Row(
        workers,
        answers,
        total["PSS"],
        total["private"],
        total["anonymous"],
        [round(each, 1) for each in largest[:workers]],
    )


def _ask_all(server: servers.Server, workers: int, paths: Sequence[str]) -> int:
    """Ask until every worker has answered many; return how many answers there were."""
    answers = 0
    before = _busy(server.pid)
    for batch in range(BATCHES):
        order = Order(server.port, paths, SECONDS, CONNECTIONS, limit=len(paths))
        answers += len(run(order).latencies)
        spent = sorted((now - before.get(pid, 0) for pid, now in _busy(server.pid).items()))
        least, fair = spent[-workers], sum(spent[-workers:]) / workers
        if batch >= workers and least >= BUSY_SHARE * fair:
            break
    else:
        print(f"warning: of {workers} workers one did little")
    return answers


def _busy(pid: int) -> dict[int, int]:
    """Return the processor's ticks that each process of a family has used."""
    return dict(_ticks(pid))


def _ticks(pid: int) -> Iterator[tuple[int, int]]:
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        yield each, int(fields[11]) + int(fields[12])


def rollup(pid: int) -> Mapping[str, float]:
    """Return what the kernel counts for a process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name.rstrip(":"): int(value) for name, value, *_ in map(str.split, lines)}
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    counted = kilobytes["Pss"], private, kilobytes["Anonymous"]
    return {what: value / 1024 for what, value in zip(COUNTED, counted, strict=True)}


def shown(rows: Sequence[Row]) -> list[dict[str, Figure]]:
    """Return the figures as a table has them."""
    return [
        {
            "workers": row.workers,
            "answers": row.answers,
            "PSS MB": row.pss,
            "private MB": row.private,
            "anonymous MB": row.anonymous,
            "of each worker": " ".join(f"{own:,.0f}" for own in row.own),
        }
        for row in rows
    ]


def steps(rows: Sequence[Row]) -> dict[str, float]:
    """Return what each further worker added, in MB of PSS."""
    return {
        f"from {a.workers} to {b.workers}": round((b.pss - a.pss) / (b.workers - a.workers), 1)
        for a, b in pairwise(rows)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench memory", description=__doc__)
    add_scratch(parser)
    parser.add_argument("--articles", type=int, default=ARTICLES, metavar="N")
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each kind")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    if not os.access("/proc/self/smaps_rollup", os.R_OK):
        print("skipped: there is no /proc/self/smaps_rollup")
        return 0
    drawn = draw(read_questions(questions_file()), options.queries)
    paths = [path_of(text) for texts in drawn.values() for text in texts]
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        index = folder / str(options.articles) / OURS
        built = prepare_ours(corpus_file(options.articles, folder), index, cores())
        rows = [measure(index, workers, paths) for workers in WORKERS]
    print(f"{built.articles:,} articles", table(shown(rows)), sep="\n")
    for step, megabytes in steps(rows).items():
        print(f"another worker, {step}: {megabytes} MB")
    if options.json:
        written = {"rows": msgspec.to_builtins(rows), "mb_per_extra_worker": steps(rows)}
        options.json.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
