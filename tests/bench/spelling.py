"""Did you mean: how many mistyped queries are put right, how many right ones changed, how long.

Run as ``python -m tests.bench spelling [--index DIR] [--show] [--json FILE]``. MedQuAD's articles.
Put right are to be: words that people misspell (``tests/service/search/misspellings.tsv``), and
titles with the slips of ``tests.quality.typos``, one or two. Left alone are to be the titles as
they are, and the questions of HealthSearchQA, some of whose words the articles do not have, or not
in their British spelling. A query whose wrong word has the stem of the right one is found as it is;
it counts as left alone, which is right. Times are of the processor.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from indexer.crew import cores
from indexer.index.analysis import analyzer
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.withdrawals import total
from service.search.lexicon.loader import load_lexicon
from service.search.reading.query import normalize, parse
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.speller import Speller, speller_of
from tests.bench.corpora import medquad, texts
from tests.bench.figures import Figure, percentile, table
from tests.bench.places import ROOT
from tests.bench.prepared import corpus_file, prepare_ours
from tests.bench.queries import questions_file, read_questions
from tests.bench.query import data_is_there
from tests.quality.typos import mistype

SEED = 20261123
ARTICLES = 16_423
TITLES = 500


class Answer(NamedTuple):
    """A query, what was wanted of it and what came, and how long it took (in ms)."""

    typed: str
    wanted: str
    found: str
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Whether it came as wanted, or with the same stems."""
        return self.found.lower() == self.wanted.lower() or _stems(self.found) == _stems(
            self.wanted
        )

    @property
    def is_changed(self) -> bool:
        """Whether something else came than was typed."""
        return self.found != self.typed


def _stems(text: str) -> list[str]:
    return [term.text for term in analyzer("en").terms(text)]


def speller_on(generation: Generation) -> Speller:
    """Return a speller on the words of a generation, with the shipped lexicon."""
    columns = [open_columns(path) for path in sorted(generation.columns.glob("*.columns"))]
    dictionary = Dictionary(columns, total(generation.withdrawals().values()))
    return speller_of(dictionary, Company(columns), load_lexicon(), ("en",), "en")


def ask(speller: Speller, pairs: Iterable[tuple[str, str]]) -> list[Answer]:
    """Return what comes of queries and what is wanted."""
    answers = []
    for typed, wanted in pairs:
        text = normalize(typed)
        began = time.thread_time()
        found = speller.correction(parse(text), text)
        milliseconds = (time.thread_time() - began) * 1000
        answers.append(Answer(text, normalize(wanted), found or text, milliseconds))
    return answers


def mistyped(titles: Sequence[str], edits: int) -> list[tuple[str, str]]:
    """Return titles with so many slips, and as they were."""
    chance = random.Random(SEED + edits)
    drawn = chance.sample(titles, len(titles))
    pairs = ((mistype(title, edits, chance)[1], title) for title in drawn)
    return list(islice((pair for pair in pairs if pair[0] != pair[1]), TITLES))


def misspelt() -> list[tuple[str, str]]:
    """Return the words that people misspell."""
    path = ROOT / "tests" / "service" / "search" / "misspellings.tsv"
    pairs = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(typed, wanted) for typed, wanted in pairs]


def measure(speller: Speller, titles: Sequence[str]) -> dict[str, list[Answer]]:
    """Return what comes of every kind of query."""
    questions = read_questions(questions_file())
    ask(speller, [("warm", ""), ("warmm", ""), ("war mth", "")])
    return {
        "misspelt words": ask(speller, misspelt()),
        "titles with a slip": ask(speller, mistyped(titles, 1)),
        "titles with two": ask(speller, mistyped(titles, 2)),
        "titles as they are": ask(speller, [(title, title) for title in titles]),
        "questions as they are": ask(speller, [(text, text) for text in questions]),
    }


def row(name: str, answers: Sequence[Answer]) -> dict[str, Figure]:
    """Return the figures of a kind of query."""
    times = [answer.milliseconds for answer in answers]
    return {
        "queries": name,
        "number": len(answers),
        "right": round(sum(answer.is_right for answer in answers) / len(answers), 4),
        "changed": sum(answer.is_changed for answer in answers),
        "median ms": round(median(times), 3),
        "p99 ms": round(percentile(times, 0.99), 3),
        "most ms": round(max(times), 3),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench spelling", description=__doc__)
    parser.add_argument("--index", type=Path, help="of MedQuAD; else one is built")
    parser.add_argument("--show", action="store_true", help="print what did not come as wanted")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        if options.index is None:
            prepare_ours(corpus_file(ARTICLES, Path(folder)), index, cores())
        titles = sorted({" ".join(text.title.split()) for text in texts(medquad())})
        answers = measure(speller_on(GenerationStore(index).current()), titles)
    figures = [row(name, held) for name, held in answers.items()]
    print(table(figures))
    if options.show:
        wrong = [each for held in answers.values() for each in held if not each.is_right]
        print(*(f"{each.typed} -> {each.found} ({each.wanted})" for each in wrong), sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
