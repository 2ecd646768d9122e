"""Whole reindex jobs: articles a second, peak memory, and what a job costs in which 1% changed.

Run as ``python -m tests.bench reindex [--json FILE] [--copies N]``. Beside ours runs trafilatura
(fast) into tantivy, which is written in Rust, on the same pages, with one process and with one a
core. Memory is the sum over a job's processes of what each has for itself (PSS), looked at every
50 ms, which needs Linux's ``/proc``.
"""

import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec

from indexer.crew import cores
from tests.bench.places import ROOT, data_folder

COPIES = 6
LOOK_SECONDS = 0.05
SEED = 20260131
CHANGED_SHARE = 0.01

_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(rb"<link[^>]+rel=[\"']?canonical[^>]*>", re.IGNORECASE)
_ROBOTS = re.compile(rb"<meta[^>]+name=[\"']?robots[^>]*>", re.IGNORECASE)


class Run(msgspec.Struct, frozen=True):
    """The figures of one job."""

    job: str
    processes: int
    articles: int
    seconds: float
    peak_mb: float

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


def copy_pages(folder: Path, copies: int) -> int:
    """Write so many copies of every real page into ``folder``; return how many pages there are."""
    sources = [
        *(data_folder() / "womenshealth_gov" / "html").glob("*.gz"),
        *(data_folder() / "article_extraction" / "html").glob("*.gz"),
    ]
    for number, path in enumerate(sorted(sources)):
        page = _ROBOTS.sub(b"", _ADDRESS.sub(b"", gzip.decompress(path.read_bytes())))
        for copy in range(copies):
            # Its own address would make all copies one article.
            link = b"<link rel=canonical href=https://bench.example/%d/%d>" % (copy, number)
            content = _HEAD.sub(rb"\g<0>" + link, page, count=1)
            (folder / f"{copy}-{number}.html").write_bytes(content)
    return len(sources) * copies


def change_records(source: Path, target: Path) -> int:
    """Copy a file of records with a sentence added to 1% of them; return how many that are."""
    chance = random.Random(SEED)
    changed = 0
    with gzip.open(source, "rb") as lines, target.open("wb") as written:
        for line in lines:
            fields = json.loads(line)
            if chance.random() < CHANGED_SHARE:
                fields["text"] += " Ask your doctor."
                changed += 1
            written.write(json.dumps(fields).encode() + b"\n")
    return changed


def measure(command: Sequence[str]) -> tuple[float, float, str]:
    """Run a command; return its seconds, its peak memory in MB, and what it printed last."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        peaks = [0.0]
        watcher = threading.Thread(target=_watch, args=(process, peaks))
        watcher.start()
        out, _ = process.communicate()
        seconds = time.perf_counter() - began
        watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return seconds, max(peaks), out.strip().rpartition("\n")[2]


def _watch(process: "subprocess.Popen[str]", peaks: list[float]) -> None:
    while process.poll() is None:
        peaks.append(sum(_own_memory(each) for each in family(process.pid)) / 1024)
        time.sleep(LOOK_SECONDS)


def family(number: int) -> Iterator[int]:
    """Yield the numbers of a process and of all below it."""
    yield number
    for path in Path(f"/proc/{number}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def _own_memory(number: int) -> int:
    """Return the memory of a process in kB, its share of what it shares counted in."""
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def ours(source: Path, index: Path, processes: int, job: str) -> Run:
    """Run our reindex job."""
    command = [sys.executable, "-m", "indexer", "reindex", str(source), "--index", str(index)]
    seconds, peak, out = measure([*command, "--processes", str(processes), "--json"])
    report = json.loads(out)
    return Run(job, processes, report["articles"], seconds, peak)


def peer(source: Path, index: Path, processes: int, job: str) -> Run:
    """Run trafilatura and tantivy on the same pages."""
    module = [sys.executable, "-m", "tests.bench.pipeline", str(source), str(index)]
    seconds, peak, out = measure([*module, str(processes)])
    return Run(job, processes, int(out), seconds, peak)


def runs(scratch: Path, copies: int) -> Iterator[Run]:
    """Yield the figures of every job, one by one."""
    pages = scratch / "pages"
    pages.mkdir()
    copy_pages(pages, copies)
    records = data_folder() / "medquad" / "docs.jsonl.gz"
    changed = scratch / "changed.jsonl"
    change_records(records, changed)
    has_peers = all(find_spec(name) for name in ("tantivy", "trafilatura"))
    if not has_peers:
        print("tantivy and trafilatura are left out: pip install '.[bench]'")
    jobs: list[tuple[Callable[[Path, Path, int, str], Run], Path, str]] = [
        (ours, pages, "pages, ours"),
        (peer, pages, "pages, trafilatura and tantivy"),
        (ours, records, "records, ours"),
        (peer, records, "records, tantivy"),
    ]
    for processes in sorted({1, cores()}):
        for run, source, job in jobs:
            if run is peer and not has_peers:
                continue
            index = scratch / f"{run.__name__}-{source.name}-{processes}"
            yield run(source, index, processes, job)
        index = scratch / f"ours-{records.name}-{processes}"
        yield ours(records, index, processes, "records, ours, nothing changed")
        yield ours(changed, index, processes, "records, ours, 1% changed")


def table(found: Sequence[Run]) -> str:
    """Return the figures as a table, each beside its full job."""
    lines = [
        f"{'job':32} {'processes':>9} {'articles':>9} {'seconds':>8} {'a second':>9} {'peak MB':>8}"
    ]
    lines += [
        f"{r.job:32} {r.processes:>9} {r.articles:>9,} {r.seconds:>8.2f} {r.rate:>9,.0f} "
        f"{r.peak_mb:>8,.0f}"
        for r in found
    ]
    return "\n".join(lines)


def ratios(found: Sequence[Run]) -> dict[str, float]:
    """Return how the jobs compare, for each number of processes."""
    seconds = {(run.job, run.processes): run.seconds for run in found}
    compared = {
        "1% changed, share of the full job": ("records, ours, 1% changed", "records, ours"),
        "pages, ours to peer's time": ("pages, ours", "pages, trafilatura and tantivy"),
        "records, ours to peer's time": ("records, ours", "records, tantivy"),
    }
    return {
        f"{name} ({processes} processes)": round(seconds[a, processes] / seconds[b, processes], 3)
        for processes in sorted({run.processes for run in found})
        for name, (a, b) in compared.items()
        if (a, processes) in seconds and (b, processes) in seconds
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every job and print how it went."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench reindex", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--copies", type=int, default=COPIES, help=f"of every page ({COPIES})")
    options = parser.parse_args(arguments)
    if not (data_folder() / "medquad").is_dir():
        print(f"skipped: no data at {data_folder()}; set HEALTH_SEARCH_DATA")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        found = list(runs(Path(scratch), options.copies))
    print(table(found))
    for name, ratio in ratios(found).items():
        print(f"{name}: {ratio}")
    if options.json:
        figures = {"runs": msgspec.to_builtins(found), "ratios": ratios(found)}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
