"""Words that stand together in an article as they were typed: "chest pain" is not pain, and chest.

A pair is two words typed side by side. In an article it counts where both stand side by side or
with one word between, in that order. Pairs score like words do (the sequential dependence model of
Metzler and Croft, 2005, with BM25 for its language models). In how many articles a pair stands is
counted among the best only: elsewhere it is not looked for.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT
from indexer.index.columns.texts import SegmentTexts
from indexer.index.schema import K1
from service.search.plan import Leaf
from service.search.ranking.selection import Place
from service.search.ranking.statistics import Statistics
from service.search.reading.spoken import Spoken
from service.search.snippets.matching import Scratch

WEIGHT = 0.2
"""What a pair is worth beside a word. On NFCorpus dev and SciFact train 0 to 0.5 differ by less
than 0.004 of nDCG@10; on the project's own set it gains 0.002, "chest pain" among it."""

REACH = 2
"""How far behind the first word of a pair the second may stand."""

MAX_WORDS = 2_000
"""Words of an article that are read; what it is about is said by then."""


Counts = NDArray[np.float64]
"""A row for each article, a column for each word: the pair of it and the next."""

Numbers = NDArray[np.uint16]
"""Which of the words, from 1, stands in a place; zero for none."""


class _Typed(NamedTuple):
    """A word, its terms, and how much it tells."""

    leaves: tuple[Leaf, ...]
    idf: float


class Proximity:
    """Scores articles by the pairs in them. Safe to use from several threads."""

    def __init__(self, segments: Sequence[SegmentTexts], statistics: Statistics) -> None:
        self._segments = segments
        self._statistics = statistics
        self._scratch = Scratch()

    def worth(self, places: Sequence[Place], spoken: Sequence[Spoken]) -> NDArray[np.float64]:
        """Return what the pairs of the typed words are worth in each of some articles."""
        words = [self._typed(word) for word in spoken if word.exact]
        tells = [_tells(*pair) for pair in pairwise(words)]
        if not (places and any(tells)):
            return np.zeros(len(places))
        counts = self._counts(places, words)
        # The last word has none behind it, so its pair tells nothing.
        most = np.array([a.idf + b.idf for a, b in pairwise(words)] + [0.0])
        idfs = self._idfs(counts, most) * [*tells, False]
        saturated = counts * (K1 + 1) / (counts + K1)
        worth: NDArray[np.float64] = saturated @ (WEIGHT * idfs)
        return worth

    def _idfs(self, counts: Counts, most: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much each pair tells: as a word does, but no more than its two words do."""
        held = (counts > 0).sum(axis=0)
        told = np.log(max(self._statistics.articles, 1) / (held + 1)) + 1
        idfs: NDArray[np.float64] = np.minimum(np.maximum(told, 0), most)
        return idfs

    def _typed(self, word: Spoken) -> _Typed:
        exact = Leaf(EXACT, word.exact, (0, 1))
        leaves = [leaf for leaf in word.leaves if leaf.space != EXACT] or [exact]
        idf = self._statistics.idf_of((leaf.space, leaf.term) for leaf in leaves)
        return _Typed(tuple(leaves), idf)

    def _counts(self, places: Sequence[Place], words: Sequence[_Typed]) -> Counts:
        """Return how often each pair stands in each of some articles."""
        rows, sizes, read = list[int](), list[int](), list[Numbers]()
        by_segment: dict[int, list[int]] = {}
        for row, place in enumerate(places):
            by_segment.setdefault(place.segment, []).append(row)
        for segment, of_segment in by_segment.items():
            documents = [places[row].document for row in of_segment]
            numbers, sizes_of_segment = self._read(self._segments[segment], documents, words)
            rows += of_segment
            sizes += sizes_of_segment
            read.append(numbers)
        numbers = np.concatenate(read)
        at = (numbers != 0).nonzero()[0]
        of_words = numbers[at]
        upto = at.searchsorted(np.cumsum([0, *sizes]))
        owners = np.repeat(rows, upto[1:] - upto[:-1])
        cells = owners * len(words) + of_words - 1
        held = np.zeros(len(places) * len(words), np.intp)
        # With a word between, that may be one of the query, too: so look one and two matches on.
        for step in (1, 2):
            is_pair = of_words[step:] == of_words[:-step] + 1
            is_pair &= at[step:] - at[:-step] <= REACH
            is_pair &= owners[step:] == owners[:-step]
            held += np.bincount(cells[:-step][is_pair], minlength=len(held))
        return held.reshape(len(places), len(words)).astype(np.float64)

    def _read(
        self, texts: SegmentTexts, documents: Sequence[int], words: Sequence[_Typed]
    ) -> tuple[Numbers, list[int]]:
        """Return which words stand in some documents of a segment, and how long each is."""
        tokens, token_form = texts.tokens, texts.token_form
        starts = [tokens[number] for number in documents]
        sizes = [min(tokens[number + 1] - tokens[number], MAX_WORDS) for number in documents]
        read = [token_form[at : at + size] for at, size in zip(starts, sizes, strict=True)]
        return self._numbers(texts, words, np.concatenate(read)), sizes

    def _numbers(
        self, texts: SegmentTexts, words: Sequence[_Typed], forms: NDArray[np.integer[Any]]
    ) -> Numbers:
        """Return for each form which of the words it is, from 1, or zero."""
        found = [
            (number, held.numbers)
            for number, word in enumerate(words, 1)
            for leaf in word.leaves
            if (held := texts.forms(leaf.space, leaf.term))
        ]
        if not found:
            return np.zeros(len(forms), np.uint16)
        of_words = np.concatenate([numbers for _, numbers in found])
        table = self._scratch.zeros(len(texts.form_bytes))
        # Of the words that have a form in common the last one counts.
        table[of_words] = [number for number, numbers in found for _ in range(len(numbers))]
        try:
            return table.take(forms)
        finally:
            table[of_words] = 0


def _tells(first: _Typed, second: _Typed) -> bool:
    """Return whether a pair is of two words, one of which at least is no function word."""
    a, b = first.leaves, second.leaves
    return a != b and not (a[0].space == b[0].space == EXACT)
