"""The postings of a query's terms in one segment, gathered and summed up."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.plan import Leaf
from service.search.statistics import Statistics


class Postings:
    """Gathers the postings of terms, and then sums up what they are worth to each document.

    NumPy needs about a microsecond to begin anything, so the terms of a space are worked on in one
    piece.
    """

    def __init__(self, place: int, columns: SegmentColumns, statistics: Statistics) -> None:
        self._place = place
        self._columns = columns
        self._statistics = statistics
        self._spaces: dict[str, _Gathered] = {}

    def add(self, leaf: Leaf) -> None:
        """Add the postings of a term in its fields."""
        runs = self._statistics.runs(leaf.space, leaf.term)
        bounds = runs.offsets[self._place]
        if not bounds:
            return
        gathered = self._spaces.get(leaf.space)
        if gathered is None:
            gathered = self._spaces[leaf.space] = _Gathered(self._columns, leaf.space)
        if runs.has_big[self._place]:
            gathered.has_big = True
        # The runs of a term's fields lie side by side.
        for first, last in _stretches(leaf.fields):
            gathered.add(bounds[first : last + 2], runs.idf[first : last + 1], leaf.factor)

    def scores(self) -> NDArray[np.float64]:
        """Return the sum of the postings' worth for every document of the segment."""
        found = [each for each in self._spaces.values() if each.size]
        if not found:
            return np.zeros(self._columns.documents)
        docs = np.concatenate([part for each in found for part in each.docs])
        worth = [each.worth(self._statistics, self._place) for each in found]
        weights = np.concatenate(worth) if len(worth) > 1 else worth[0]
        return np.bincount(docs, weights, self._columns.documents).astype(np.float64, copy=False)

    def matches(self) -> NDArray[np.float64]:
        """Return one for every document with any of the postings, zero for the others."""
        matched = np.zeros(self._columns.documents)
        for each in self._spaces.values():
            for docs in each.docs:
                matched[docs] = 1
        return matched


@cache
def _stretches(fields: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Return the first and the last of each group of consecutive fields."""
    found: list[tuple[int, int]] = []
    for field in fields:
        if found and field == found[-1][1] + 1:
            found[-1] = (found[-1][0], field)
        else:
            found.append((field, field))
    return tuple(found)


class _Gathered:
    """Stretches of the postings of one space."""

    def __init__(self, columns: SegmentColumns, space: str) -> None:
        self._space = space
        self._all_docs = columns.arrays[f"{space}.docs"]
        self._all_loads = columns.arrays[f"{space}.load"]
        self._big_at = columns.arrays[f"{space}.big_at"]
        self.docs: list[NDArray[np.uint16]] = []
        self._loads: list[NDArray[np.uint16]] = []
        self._starts: list[int] = []
        self._counts: list[int] = []
        self._factors: list[float] = []
        self.size = 0
        self.has_big = False

    def add(self, bounds: tuple[int, ...], idf: tuple[float, ...], factor: float) -> None:
        """Add the postings of a term in fields side by side."""
        start, end = bounds[0], bounds[-1]
        if start == end:
            return
        self.docs.append(self._all_docs[start:end])
        self._loads.append(self._all_loads[start:end])
        self._starts.append(start)
        self.size += end - start
        for place, value in enumerate(idf):
            self._counts.append(bounds[place + 1] - bounds[place])
            self._factors.append(value * factor)

    def worth(self, statistics: Statistics, place: int) -> NDArray[np.float32]:
        """Return what each posting is worth; ``place`` is that of the segment."""
        worth = statistics.tables[self._space].take(np.concatenate(self._loads))
        if self.has_big:
            self._mend(worth, statistics.big[place][self._space])
        worth *= np.repeat(np.array(self._factors, np.float32), self._counts)
        return worth

    def _mend(self, worth: NDArray[np.float32], big: NDArray[np.float32]) -> None:
        """Put right the postings whose frequencies do not fit into their loads."""
        at = 0
        for start, docs in zip(self._starts, self.docs, strict=True):
            first, last = self._big_at.searchsorted((start, start + len(docs)))
            if first < last:
                worth[self._big_at[first:last] - start + at] = big[first:last]
            at += len(docs)
