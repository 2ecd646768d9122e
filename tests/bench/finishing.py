"""Half-typed words: what is found for the beginning of a last word, beside the whole one.

Run as ``python -m tests.bench finishing [--queries N] [--json FILE]``. MedQuAD's articles. The last
word of the subjects of titles and of consumers' questions is typed letter by letter. Of the three
first results for the whole text so many stand among the three first for the beginning, with
``finish`` and without. In the last row nothing is missing: there ``finish`` should change nothing.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple, Protocol

from service.search.request import SearchRequest
from service.search.response import SearchResponse
from tests.bench.corpora import medquad, texts
from tests.bench.figures import Figure, table
from tests.bench.queries import questions_file, read_questions
from tests.bench.query import data_is_there
from tests.bench.suggest import draw, medquad_searcher, subject

QUERIES = 100
FIRST = 3
WHOLE = "all"


class Searcher(Protocol):
    """What searches."""

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a request."""
        ...


class Found(NamedTuple):
    """How much of what the whole text finds is found for a beginning of it.

    Attributes:
        letters: of the last word, or that it is whole.
        plain: without ``finish``, from 0 to 1.
        finished: with it.
        changed: whether the two read the query differently.
    """

    letters: str
    plain: float
    finished: float
    changed: bool


def found(searcher: Searcher, query: str) -> Iterator[Found]:
    """Yield what is found while the last word of a query is typed."""
    last = len(query) - (query.rfind(" ") + 1)
    wanted = _first(searcher.search(SearchRequest(query)))
    for missing in reversed(range(last)):
        typed = query[: len(query) - missing]
        plain = searcher.search(SearchRequest(typed))
        finished = searcher.search(SearchRequest(typed, finish=True))
        yield Found(
            str(last - missing) if missing else WHOLE,
            _shared(_first(plain), wanted),
            _shared(_first(finished), wanted),
            plain.did_you_mean != finished.did_you_mean,
        )


def _first(answer: SearchResponse) -> set[str]:
    return {hit.id for hit in answer.hits[:FIRST]}


def _shared(some: set[str], wanted: set[str]) -> float:
    return len(some & wanted) / len(wanted) if wanted else 1.0


def rows(measured: Sequence[Found]) -> Iterator[dict[str, Figure]]:
    """Yield the means by the number of letters."""
    for letters in ("1", "2", "3", "4", "5", "6", "7", "8", WHOLE):
        same = [each for each in measured if each.letters == letters]
        if same:
            yield {
                "letters of the last word": letters,
                "texts": len(same),
                "plain": round(mean(each.plain for each in same), 3),
                "finish": round(mean(each.finished for each in same), 3),
                "read otherwise": round(mean(each.changed for each in same), 3),
            }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench finishing", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the index for a next run")
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each kind")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    subjects = map(subject, draw((text.title for text in texts(medquad())), options.queries))
    questions = draw(read_questions(questions_file()), options.queries)
    queries = {"titles": [*subjects], "questions": [each.rstrip(" ?") for each in questions]}
    with medquad_searcher(options) as searcher:
        measured = {
            kind: list(rows([one for query in each if query for one in found(searcher, query)]))
            for kind, each in queries.items()
        }
    for kind, figures in measured.items():
        print(kind, table(figures), "", sep="\n")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
