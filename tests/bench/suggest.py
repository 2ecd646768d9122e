"""Suggestions in process: how long they take, and how many letters they save.

Run as ``python -m tests.bench suggest [--titles N] [--questions N] [--json FILE]``. MedQuAD's
articles. Somebody types a title's subject ("heart attack", of "What is (are) Heart Attack ?")
letter by letter until the title is among the eight suggestions, and the questions of HealthSearchQA
to their end. A few others are asked for before, so that the process is warm. Times are of the
processor.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Protocol

from indexer.crew import cores
from indexer.index.columns.titles import subject_at
from indexer.index.generations import GenerationStore
from service.search.engine import IndexSearcher, open_searcher
from service.search.suggest.suggestion import MAX_TYPED_CHARS, SuggestRequest, SuggestResponse
from service.search.suggest.typed import worded
from tests.bench.corpora import medquad, texts
from tests.bench.engines import OURS
from tests.bench.figures import Figure, percentile, table
from tests.bench.prepared import corpus_file, prepare_ours
from tests.bench.queries import questions_file, read_questions
from tests.bench.query import data_is_there, scratch_of

SEED = 20261123
ARTICLES = 16_423
TITLES, QUESTIONS = 400, 100
SHOWN = 8
WARMING = ("warm", "warmm up", "what is wärmth", "qwxz")
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


def measure(
    searcher: Searcher, titles: Sequence[str], questions: Sequence[str]
) -> tuple[list[dict[str, Figure]], list[dict[str, Figure]]]:
    """Return how long suggestions take, and what they save."""
    for text in WARMING:
        searcher.suggest(SuggestRequest(text))
    typed, asked = Clock(searcher), Clock(searcher)
    needed = list(letters_needed(typed, titles))
    for question in questions:
        for text in beginnings(question):
            asked.ask(text)
    return [*typed.rows("titles"), *asked.rows("questions")], [saved(needed)]


def draw(texts_: Iterable[str], count: int) -> list[str]:
    """Return so many texts with words in them, or all if there are not as many."""
    worthy = [text for text in texts_ if worded(text).words]
    return random.Random(SEED).sample(worthy, min(count, len(worthy)))


@contextmanager
def medquad_searcher(options: argparse.Namespace) -> Iterator[IndexSearcher]:
    """Lend a searcher of MedQuAD's articles, indexed where the options say."""
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        index = folder / str(ARTICLES) / OURS
        prepare_ours(corpus_file(ARTICLES, folder), index, cores())
        generation = GenerationStore(index).current()
        yield stack.enter_context(closing(open_searcher(generation)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench suggest", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the index for a next run")
    parser.add_argument("--titles", type=int, default=TITLES, metavar="N")
    parser.add_argument("--questions", type=int, default=QUESTIONS, metavar="N")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    titles = draw((text.title for text in texts(medquad())), options.titles)
    questions = draw(read_questions(questions_file()), options.questions)
    with medquad_searcher(options) as searcher:
        times, savings = measure(searcher, titles, questions)
    print(table(times), "", table(savings), sep="\n")
    if options.json:
        written = {"times": times, "saved": savings}
        options.json.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
