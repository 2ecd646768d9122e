"""What each ranking does on a set: figures, who wins and loses against plain, and its time."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from indexer.index.generation import Generation
from service.search.measuring.evaluation import Figures, Result, evaluate, milliseconds, summarize
from service.search.measuring.judgements import JudgedQuery
from service.search.measuring.significance import Comparison, compare
from service.search.searcher import Searcher
from service.search.tuning import PLAIN, Tuning
from tests.quality.indexes import searching

TIMED = 100
"""Queries by which times are compared, evenly from all of a set."""


class Measured(msgspec.Struct, frozen=True):
    """One ranking on one set.

    Attributes:
        figures: of the ranking.
        against_plain: how it compares with plain BM25F.
        times_plain: its median time as a multiple of plain's, both asked in turns.
        results: of every query.
    """

    figures: Figures
    against_plain: Comparison
    times_plain: float
    results: tuple[Result, ...]


def measure(
    generation: Generation, judged: Sequence[JudgedQuery], rankings: Mapping[str, Tuning]
) -> Iterator[tuple[str, Measured]]:
    """Yield what each ranking does, by its name."""
    with searching(generation, PLAIN) as plain:
        before = evaluate(plain, judged)
        for name, tuning in rankings.items():
            with searching(generation, tuning) as searcher:
                results = evaluate(searcher, judged)
                texts = [each.query.text for each in judged]
                ratio = times(searcher, plain, texts[:: math.ceil(len(texts) / TIMED)])
            comparison = compare(results, before)
            yield name, Measured(summarize(results), comparison, ratio, results)


def times(searcher: Searcher, plain: Searcher, texts: Sequence[str]) -> float:
    """Return how many times plain's median time a searcher's is; they take turns to be first."""
    taken: dict[Searcher, list[float]] = {searcher: [], plain: []}
    for number, text in enumerate(texts):
        for each in (searcher, plain) if number % 2 else (plain, searcher):
            taken[each].append(milliseconds(each, text))
    return round(statistics.median(taken[searcher]) / statistics.median(taken[plain]), 2)


def by_kind(results: Sequence[Result]) -> dict[str, Figures]:
    """Return the figures of each kind of query, in the order of the kinds' names."""
    kinds = sorted({each.kind for each in results if each.kind})
    return {kind: summarize([each for each in results if each.kind == kind]) for kind in kinds}
