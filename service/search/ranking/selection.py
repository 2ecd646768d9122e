"""Scores → the best documents, in an order that does not depend on how the index came to be.

Among equal scores the smaller id stands first: document numbers tell the history of an index, and
results should not.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.scoring import Scores
from service.search.ranking.shards import Documents, Shard

BLOCKS = 8
"""Blocks for each document that is selected: about one in eight of these then holds one."""


DECIMALS = 6
SLACK = 10.0**-DECIMALS
"""By which two scores are told apart: sums of the same numbers in another order differ a little."""


class Place(NamedTuple):
    """A document that was chosen: its segment, its number there, its score, what it is sorted by.

    ``day`` is zero where the order is by score alone; else words of the query count for days, too.
    """

    segment: int
    document: int
    score: float
    day: int = 0


_WORTH = attrgetter("day", "score")


class SortKey(NamedTuple):
    """Where a document stands in an order: by day, by score, and then by id."""

    day: int
    score: float
    id: str


class Selection:
    """Keeps the best ``size`` documents of all shards, or of those behind a place in the order."""

    def __init__(self, size: int, after: SortKey | None = None) -> None:
        self.size = size
        self._after = after
        self._places: list[Place] = []

    @property
    def threshold(self) -> float:
        """What a document must be worth to be selected yet; zero as long as any may."""
        if len(self._places) < self.size:
            return 0.0
        return sorted([place.score for place in self._places], reverse=True)[self.size - 1]

    def add(self, shard: Shard, found: Documents, values: Scores) -> None:
        """Look at the documents found in a shard, whose numbers ascend, and at their scores."""
        if self._after is not None:
            behind = _behind(self._after, shard, found, values, np.zeros(len(found), np.int32))
            found, values = found[behind], values[behind]
        if threshold := self.threshold:
            better = (values > threshold - SLACK).nonzero()[0]
            found, values = found[better], values[better]
        for bound in (rough_bound, _bound):
            if len(found) > self.size:
                better = (values > bound(values, self.size) - SLACK).nonzero()[0]
                found, values = found[better], values[better]
        self._keep(shard, found, values, np.zeros(len(found), np.int32))

    def add_by_day(
        self, shard: Shard, found: Documents, values: Scores, days: NDArray[np.int32]
    ) -> None:
        """Look at the documents found in a shard in the order of their days, newest first."""
        if self._after is not None:
            behind = _behind(self._after, shard, found, values, days)
            found, values, days = found[behind], values[behind], days[behind]
        self._keep(shard, found, values, days)

    def _keep(
        self, shard: Shard, found: Documents, values: Scores, days: NDArray[np.int32]
    ) -> None:
        """Keep the best of each part; there may be more than can be kept where many are equal."""
        values = values.round(DECIMALS)
        for part, inside in shard.split(found):
            numbers, scores, when = found[inside] - part.base, values[inside], days[inside]
            if len(numbers) > self.size:
                ranks = part.columns.arrays["id.rank"][numbers]
                best = np.lexsort((ranks, -scores, -when))[: self.size]
                numbers, scores, when = numbers[best], scores[best], when[best]
            rows = (numbers.tolist(), scores.tolist(), when.tolist())
            self._places += map(Place, repeat(part.place), *rows)

    def page(self, first: int, size: int, segments: Sequence[SegmentColumns]) -> list[Place]:
        """Return a page of the best documents, in order."""
        places = sorted(self._places, key=_WORTH, reverse=True)  # equal ones keep their order
        end = min(first + size, len(places))
        start = first
        # Only documents that are equal in all else are told apart by their ids.
        while 0 < start < len(places) and _WORTH(places[start - 1]) == _WORTH(places[start]):
            start -= 1
        while 0 < end < len(places) and _WORTH(places[end - 1]) == _WORTH(places[end]):
            end += 1
        return _by_id(places[start:end], segments)[first - start :][:size]


def _behind(
    key: SortKey, shard: Shard, found: Documents, values: Scores, days: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Return which documents stand behind a place in the order."""
    values = values.round(DECIMALS)
    is_there = (days == key.day) & (values == key.score)
    behind: NDArray[np.bool_] = (days < key.day) | ((days == key.day) & (values < key.score))
    for part, inside in shard.split(found) if is_there.any() else ():
        ranks = part.columns.arrays["id.rank"][found[inside] - part.base]
        behind[inside] |= is_there[inside] & (ranks >= part.columns.ids_up_to(key.id))
    return behind


def _bound(values: Scores, size: int) -> float:
    """Return the ``size``-th largest value."""
    return float(np.partition(values, -size)[-size])


def rough_bound(values: Scores, size: int) -> float:
    """Return what ``size`` of the values are at least, at a tenth of the cost for many values.

    The largest value of each of some blocks is found, and then the ``size``-th largest of these.
    The values of a block do not lie side by side: so NumPy compares many at once.
    """
    blocks = BLOCKS * size
    width = len(values) // blocks
    if width < 2:
        return 0.0
    return _bound(values[: blocks * width].reshape(width, blocks).max(axis=0), size)


def _by_id(places: Iterable[Place], segments: Sequence[SegmentColumns]) -> list[Place]:
    """Return places in order of day and score with those that are equal in the order of ids."""
    ordered: list[Place] = []
    for _, equal in groupby(places, _WORTH):
        first, *others = equal
        if others:
            ordered += sorted([first, *others], key=lambda place: _id_of(place, segments))
        else:
            ordered.append(first)
    return ordered


def _id_of(place: Place, segments: Sequence[SegmentColumns]) -> str:
    return segments[place.segment].card(place.document).id
