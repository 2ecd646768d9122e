"""The postings of a query's terms in one shard, gathered and summed up."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.search.plan import Leaf
from service.search.ranking.shards import Documents, Runs, Shard
from service.search.ranking.statistics import Statistics, TermRuns

FEW = 0.05
"""Postings, as a share of the shard's documents, up to which they are sorted. From there on sums
over all documents cost less: at 60,000 documents that is where the two cost the same."""


class Postings:
    """Gathers the postings of terms, and then sums up what they are worth to each document."""

    def __init__(self, shard: Shard, statistics: Statistics) -> None:
        self._shard = shard
        self._statistics = statistics
        self._spaces: dict[str, _Gathered] = {}

    def add(self, leaf: Leaf) -> None:
        """Add the postings of a term in its fields."""
        runs = self._statistics.runs(leaf.space, leaf.term)
        self.add_runs(leaf.space, runs, leaf.fields, leaf.factor)

    def add_runs(self, space: str, term: TermRuns, fields: tuple[int, ...], factor: float) -> None:
        """Add the postings of a term of which it is known where they lie."""
        gathered = self._spaces.get(space)
        if gathered is None:
            gathered = self._spaces[space] = _Gathered(space)
        for runs in self._shard.runs[space]:
            bounds = term.offsets[runs.place]
            if not bounds:
                continue
            has_big = term.has_big[runs.place]
            # The runs of a term's fields lie side by side.
            for first, last in _stretches(fields):
                start, end = bounds[first], bounds[last + 1]
                if start == end:
                    continue
                gathered.add(runs, start, end, has_big=has_big)
                for field in range(first, last + 1):
                    gathered.counts.append(bounds[field + 1] - bounds[field])
                    gathered.factors.append(term.idf * factor)

    def scores(self) -> NDArray[np.float64]:
        """Return the sum of the postings' worth for every document of the shard."""
        docs, worth = self._all()
        return sums(docs, worth, self._shard.documents)

    def found(self) -> tuple[Documents, NDArray[np.float64]]:
        """Return the documents with any of the postings, in order, and the sum for each."""
        docs, worth = self._all()
        if len(docs) > FEW * self._shard.documents:
            scores = sums(docs, worth, self._shard.documents)
            held = (scores > 0).nonzero()[0]
            return held, scores[held]
        order = docs.argsort(kind="stable")
        docs, worth = docs[order], worth[order]
        begins = np.empty(len(docs), np.bool_)
        begins[:1] = True
        np.not_equal(docs[1:], docs[:-1], out=begins[1:])
        rows = begins.cumsum() - 1
        held = docs[begins].astype(np.intp)
        return held, sums(rows, worth, len(held))

    def _all(self) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
        """Return the document and the worth of every posting."""
        found = [each for each in self._spaces.values() if each.size]
        if not found:
            return np.zeros(0, np.uint16), np.zeros(0, np.float32)
        worth = [each.worth(self._statistics) for each in found]
        docs = [part for each in found for part in each.docs]
        return _joined(docs), _joined(worth)

    def matches(self) -> NDArray[np.float64]:
        """Return one for every document with any of the postings, zero for the others."""
        matched = np.zeros(self._shard.documents)
        for each in self._spaces.values():
            for docs in each.docs:
                matched[docs] = 1
        return matched


def sums(places: NDArray[Any], worth: NDArray[np.floating[Any]], size: int) -> NDArray[np.float64]:
    """Return what is worth how much at each of ``size`` places."""
    # Without a posting NumPy's sum is one of whole numbers.
    return np.bincount(places, worth, size).astype(np.float64, copy=False)


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


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
    """Stretches of the postings of one space.

    Attributes:
        docs: the documents of each stretch, by their numbers in the shard.
        counts: how many postings each run has, one run a field,
        factors: and by what their worth is multiplied.
        size: how many postings there are.
    """

    def __init__(self, space: str) -> None:
        self._space = space
        self.docs: list[NDArray[np.uint16]] = []
        self._loads: list[NDArray[np.uint16]] = []
        self._big: list[tuple[Runs, int, int, int]] = []
        self.counts: list[int] = []
        self.factors: list[float] = []
        self.size = 0

    def add(self, runs: Runs, start: int, end: int, *, has_big: bool) -> None:
        """Add a stretch of postings; ``has_big`` is whether one may not hold its frequency."""
        docs = runs.docs[start:end]
        self.docs.append(docs + np.uint32(runs.base) if runs.base else docs)
        self._loads.append(runs.loads[start:end])
        if has_big:
            self._big.append((runs, start, end, self.size))
        self.size += end - start

    def worth(self, statistics: Statistics) -> NDArray[np.float32]:
        """Return what each posting is worth."""
        worth = statistics.tables[self._space].take(np.concatenate(self._loads))
        for runs, start, end, at in self._big:
            first, last = runs.big_at.searchsorted(np.array((start, end), np.uint32))
            big = statistics.big[runs.place][self._space][first:last]
            worth[runs.big_at[first:last] - start + at] = big
        worth *= np.repeat(np.array(self.factors, np.float32), self.counts)
        return worth
