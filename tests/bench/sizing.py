"""What a machine needs for so many articles: disk, memory, and how fast it answers.

Run as ``python -m tests.bench sizing [--articles N …] [--json FILE]`` on Linux. The sample articles
of ``corpus/`` are measured always; with the development data also MedQuAD's articles and a corpus
grown from them, each in a service of one worker.

- "job MB" is the most that all processes of the job that builds the index took, one a core.
- "idle MB" is the service before its first query, "busy MB" after many: what no file holds. The
  kernel keeps "mapped MB" of the index in memory beside it as long as there is room.
- "answers/s" are for queries that the service has not answered before (nothing is kept), "median
  ms" is the time of one when 16 connections ask at once. "one ms" is for a single connection.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from indexer.crew import cores
from indexer.index.generations import GenerationStore
from tests.bench import opening, servers
from tests.bench.engines import OURS
from tests.bench.figures import Figure, spread, table
from tests.bench.load import Order, run
from tests.bench.memory import rollup
from tests.bench.places import ROOT
from tests.bench.prepared import corpus_file
from tests.bench.queries import draw, questions_file, read_questions
from tests.bench.query import add_scratch, data_is_there, scratch_of
from tests.bench.reindex import measure as measured_job
from tests.bench.serving import path_of

ARTICLES = (16_423, 171_000)
QUERIES = 250
SECONDS = 5.0
CONNECTIONS = 16
QUERY = "magnesium joint pain"

SAMPLE_QUERIES = ("gout", "blood pressure", "back pain", "dolor de espalda", "asthma children")
"""For the sample articles, where no development data is."""


class Job(msgspec.Struct, frozen=True):
    """What building an index took; kept beside it for the next run."""

    articles: int
    seconds: float
    peak_mb: float


class Row(msgspec.Struct, frozen=True):
    """What so many articles need."""

    articles: int
    disk_mb: float
    job_seconds: float
    job_mb: float
    opening_ms: float
    idle_mb: float
    busy_mb: float
    mapped_mb: float
    rate: float
    median_ms: float
    single_ms: float
    errors: int


def build(source: Path, index: Path) -> Job:
    """Build an index of a source, unless that has been done."""
    note = index.with_name("job.json")
    if note.exists():
        return msgspec.json.decode(note.read_bytes(), type=Job)
    command = [sys.executable, "-m", "indexer", "reindex", str(source), "--index", str(index)]
    seconds, peak, out = measured_job([*command, "--json"])
    job = Job(int(json.loads(out)["articles"]), round(seconds, 1), round(peak))
    note.write_bytes(msgspec.json.encode(job))
    return job


def measure(source: Path, index: Path, paths: Sequence[str]) -> Row:
    """Build an index of a source in ``index``, serve it, and ask for the paths."""
    job = build(source, index)
    opened = opening.measure(index, QUERY)
    generation = GenerationStore(index).live().folder
    disk = sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())
    with servers.ours(index, *servers.QUIET, *servers.cache(0)) as server:
        idle = rollup(server.pid)
        single = run(Order(server.port, paths, SECONDS, 1))
        many = run(Order(server.port, paths, SECONDS, CONNECTIONS))
        busy = rollup(server.pid)
    return Row(
        articles=job.articles,
        disk_mb=round(disk / 1e6, 1),
        job_seconds=job.seconds,
        job_mb=job.peak_mb,
        opening_ms=round(opened.check_ms + opened.open_ms, 1),
        idle_mb=round(idle["anonymous"]),
        busy_mb=round(busy["anonymous"]),
        mapped_mb=round(busy["PSS"] - busy["anonymous"]),
        rate=round(many.rate),
        median_ms=round(spread(many.latencies).median_ms, 2),
        single_ms=round(spread(single.latencies).median_ms, 2),
        errors=single.errors + many.errors,
    )


def shown(row: Row) -> dict[str, Figure]:
    """Return the figures as a table has them."""
    return {
        "articles": row.articles,
        "disk MB": row.disk_mb,
        "a 1,000": round(row.disk_mb * 1000 / row.articles, 1),
        "job s": row.job_seconds,
        "job MB": row.job_mb,
        "opening ms": row.opening_ms,
        "idle MB": row.idle_mb,
        "busy MB": row.busy_mb,
        "mapped MB": row.mapped_mb,
        "answers/s": row.rate,
        "median ms": row.median_ms,
        "one ms": row.single_ms,
        "errors": row.errors,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench sizing", description=__doc__)
    add_scratch(parser)
    parser.add_argument("--articles", type=int, nargs="*", default=ARTICLES, metavar="N")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        place = folder / "sample" / OURS
        rows = [measure(ROOT / "corpus", place, [path_of(text) for text in SAMPLE_QUERIES])]
        if data_is_there():
            drawn = draw(read_questions(questions_file()), QUERIES)
            paths = [path_of(text) for texts in drawn.values() for text in texts]
            for count in options.articles:
                place = folder / f"sizing-{count}" / OURS
                rows.append(measure(corpus_file(count, folder), place, paths))
    print(f"{cores()} cores", table([shown(row) for row in rows]), sep="\n")
    if options.json:
        options.json.write_bytes(msgspec.json.encode(rows) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
