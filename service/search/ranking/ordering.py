"""The best documents by their words → their order by what else is known of them.

Only the first ``DEPTH`` are looked at, whatever page is asked for, so that pages fit together.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from service.search.ranking.article_languages import ArticleLanguages
from service.search.ranking.collector import NOT_PLACED, Placed
from service.search.ranking.feedback import FEW
from service.search.ranking.freshness import Freshness
from service.search.ranking.proximity import Proximity
from service.search.ranking.ranker import Ranker
from service.search.ranking.scoring import Scores
from service.search.ranking.selection import DECIMALS, Place
from service.search.reading.reader import Reading
from service.search.tuning import Tuning

COVERAGE = 0.3
"""The power of the share of the words that an article has, weighed by what they tell. It gains
0.010 of nDCG@10 on SciFact train and 0.002 on the project's own set, nothing on NFCorpus dev
(`make quality`); with 0.8 all lose."""

_SCORE = attrgetter("score")

DEPTH = 50
"""Documents that are put in order: five pages, of which visitors see one or two. With 100 nDCG@10
is the same to 0.001 on all sets."""

FILLED = 100
"""Documents, those that match included, up to which related ones follow."""


class Signal(NamedTuple):
    """What is known of some documents: it adds to each score, and then leaves a share of it."""

    name: str
    detail: str
    adds: Scores
    keeps: Scores


class Ordered(NamedTuple):
    """Documents in order.

    Attributes:
        places: the documents.
        related: how many of them, the last ones, do not match, but are like those that do.
        head: how many of them, the first ones, do not stand in the order of the ranking.
    """

    places: list[Place]
    related: int = 0
    head: int = 0


class Ordering:
    """Puts the best documents in order. Safe to use from several threads."""

    def __init__(
        self,
        ranker: Ranker,
        proximity: Proximity,
        freshness: Freshness,
        languages: ArticleLanguages,
        tuning: Tuning,
    ) -> None:
        self._ranker = ranker
        self._proximity = proximity
        self._freshness = freshness
        self._languages = languages
        self._tuning = tuning

    def order(self, places: Sequence[Place], reading: Reading) -> list[Place]:
        """Return the best documents by all that is known of them, and the others behind them."""
        best = places[:DEPTH]
        scores = np.array([place.score for place in best])
        for signal in self.signals(best, reading):
            scores = (scores + signal.adds) * signal.keeps
        return [*_by_score(best, scores), *places[DEPTH:]]

    def signals(self, best: Sequence[Place], reading: Reading) -> Iterator[Signal]:
        """Yield what is known of the best documents beside their words, in the order of use."""
        nothing, all_of_it = np.zeros(len(best)), np.ones(len(best))
        numbers = self._ranker.numbers(best)
        tuning, language = self._tuning, reading.language
        if tuning.proximity and len(reading.compiled.spoken) > 1:
            worth = self._proximity.worth(best, reading.compiled.spoken)
            yield Signal("pairs", "words that stand together", worth, all_of_it)
        if tuning.coverage and len(reading.words) > 1:
            covered = self._ranker.coverage(numbers, reading.words) ** COVERAGE
            yield Signal("coverage", "words that it lacks", nothing, covered)
        if tuning.freshness:
            shares = self._freshness.shares(numbers)
            yield Signal("age", "since the last review", nothing, shares)
        if tuning.languages and language and self._languages.are_several:
            shares = self._languages.shares(numbers, language)
            yield Signal("language", f"other than {language}", nothing, shares)

    def with_related(self, ordered: Ordered, total: int, placed: Placed = NOT_PLACED) -> Ordered:
        """Return few documents in the order that feedback gives them, and what is like them.

        Args:
            ordered: the best.
            total: how many match.
            placed: what is not to be among those that are like them.
        """
        places = ordered.places
        if not self._tuning.feedback or not 0 < total < FEW:
            return ordered
        alike = self._ranker.alike(places, FILLED + total, placed.pinned + placed.hidden)
        said = {(place.segment, place.document): place.score for place in alike}
        scores = [p.score + said.pop((p.segment, p.document), 0.0) for p in places]
        others = [p for p in alike if (p.segment, p.document) in said]
        if self._tuning.duplicates:
            others = list(self._ranker.distinct(others, (*placed.pinned, *places)))
        related = others[: max(FILLED - total, 0)]
        found = _by_score(places, scores) + related
        return Ordered(found, len(related), len(found))


def _by_score(places: Sequence[Place], scores: Scores | Sequence[float]) -> list[Place]:
    """Return documents in the order of new scores; equal ones keep theirs."""
    rounded = np.round(scores, DECIMALS).tolist()
    scored = [
        Place(place.segment, place.document, score)
        for place, score in zip(places, rounded, strict=True)
    ]
    return sorted(scored, key=_SCORE, reverse=True)
