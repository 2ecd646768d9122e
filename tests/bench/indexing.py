"""How fast an index is written: ours beside stock Whoosh's, and whole jobs of ours.

Each run is a process of its own: ``python -m tests.bench.indexing ENGINE CORPUS FOLDER`` prints
articles, seconds and the processor's seconds. For both engines the clock runs from articles in
memory to a committed index, in one process; what a job adds to that is in the whole jobs.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from indexer.article import Article
from indexer.extraction import article_from_record
from indexer.index.writer import ArticleWriter
from indexer.sources.page import Record
from tests.bench import reindex
from tests.bench.corpora import Text, texts
from tests.bench.engines import OURS, WHOOSH, available, over_whoosh
from tests.bench.figures import Figure, ratio
from tests.bench.places import ROOT

ROUNDS = 2
PROCESSES = (1, 2)


class Timed(NamedTuple):
    """One round."""

    articles: int
    seconds: float
    cpu_seconds: float


class Rate(msgspec.Struct, frozen=True):
    """How fast something went: the medians of the rounds.

    Attributes:
        cpu_seconds: the processor's time of all processes, which other programs hardly stretch.
    """

    what: str
    articles: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Articles a second."""
        return round(self.articles / self.seconds, 1)


def measure(corpus: Path, rounds: int = ROUNDS) -> list[Rate]:
    """Return the rates of stock Whoosh, our writer, and our jobs with one and two processes."""
    found: dict[str, list[Timed]] = {}
    for _ in range(rounds):
        for engine in (WHOOSH, OURS):
            if engine == OURS or available((WHOOSH,))[0]:
                name = f"{engine}, add and commit"
                found.setdefault(name, []).append(_in_a_process(engine, corpus))
        for processes in PROCESSES:
            name = f"{OURS}, whole job, {processes} process" + "es" * (processes > 1)
            found.setdefault(name, []).append(_job(corpus, processes))
    return [
        Rate(
            name,
            each[0].articles,
            round(statistics.median(timed.seconds for timed in each), 3),
            round(statistics.median(timed.cpu_seconds for timed in each), 3),
        )
        for name, each in found.items()
    ]


def shown(rates: Sequence[Rate]) -> list[dict[str, Figure]]:
    """Return the rates as a table has them, as multiples of stock Whoosh's."""
    base = next((rate for rate in rates if rate.what.startswith(WHOOSH)), None)
    return [
        {
            "indexing": rate.what,
            "articles": rate.articles,
            "seconds": rate.seconds,
            "a second": rate.rate,
            "x stock Whoosh": ratio(rate.rate, base.rate) if base else None,
            "cpu s": rate.cpu_seconds,
            "cpu x": ratio(base.cpu_seconds, rate.cpu_seconds) if base else None,
        }
        for rate in rates
    ]


def _in_a_process(engine: str, corpus: Path) -> Timed:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", __name__, engine, str(corpus), scratch]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Timed(*json.loads(done.stdout))


def _job(corpus: Path, processes: int) -> Timed:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as scratch:
        run = reindex.ours(corpus, Path(scratch) / "index", processes, "")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(run.articles, run.seconds, cpu)


def _write_ours(articles: Sequence[Article], folder: Path) -> None:
    with ArticleWriter(folder) as writer:
        for article in articles:
            writer.add(article)


def _article(text: Text) -> Article:
    fields = {"id": text.id, "url": text.url, "title": text.title, "text": text.body}
    return article_from_record(Record(location=text.id, fields=fields))


def main(arguments: Sequence[str]) -> int:
    """Build one index and print what it took."""
    engine, corpus, folder = arguments[0], Path(arguments[1]), Path(arguments[2])
    given = list(texts(corpus))
    articles = [_article(text) for text in given] if engine == OURS else []
    cpu_began, began = time.process_time(), time.perf_counter()
    if engine == OURS:
        _write_ours(articles, folder)
    else:
        over_whoosh.build(given, folder)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    print(json.dumps([len(given), seconds, cpu_seconds]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
