"""What words are worth to the documents of a shard, kept for those that are asked for often.

Most queries are made of words that were asked for before. Adding up what a word's terms are worth
in all fields is a good part of a ranking, so the sums are kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import SPACES
from service.search.plan import Leaf
from service.search.postings import Postings, sums
from service.search.selection import rough_bound
from service.search.shards import Documents, Shard
from service.search.statistics import Statistics

MAX_KEPT = 1_500_000
"""Documents of all words that are kept; each takes 16 bytes, so these are 24 MB."""

OVERHEAD = 100
"""Documents for which a word counts beside its own: the objects that hold it take 1.6 kB or less.
Words that no document has would else be kept without end."""

MAX_SHARE = 0.1
"""A word that takes more than this share of all is not kept: it would push out all others."""

Scored = tuple[Documents, NDArray[np.float64]]
"""Documents in order, and what they are worth."""

Word = tuple[Leaf, ...]
"""The terms of a word: in each language, and unstemmed."""

_ORDER = {space: place for place, space in enumerate(SPACES)}


@dataclass(frozen=True)
class WordScore:
    """What a word is worth to the documents of a shard that have it.

    Attributes:
        documents: in order.
        worth: to each of them.
        count: how many documents the shard has.
        most: the largest worth, or zero.
    """

    documents: Documents
    worth: NDArray[np.float64]
    count: int
    most: float

    def reached_by(self, size: int) -> float:
        """Return what ``size`` documents are worth at least; zero if that is not known."""
        return rough_bound(self.worth, size) if size else 0.0


class WordScores:
    """Adds up words, and keeps the sums of the last ones. Safe to use from several threads."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._kept: OrderedDict[tuple[int, Word], WordScore] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def of(self, shard: Shard, leaves: Sequence[Leaf]) -> list[WordScore]:
        """Return what the words are worth that some terms make up."""
        return [self._word(shard, word) for word in _words(leaves)]

    def _word(self, shard: Shard, word: Word) -> WordScore:
        key = shard.parts[0].place, word
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        postings = Postings(shard, self._statistics)
        for leaf in word:
            postings.add(leaf)
        found = word_score(*postings.found(), shard.documents)
        if len(found.documents) <= MAX_SHARE * MAX_KEPT:
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[int, Word], found: WordScore) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._size += len(found.documents) + OVERHEAD
            while self._size > MAX_KEPT:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone.documents) + OVERHEAD


def add_up(words: Sequence[WordScore]) -> Scored:
    """Return the documents with any of some words, in order, and what they are worth."""
    if len(words) == 1:
        return words[0].documents, words[0].worth
    if not words:
        return np.zeros(0, np.intp), np.zeros(0)
    documents = np.concatenate([word.documents for word in words])
    worth = np.concatenate([word.worth for word in words])
    scores = sums(documents, worth, words[0].count)
    matched = (scores > 0).nonzero()[0]
    return matched, scores[matched]


def word_score(documents: Documents, worth: NDArray[np.float64], count: int) -> WordScore:
    """Return a word of which it is known what it is worth, in a shard of ``count`` documents."""
    for array in (documents, worth):
        array.setflags(write=False)  # it is lent to several queries
    return WordScore(documents, worth, count, float(worth.max(initial=0.0)))


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
