"""The best documents for words, without adding up what common words are worth to all of them.

As in MaxScore (Turtle and Flood, 1995), terms that cannot decide who is among the best are left out
at first: those that are worth little at most, such as the unstemmed forms and the common words of a
question. The rest is added up for all documents. Whoever could still be among the best is then
looked up in the postings that were left out. The answer is the same; it costs less.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import K1
from service.search.plan import Either, Leaf, Plan
from service.search.selection import Selection
from service.search.shards import Documents, Part, Shard
from service.search.statistics import Statistics, TermRuns, table_of

LEFT_OUT_SHARE = 0.15
"""What the terms left out may be worth at most, as a share of what all terms are."""

MIN_POSTINGS = 2_000
"""A term with fewer documents is added up like the others; looking documents up costs more."""

MIN_LEFT_OUT = 200_000
"""Postings that must be spared for the look-ups to pay."""


def split(plan: Plan, statistics: Statistics) -> tuple[Plan, tuple[Leaf, ...]]:
    """Return the part of a plan to score first, and the terms to leave out at first.

    The second is empty where it does not pay, or where the plan is not one of words side by side.
    Which terms these are depends on the statistics of the whole index alone, so that an index of
    many segments adds up its scores in the same order as one of a single segment.
    """
    parts = plan.parts if isinstance(plan, Either) else ()
    words = tuple(part for part in parts if isinstance(part, Leaf))
    if not words or len(words) < len(parts):
        return plan, ()
    postings = {leaf: statistics.runs(leaf.space, leaf.term).postings for leaf in words}
    if sum(postings.values()) < MIN_LEFT_OUT:
        return plan, ()
    most = {leaf: _most(leaf, statistics) for leaf in words}
    room = LEFT_OUT_SHARE * sum(most.values())
    left: list[Leaf] = []
    spared = 0
    for leaf in sorted(words, key=most.__getitem__):
        room -= most[leaf]
        if room < 0:
            break
        if postings[leaf] >= MIN_POSTINGS:
            left.append(leaf)
            spared += postings[leaf]
    if spared < MIN_LEFT_OUT:
        return plan, ()
    return Either(tuple(leaf for leaf in words if leaf not in left)), tuple(left)


def _most(leaf: Leaf, statistics: Statistics) -> float:
    """Return what a term could be worth at most: a saturated frequency is below K1 + 1."""
    idf = statistics.runs(leaf.space, leaf.term).idf
    table = table_of(leaf.space)
    return leaf.factor * (K1 + 1) * sum(idf[place] * table[place].weight for place in leaf.fields)


_ANY = 1e-9
"""Less than anything that matches is worth."""

Found = tuple[Shard, Documents, NDArray[np.float64]]
"""A shard, numbers of documents in it, and what they are worth so far."""


class LeftOut:
    """The postings of one shard that were left out."""

    def __init__(self, shard: Shard, statistics: Statistics, leaves: Sequence[Leaf]) -> None:
        self._shard = shard
        self._statistics = statistics
        self._terms = [(leaf, statistics.runs(leaf.space, leaf.term)) for leaf in leaves]

    @property
    def most(self) -> float:
        """What they are worth to a document of the shard at most."""
        return max(self._most_in(part.place) for part in self._shard.parts)

    def _most_in(self, place: int) -> float:
        most = 0.0
        for leaf, term in self._terms:
            if term.offsets[place]:
                bounds = self._statistics.most(place, leaf.space, term.numbers[place])
                most += leaf.factor * sum(term.idf[field] * bounds[field] for field in leaf.fields)
        return most

    def mark(self, matched: NDArray[np.bool_]) -> None:
        """Mark the documents that have one of them."""
        for part in self._shard.parts:
            inside = matched[part.base : part.end]
            for leaf, term in self._terms:
                if term.offsets[part.place]:
                    _mark(inside, part, leaf, term)

    def worth(self, documents: Documents) -> NDArray[np.float64]:
        """Return what they are worth to some documents, whose numbers ascend."""
        worth = np.zeros(len(documents))
        for part, inside in self._shard.split(documents):
            wanted = (documents[inside] - part.base).astype(np.uint16)
            for leaf, term in self._terms:
                bounds = term.offsets[part.place]
                for field in leaf.fields if bounds else ():
                    if bounds[field] < bounds[field + 1]:
                        run = part, leaf.space, bounds[field], bounds[field + 1]
                        found, values = self._look_up(*run, wanted)
                        worth[inside][found] += values * np.float32(term.idf[field] * leaf.factor)
        return worth

    def _look_up(
        self, part: Part, space: str, start: int, end: int, wanted: NDArray[np.uint16]
    ) -> tuple[Documents, NDArray[np.float32]]:
        """Return which of the documents stand in a run, and what their postings are worth."""
        arrays = part.columns.arrays
        docs = arrays[f"{space}.docs"][start:end]
        at = docs.searchsorted(wanted)
        np.minimum(at, end - start - 1, out=at)
        found = np.flatnonzero(docs[at] == wanted)
        postings = at[found] + start
        worth = self._statistics.tables[space][arrays[f"{space}.load"][postings]]
        big_at = arrays[f"{space}.big_at"]
        if len(big_at):
            places = np.minimum(big_at.searchsorted(postings), len(big_at) - 1)
            is_big = big_at[places] == postings
            worth[is_big] = self._statistics.big[part.place][space][places[is_big]]
        return found, worth


def _mark(matched: NDArray[np.bool_], part: Part, leaf: Leaf, term: TermRuns) -> None:
    """Mark the documents of a segment that have a term."""
    bits = part.columns.bits(leaf.space, term.numbers[part.place])
    if bits is not None and len(leaf.fields) == len(term.idf):
        matched |= np.unpackbits(bits, count=len(matched), bitorder="little").view(np.bool_)
        return
    docs, bounds = part.columns.arrays[f"{leaf.space}.docs"], term.offsets[part.place]
    for field in leaf.fields:
        matched[docs[bounds[field] : bounds[field + 1]]] = True


class Contenders:
    """The documents that may be among the best ``size``, by what is known of their scores."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._best = np.zeros(0)
        self._kept: list[tuple[Shard, Documents, NDArray[np.float64], float]] = []

    @property
    def _threshold(self) -> float:
        """What ``size`` documents are worth at least."""
        return float(self._best[0]) if len(self._best) == self._size else 0.0

    def add(self, shard: Shard, found: Documents, known: NDArray[np.float64], most: float) -> None:
        """Take documents of a shard, what they are worth so far, and what may come on top."""
        better = known[known > self._threshold]
        if len(better):
            best = np.concatenate((self._best, better))
            if len(best) > self._size:
                best = np.partition(best, -self._size)[-self._size :]
            self._best = np.sort(best)
        kept = np.flatnonzero(known >= self._threshold - most)
        self._kept.append((shard, found[kept], known[kept], most))

    def best(self) -> Iterator[Found]:
        """Yield, by shard, the documents that are the best so far."""
        for shard, found, known, _ in self._kept:
            kept = np.flatnonzero(known >= max(self._threshold, _ANY))
            if len(kept):
                yield shard, found[kept], known[kept]

    def others(self, selection: Selection) -> Iterator[Found]:
        """Yield, by shard, those others that may yet be selected, as far as it has come."""
        for shard, found, known, most in self._kept:
            can_be = known >= selection.threshold - most
            can_be &= known < max(self._threshold, _ANY)
            kept = np.flatnonzero(can_be)
            if len(kept):
                yield shard, found[kept], known[kept]
