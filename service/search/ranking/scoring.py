"""Plan → a score for every document of a shard, by sums over the columns.

A score is an array over all documents of the shard, zero where a document does not match: every
term that matches is worth something, since its idf is above zero if a live article holds it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT
from service.search.plan import (
    Beginning,
    Both,
    Either,
    Leaf,
    Name,
    Nothing,
    Plan,
    Rather,
    Run,
    Without,
)
from service.search.ranking.beginnings import Beginnings
from service.search.ranking.postings import Postings
from service.search.ranking.runs import RunReader
from service.search.ranking.shards import Shard
from service.search.ranking.statistics import Statistics

Scores = NDArray[np.float64]

Fallback = Callable[[Plan, int], Scores]
"""Scores by other means what the columns do not cover, in the segment of that place."""


class OutOfTime(Exception):
    """The time that a ranking may take is over."""


@dataclass(frozen=True)
class Scorer:
    """Scores the documents of one shard.

    Attributes:
        shard: the segments.
        statistics: of the generation.
        beginnings: finds the terms that begin so.
        fallback: for what the columns do not cover.
        deadline: on the monotonic clock, in seconds.
    """

    shard: Shard
    statistics: Statistics
    beginnings: Beginnings
    fallback: Fallback
    deadline: float

    def score(self, plan: Plan) -> Scores:  # noqa: PLR0911 - one case a kind of plan
        """Return the scores of a plan.

        Raises:
            OutOfTime: the deadline has passed.
        """
        self.check_time()
        match plan:
            case Leaf():
                return self._leaves((plan,))
            case Either(parts):
                return self._either(parts)
            case Both(parts):
                return self._both(parts)
            case Rather(required, optional):
                scores = self.score(required)
                return np.where(scores > 0, scores + self.score(optional), 0)
            case Without(wanted, unwanted):
                scores = self.score(wanted)
                scores[self.score(unwanted) > 0] = 0
                return scores
            case Run() | Name():
                return self._run(plan)
            case Beginning():
                return self._beginning(plan)
            case Nothing():
                return np.zeros(self.shard.documents)

    def check_time(self) -> None:
        """Look at the clock.

        Raises:
            OutOfTime: the deadline has passed.
        """
        if monotonic() > self.deadline:
            raise OutOfTime

    def _postings(self, leaves: Iterable[Leaf]) -> Postings:
        postings = Postings(self.shard, self.statistics)
        for leaf in leaves:
            postings.add(leaf)
        return postings

    def _leaves(self, leaves: Iterable[Leaf]) -> Scores:
        """Return the sum of the scores of terms."""
        return self._postings(leaves).scores()

    def _either(self, parts: tuple[Plan, ...]) -> Scores:
        scores = self._leaves(part for part in parts if type(part) is Leaf)
        for part in parts:
            if type(part) is not Leaf:
                scores += self.score(part)
        return scores

    def _both(self, parts: tuple[Plan, ...]) -> Scores:
        scores = self.score(parts[0])
        matched = scores > 0
        for part in parts[1:]:
            if not matched.any():
                break
            more = self.score(part)
            matched &= more > 0
            scores += more
        return np.where(matched, scores, 0)

    def _run(self, plan: Run | Name) -> Scores:
        scores = np.zeros(self.shard.documents)
        documents, worth = RunReader(self.shard, self.statistics, self.check_time).find(plan)
        scores[documents] = worth
        return scores

    def _beginning(self, plan: Beginning) -> Scores:
        if plan.space != EXACT:
            return np.concatenate([self.fallback(plan, part.place) for part in self.shard.parts])
        scores = np.zeros(self.shard.documents)
        for field in plan.fields:
            terms = self.beginnings.frequent(plan.text, field)
            scores += self._postings(Leaf(EXACT, term, (field,)) for term in terms).matches()
        return scores
