"""Scores → the best documents, in an order that does not depend on how the index came to be.

Among equal scores the smaller id stands first: document numbers tell the history of an index, and
results should not.
"""

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.scoring import Scores

BLOCKS = 8
"""Blocks for each document that is selected: about one in eight of these then holds one."""

Documents = NDArray[np.intp]
Ranks = NDArray[np.uint16]
Days = NDArray[np.int32]


class Place(NamedTuple):
    """A document that was chosen: its segment, its number there, its score, what it is sorted by.

    ``day`` is zero where the order is by score alone.
    """

    segment: int
    document: int
    score: float
    day: int = 0


class Selection:
    """Keeps the best ``size`` documents of all segments."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._places: list[Place] = []
        self._threshold = 0.0

    @property
    def threshold(self) -> float:
        """What a document must be worth to be selected yet; zero as long as any may."""
        return self._threshold

    def add(self, segment: int, found: Documents, values: Scores, ranks: Ranks) -> None:
        """Look at the documents found in a segment.

        Args:
            segment: its place in the index.
            found: numbers of the documents.
            values: their scores.
            ranks: the order of the ids of all documents of the segment.
        """
        if self._threshold:
            better = (values >= self._threshold).nonzero()[0]
            found, values = found[better], values[better]
        for bound in (_rough_bound, _bound):
            if len(found) > self._size:
                better = (values >= bound(values, self._size)).nonzero()[0]
                found, values = found[better], values[better]
        if len(found) > self._size:
            best = np.lexsort((ranks[found], -values))[: self._size]
            found, values = found[best], values[best]
        if len(found):
            self._places += map(Place, repeat(segment), found.tolist(), values.tolist())
            if len(self._places) >= self._size:
                worst = sorted((place.score for place in self._places), reverse=True)
                self._threshold = worst[self._size - 1]

    def add_by_day(
        self, segment: int, found: Documents, values: Scores, days: Days, ranks: Ranks
    ) -> None:
        """Look at the documents found in a segment in the order of their days, newest first.

        ``days`` are those of all documents of the segment.
        """
        best = np.lexsort((ranks[found], -values, -days[found]))[: self._size]
        found = found[best]
        scores, when = values[best].tolist(), days[found].tolist()
        self._places += map(Place, repeat(segment), found.tolist(), scores, when)

    def page(self, first: int, size: int, segments: Sequence[SegmentColumns]) -> list[Place]:
        """Return a page of the best documents, in order."""
        places = sorted(self._places, key=lambda place: (-place.day, -place.score))
        end = min(first + size, len(places))
        start = first
        # Only documents that are equal in all else are told apart by their ids.
        while 0 < start < len(places) and _is_equal(places[start - 1], places[start]):
            start -= 1
        while 0 < end < len(places) and _is_equal(places[end - 1], places[end]):
            end += 1
        return _by_id(places[start:end], segments)[first - start :][:size]


def _bound(values: Scores, size: int) -> float:
    """Return the ``size``-th largest value."""
    return float(np.partition(values, -size)[-size])


def _rough_bound(values: Scores, size: int) -> float:
    """Return what ``size`` of the values are at least, at a tenth of the cost for many values.

    The largest value of each of some blocks is found, and then the ``size``-th largest of these.
    """
    blocks = BLOCKS * size
    width = len(values) // blocks
    if width < 2:
        return 0.0
    return _bound(values[: blocks * width].reshape(blocks, width).max(axis=1), size)


def _is_equal(place: Place, other: Place) -> bool:
    return place.score == other.score and place.day == other.day


def _by_id(places: Iterable[Place], segments: Sequence[SegmentColumns]) -> list[Place]:
    """Return places in order of day and score with those that are equal in the order of ids."""
    ordered: list[Place] = []
    group: list[Place] = []
    for place in places:
        if group and not _is_equal(group[-1], place):
            ordered += _sorted_by_id(group, segments)
            group = []
        group.append(place)
    return ordered + _sorted_by_id(group, segments)


def _sorted_by_id(group: list[Place], segments: Sequence[SegmentColumns]) -> list[Place]:
    if len(group) < 2:
        return group
    return sorted(group, key=lambda place: segments[place.segment].card(place.document).id)
