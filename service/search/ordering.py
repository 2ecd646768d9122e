"""The best documents by their words → their order by what else is known of them.

Only the first ``DEPTH`` are looked at, whatever page is asked for, so that pages fit together.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from service.search.feedback import FEW
from service.search.freshness import Freshness
from service.search.proximity import Proximity
from service.search.ranking import Ranker
from service.search.selection import DECIMALS, Place
from service.search.spoken import Spoken
from service.search.tuning import Tuning

_SCORE = attrgetter("score")

DEPTH = 100
"""Documents that are put in order: ten pages, of which visitors see one or two."""


class Ordered(NamedTuple):
    """Documents in order; the last ``related`` of them do not match, but are like those that do."""

    places: list[Place]
    related: int = 0


class Ordering:
    """Puts the best documents in order. Safe to use from several threads."""

    def __init__(
        self, ranker: Ranker, proximity: Proximity, freshness: Freshness, tuning: Tuning
    ) -> None:
        self._ranker = ranker
        self._proximity = proximity
        self._freshness = freshness
        self._tuning = tuning

    def order(self, places: Sequence[Place], spoken: Sequence[Spoken]) -> list[Place]:
        """Return the best documents by all that is known of them, and the others behind them."""
        best = places[:DEPTH]
        worth = [0.0] * len(best)
        if self._tuning.proximity and len(spoken) > 1:
            worth = self._proximity.worth(best, spoken)
        scores = [place.score + more for place, more in zip(best, worth, strict=True)]
        if self._tuning.freshness:
            shares = map(self._freshness.share, best)
            scores = [score * share for score, share in zip(scores, shares, strict=True)]
        return [*_by_score(best, scores), *places[DEPTH:]]

    def with_related(self, places: list[Place], total: int) -> Ordered:
        """Return few documents in the order that feedback gives them, and what is like them."""
        if not self._tuning.feedback or not 0 < total < FEW:
            return Ordered(places)
        alike = self._ranker.alike(places, DEPTH + total)
        said = {(place.segment, place.document): place.score for place in alike}
        scores = [p.score + said.pop((p.segment, p.document), 0.0) for p in places]
        related = [p for p in alike if (p.segment, p.document) in said][: DEPTH - total]
        return Ordered(_by_score(places, scores) + related, len(related))


def _by_score(places: Sequence[Place], scores: Sequence[float]) -> list[Place]:
    """Return documents in the order of new scores; equal ones keep theirs."""
    scored = [
        Place(place.segment, place.document, round(score, DECIMALS))
        for place, score in zip(places, scores, strict=True)
    ]
    return sorted(scored, key=_SCORE, reverse=True)
