"""What words are worth to the documents of a shard, kept for those that are asked for often.

Most queries are made of words that were asked for before. Adding up what a word's terms are worth
in all fields is a good part of a ranking, so the sums are kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import SPACES
from service.search.plan import Leaf, Name, Run, Titled, Unit
from service.search.ranking.postings import Postings, sums
from service.search.ranking.runs import RunReader, Scored
from service.search.ranking.selection import rough_bound
from service.search.ranking.shards import Documents, Shard, are_among
from service.search.ranking.statistics import Statistics
from service.search.ranking.titles import find_titled

MAX_KEPT = 1_500_000
"""Documents of all words that are kept; each takes 16 bytes, so these are 24 MB."""

OVERHEAD = 100
"""Documents for which a word counts beside its own: the objects that hold it take 1.6 kB or less.
Words that no document has would else be kept without end."""

MAX_SHARE = 0.1
"""A word that takes more than this share of all is not kept: it would push out all others."""

Check = Callable[[], None]

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

    def holds(self, documents: Documents) -> NDArray[np.bool_]:
        """Return which of some documents have the word."""
        return are_among(documents, self.documents)

    def reached_by(self, size: int) -> float:
        """Return what ``size`` documents are worth at least; zero if that is not known."""
        return rough_bound(self.worth, size) if size else 0.0


class WordScores:
    """Adds up words, and keeps the sums of the last ones. Safe to use from several threads."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._kept: OrderedDict[tuple[int, Unit], WordScore] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def of(
        self, shard: Shard, units: Iterable[Unit], check_time: Check = lambda: None
    ) -> list[WordScore]:
        """Return what some units are worth; ``check_time`` is called before each, and may raise."""
        return [self._unit(shard, unit, check_time) for unit in units]

    def hold(self, shard: Shard, documents: Documents, units: Iterable[Unit]) -> NDArray[np.bool_]:
        """Return which of some documents of a shard have a word, by any of what it is found by."""
        has = np.zeros(len(documents), np.bool_)
        for score in self.of(shard, units):
            has |= score.holds(documents)
        return has

    def tells(self, unit: Unit) -> float:
        """Return the inverse document frequency of a word, zero of what is none."""
        leaves = unit if isinstance(unit, tuple) else ()
        return self._statistics.idf_of((leaf.space, leaf.term) for leaf in leaves)

    def _unit(self, shard: Shard, unit: Unit, check_time: Check) -> WordScore:
        key = shard.parts[0].place, unit
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        check_time()
        found = word_score(*self._scored(shard, unit, check_time), shard.documents)
        if len(found.documents) <= MAX_SHARE * MAX_KEPT:
            self._keep(key, found)
        return found

    def _scored(self, shard: Shard, unit: Unit, check_time: Check) -> Scored:
        if isinstance(unit, Titled):
            return find_titled(unit, shard, self._statistics)
        if isinstance(unit, Run | Name):
            return RunReader(shard, self._statistics, check_time).find(unit)
        postings = Postings(shard, self._statistics)
        for leaf in unit:
            postings.add(leaf)
        return postings.found()

    def _keep(self, key: tuple[int, Unit], found: WordScore) -> None:
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


def units_of(parts: Iterable[Leaf | Run | Name]) -> Iterator[Unit]:
    """Yield the units of a plan's parts: the leaves of a word come in the order of the spaces."""
    word: list[Leaf] = []
    for part in parts:
        if isinstance(part, Leaf) and (not word or _follows(part, word[-1])):
            word.append(part)
            continue
        if word:
            yield tuple(word)
        word = [part] if isinstance(part, Leaf) else []
        if not isinstance(part, Leaf):
            yield part
    if word:
        yield tuple(word)


def _follows(leaf: Leaf, before: Leaf) -> bool:
    return _ORDER[leaf.space] > _ORDER[before.space]
