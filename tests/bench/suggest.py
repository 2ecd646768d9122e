"""Suggestions in process: how long they take, and how many letters they save.

Run as ``python -m tests.bench suggest [--titles N] [--index DIR] [--json FILE]``. MedQuAD's
articles. Somebody types a title's subject ("heart attack", of "What is (are) Heart Attack ?")
letter by letter until the title is among the eight suggestions, and the questions of HealthSearchQA
to their end. Every text is asked for once; a few others before, so that the process is warm. Times
are of the processor.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Protocol

from indexer.crew import cores
from indexer.index.columns.titles import subject_at
from indexer.index.generations import GenerationStore
from service.search.engine import open_searcher
from service.search.suggestion import MAX_TYPED_CHARS, SuggestRequest, SuggestResponse
from service.search.typed import worded
from tests.bench.corpora import medquad, texts
from tests.bench.figures import Figure, percentile, table
from tests.bench.prepared import corpus_file, prepare_ours
from tests.bench.queries import questions_file, read_questions

SEED = 20261123
ARTICLES = 16_423
WANTED, QUESTIONS = 400, 100
SHOWN = 8
GROUPS = (1, 2, 3, 4, 7, 13, 101)
"""Texts of so many letters up to the next are shown in a row."""


class Searcher(Protocol):
    """What suggests."""

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete a text."""
        ...


class Clock:
    """Asks for suggestions, and keeps how long each took, by the number of letters."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.seconds: list[tuple[int, float]] = []

    def ask(self, text: str) -> SuggestResponse:
        request = SuggestRequest(text, SHOWN)
        began = time.thread_time()
        answer = self._searcher.suggest(request)
        self.seconds.append((len(text), time.thread_time() - began))
        return answer

    def rows(self, name: str) -> Iterator[dict[str, Figure]]:
        """Yield the median and the 99th percentile by the number of letters."""
        yield _row(name, "all", [seconds for _, seconds in self.seconds])
        for low, high in pairwise(GROUPS):
            held = [seconds for letters, seconds in self.seconds if low <= letters < high]
            if held:
                letters = str(low) if high == low + 1 else f"{low} to {high - 1}"
                yield _row(name, letters, held)


def _row(name: str, letters: str, seconds: Sequence[float]) -> dict[str, Figure]:
    return {
        "typed": name,
        "letters": letters,
        "texts": len(seconds),
        "median ms": round(median(seconds) * 1000, 3),
        "p99 ms": round(percentile(seconds, 0.99) * 1000, 3),
    }


def beginnings(text: str) -> Iterator[str]:
    """Yield a text as it grows while it is typed."""
    for end in range(1, min(len(text), MAX_TYPED_CHARS) + 1):
        if text[end - 1] != " ":
            yield text[:end]


def subject(title: str) -> str:
    """Return what somebody types who wants the article of this title."""
    words = worded(title)
    at = subject_at(words.terms)
    return words.part(at, len(words.words) - 1).text.lower()


def letters_needed(clock: Clock, titles: Iterable[str]) -> Iterator[tuple[int | None, int]]:
    """Yield, by title, after how many letters it is suggested (None: never), and of how many."""
    for title in titles:
        wanted, typed = worded(title).sense, subject(title)
        needed = None
        for text in beginnings(typed):
            if any(worded(each.text).sense == wanted for each in clock.ask(text).suggestions):
                needed = len(text)
                break
        yield needed, len(typed)


def saved(needed: Sequence[tuple[int | None, int]]) -> dict[str, Figure]:
    """Return what suggestions save those who type."""
    found = [(letters, all_) for letters, all_ in needed if letters is not None]
    return {
        "titles": len(needed),
        "found": len(found),
        "letters typed, median": median(letters for letters, _ in found),
        "of": median(all_ for _, all_ in found),
        "saved": round(mean(1 - letters / all_ for letters, all_ in found), 3),
    }


def measure(searcher: Searcher, titles: Sequence[str]) -> tuple[list[dict[str, Figure]], ...]:
    """Return how long suggestions take, and what they save."""
    chance = random.Random(SEED)
    questions = chance.sample(read_questions(questions_file()), QUESTIONS)
    drawn = chance.sample([title for title in titles if worded(title).words], WANTED)
    for text in ("warm", "warmm up", "what is warmth", "qwxz"):
        searcher.suggest(SuggestRequest(text))
    typed, asked = Clock(searcher), Clock(searcher)
    needed = list(letters_needed(typed, drawn))
    for question in questions:
        for text in beginnings(question):
            asked.ask(text)
    return [*typed.rows("titles"), *asked.rows("questions")], [saved(needed)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench suggest", description=__doc__)
    parser.add_argument("--index", type=Path, help="of MedQuAD; else one is built")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    options = parser.parse_args(arguments)
    if not (medquad().exists() and questions_file().exists()):
        print("The development data are not there; see tests/bench/places.py.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        if options.index is None:
            prepare_ours(corpus_file(ARTICLES, Path(folder)), index, cores())
        with closing(open_searcher(GenerationStore(index).current())) as searcher:
            figures = measure(searcher, [text.title for text in texts(medquad())])
    print(*map(table, figures), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
