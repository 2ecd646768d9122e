"""What a machine needs for so many articles: disk, memory, and how fast it answers.

Run as ``python -m tests.bench sizing [--articles N …] [--json FILE]`` on Linux. The sample articles
of ``corpus/`` are measured always; with the development data also MedQuAD's articles and a corpus
grown from them, each in a service of one worker.

- "job MB" is the most that all processes of the job that builds the index took, one a core.
- "idle MB" is the service before its first query, "busy MB" after many: what no file holds. The
  kernel keeps "mapped MB" of the index in memory beside it as long as there is room.
- "answers a core" is how many new queries (nothing is kept) are answered in a second of a core's
  time, "one ms" the median time of an answer when nobody else asks: both in the best of some
  rounds, since other work on the machine only ever makes them worse.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from indexer.crew import cores
from indexer.index.generations import GenerationStore
from tests.bench import servers
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
ROUNDS = 5
SECONDS = 2.0
CONNECTIONS = 16

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
    idle_mb: float
    busy_mb: float
    mapped_mb: float
    core_rate: float
    single_ms: float
    errors: int


class Round(msgspec.Struct, frozen=True):
    """What a round of asking gave."""

    core_rate: float
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


def measure(source: Path, index: Path, paths: Sequence[str], rounds: int) -> Row:
    """Build an index of a source in ``index``, serve it, and ask for the paths in rounds."""
    job = build(source, index)
    generation = GenerationStore(index).live().folder
    disk = sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())
    with servers.ours(index, *servers.QUIET, *servers.cache(0)) as server:
        idle = rollup(server.pid)
        asked = [ask(server, paths) for _ in range(rounds)]
        busy = rollup(server.pid)
    return Row(
        articles=job.articles,
        disk_mb=round(disk / 1e6, 1),
        job_seconds=job.seconds,
        job_mb=job.peak_mb,
        idle_mb=round(idle["anonymous"]),
        busy_mb=round(busy["anonymous"]),
        mapped_mb=round(busy["PSS"] - busy["anonymous"]),
        core_rate=round(max(each.core_rate for each in asked)),
        single_ms=round(min(each.single_ms for each in asked), 2),
        errors=sum(each.errors for each in asked),
    )


def ask(server: servers.Server, paths: Sequence[str]) -> Round:
    """Ask over one connection, then over many."""
    single = run(Order(server.port, paths, SECONDS, 1))
    before = core_seconds(server.pid)
    many = run(Order(server.port, paths, SECONDS, CONNECTIONS))
    spent = core_seconds(server.pid) - before
    median = spread(single.latencies).median_ms
    return Round(len(many.latencies) / spent, median, single.errors + many.errors)


def core_seconds(pid: int) -> float:
    """Return how long a process has worked on all cores together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def shown(row: Row) -> dict[str, Figure]:
    """Return the figures as a table has them."""
    return {
        "articles": row.articles,
        "disk MB": row.disk_mb,
        "a 1,000": round(row.disk_mb * 1000 / row.articles, 1),
        "job s": row.job_seconds,
        "job MB": row.job_mb,
        "idle MB": row.idle_mb,
        "busy MB": row.busy_mb,
        "mapped MB": row.mapped_mb,
        "answers a core": row.core_rate,
        "one ms": row.single_ms,
        "errors": row.errors,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench sizing", description=__doc__)
    add_scratch(parser)
    parser.add_argument("--articles", type=int, nargs="*", default=ARTICLES, metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="of asking")
    options = parser.parse_args(arguments)
    if not os.access("/proc/self/smaps_rollup", os.R_OK):
        print("skipped: there is no /proc/self/smaps_rollup")
        return 0
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        place = folder / "sample" / OURS
        sample = [path_of(text) for text in SAMPLE_QUERIES]
        rows = [measure(ROOT / "corpus", place, sample, options.rounds)]
        if data_is_there():
            drawn = draw(read_questions(questions_file()), QUERIES)
            paths = [path_of(text) for texts in drawn.values() for text in texts]
            for count in options.articles:
                place = folder / f"sizing-{count}" / OURS
                rows.append(measure(corpus_file(count, folder), place, paths, options.rounds))
    print(f"{cores()} cores", table([shown(row) for row in rows]), sep="\n")
    if options.json:
        options.json.write_bytes(msgspec.json.encode(rows) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
