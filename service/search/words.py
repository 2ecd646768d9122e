"""What words are worth to the documents of a shard, kept for those that are asked for often.

Queries are made of few words: a hundred of them make up half of what visitors ask. To add up what a
word's terms are worth in all fields costs as much as all else in a query, so the sums are kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import SPACES
from service.search.plan import Leaf
from service.search.postings import Postings, sums
from service.search.shards import Documents, Shard
from service.search.statistics import Statistics

MAX_KEPT = 1_500_000
"""Documents of all words that are kept; each takes 16 bytes, so these are 24 MB."""

MAX_SHARE = 0.1
"""A word that takes more than this share of all is not kept: it would push out all others."""

Scored = tuple[Documents, NDArray[np.float64]]
"""Documents in order, and what they are worth."""

Word = tuple[Leaf, ...]
"""The terms of a word: in each language, and unstemmed."""

_ORDER = {space: place for place, space in enumerate(SPACES)}


class WordScores:
    """Adds up words, and keeps the sums of the last ones. Safe to use from several threads."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._kept: OrderedDict[tuple[int, Word], Scored] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def add_up(self, shard: Shard, leaves: Sequence[Leaf]) -> Scored:
        """Return the documents of a shard with any of some terms, and the sum for each."""
        found = [self._word(shard, word) for word in _words(leaves)]
        if len(found) == 1:
            return found[0]
        documents = np.concatenate([documents for documents, _ in found])
        worth = np.concatenate([worth for _, worth in found])
        scores = sums(documents, worth, shard.documents)
        matched = (scores > 0).nonzero()[0]
        return matched, scores[matched]

    def _word(self, shard: Shard, word: Word) -> Scored:
        key = shard.parts[0].place, word
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        postings = Postings(shard, self._statistics)
        for leaf in word:
            postings.add(leaf)
        found = postings.found()
        if len(found[0]) <= MAX_SHARE * MAX_KEPT:
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[int, Word], found: Scored) -> None:
        for array in found:
            array.setflags(write=False)  # it is lent to several queries
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._size += len(found[0])
            while self._size > MAX_KEPT:
                _, (documents, _) = self._kept.popitem(last=False)
                self._size -= len(documents)


def _words(leaves: Sequence[Leaf]) -> Iterator[Word]:
    """Yield the terms of each word: they come in the order of the spaces."""
    word: list[Leaf] = []
    for leaf in leaves:
        if word and _ORDER[leaf.space] <= _ORDER[word[-1].space]:
            yield tuple(word)
            word = []
        word.append(leaf)
    if word:
        yield tuple(word)
