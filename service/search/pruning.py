"""The best documents for words, without adding up what common words are worth to all of them.

As in MaxScore (Turtle and Flood, 1995): once the best of some shards are known, a document must be
worth as much as the last of them. Terms that are worth less than that at most, such as the
unstemmed forms and the common words of a question, are then left out at first. The rest is added
up, and whoever could still be among the best is looked up in the postings that were left out. The
answer is the same; it costs less.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.search.facets import Mask
from service.search.plan import Leaf
from service.search.shards import Documents, Part, Shard
from service.search.statistics import Statistics, TermRuns

LEFT_OUT_SHARE = 0.4
"""What the terms left out may be worth at most, as a share of what a document must be worth. With
more, too many documents have to be looked up."""

MIN_SPARED = 10_000
"""Postings of a shard that must be spared: looking up costs as much as adding up so many."""


def split(
    words: Sequence[Leaf], shard: Shard, statistics: Statistics, threshold: float
) -> tuple[Sequence[Leaf], Sequence[Leaf]]:
    """Return the words to add up for all documents of a shard, and those to leave out at first.

    ``threshold`` is what a document must be worth. The second is empty where it would not pay.
    """
    if not threshold:
        return words, ()
    postings = {leaf: _postings(leaf, shard, statistics) for leaf in words}
    if sum(postings.values()) < MIN_SPARED:
        return words, ()
    room = LEFT_OUT_SHARE * threshold
    left: list[Leaf] = []
    for leaf in sorted(words, key=statistics.bound):
        room -= statistics.bound(leaf)
        if room < 0:
            break
        left.append(leaf)
    if sum(postings[leaf] for leaf in left) < MIN_SPARED:
        return words, ()
    return [leaf for leaf in words if leaf not in left], left


def _postings(leaf: Leaf, shard: Shard, statistics: Statistics) -> int:
    """Return how many postings a term has in a shard, in all fields of its space."""
    offsets = statistics.runs(leaf.space, leaf.term).offsets
    held = (offsets[part.place] for part in shard.parts)
    return sum(bounds[-1] - bounds[0] for bounds in held if bounds)


class LeftOut:
    """The postings of one shard that were left out.

    Attributes:
        most: what they are worth to a document at most.
    """

    def __init__(self, shard: Shard, statistics: Statistics, leaves: Sequence[Leaf]) -> None:
        self._shard = shard
        self._statistics = statistics
        self._terms = [(leaf, statistics.runs(leaf.space, leaf.term)) for leaf in leaves]
        self.most = sum(map(statistics.bound, leaves))

    def with_matches(self, found: Documents, mask: Mask | None) -> Documents:
        """Return some documents and those with one of the terms that a mask lets through."""
        matched = np.zeros(self._shard.documents, np.bool_)
        matched[found] = True
        self._mark_all(matched)
        if mask is not None:
            matched &= mask
        return matched.nonzero()[0]

    def _mark_all(self, matched: NDArray[np.bool_]) -> None:
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
