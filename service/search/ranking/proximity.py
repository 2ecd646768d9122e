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

    def worth(self, places: Sequence[Place], spoken: Sequence[Spoken]) -> list[float]:
        """Return what the pairs of the typed words are worth in each of some articles."""
        words = [self._typed(word) for word in spoken if word.exact]
        pairs = [(a, b) for a, b in pairwise(range(len(words))) if self._tells(words, a, b)]
        if not pairs:
            return [0.0] * len(places)
        counts = np.zeros((len(places), len(words)))
        for segment in sorted({place.segment for place in places}):
            rows = [row for row, place in enumerate(places) if place.segment == segment]
            documents = [places[row].document for row in rows]
            counts[rows] = self._counts(segment, documents, words)
        saturated = counts * (K1 + 1) / (counts + K1)
        worth: list[float] = (saturated @ (WEIGHT * self._idfs(words, counts))).tolist()
        return worth

    def _idfs(self, words: Sequence[_Typed], counts: Counts) -> NDArray[np.float64]:
        """Return how much each pair tells: as a word does, but no more than its two words do."""
        held = np.count_nonzero(counts, axis=0)
        told = np.log(max(self._statistics.articles, 1) / (held + 1)) + 1
        most = np.array([a.idf + b.idf for a, b in pairwise(words)] + [0.0])
        tells = [self._tells(words, a, b) for a, b in pairwise(range(len(words)))]
        idfs: NDArray[np.float64] = np.clip(told, 0, most) * [*tells, False]
        return idfs

    def _typed(self, word: Spoken) -> _Typed:
        exact = Leaf(EXACT, word.exact, (0, 1))
        leaves = [leaf for leaf in word.leaves if leaf.space != EXACT] or [exact]
        idf = self._statistics.idf_of((leaf.space, leaf.term) for leaf in leaves)
        return _Typed(tuple(leaves), idf)

    @staticmethod
    def _tells(words: Sequence[_Typed], first: int, second: int) -> bool:
        """Return whether a pair is of two words, one of which at least is no function word."""
        a, b = words[first].leaves, words[second].leaves
        return a != b and not (a[0].space == b[0].space == EXACT)

    def _counts(self, segment: int, documents: Sequence[int], words: Sequence[_Typed]) -> Counts:
        """Return how often each pair stands in each of some documents of a segment."""
        texts = self._segments[segment]
        tokens = texts.tokens
        bounds = [(tokens[number], tokens[number + 1]) for number in documents]
        bounds = [(start, min(end, start + MAX_WORDS)) for start, end in bounds]
        forms = np.concatenate([texts.token_form[start:end] for start, end in bounds])
        numbers = self._numbers(texts, words, forms)
        at = numbers.nonzero()[0]
        of_words = numbers[at]
        owners = np.cumsum([end - start for start, end in bounds]).searchsorted(at, "right")
        counts = np.zeros(len(documents) * len(words))
        # With a word between, that may be one of the query, too: so look one and two matches on.
        for step in (1, 2):
            first, second = slice(None, -step), slice(step, None)
            is_pair = of_words[second] == of_words[first] + 1
            is_pair &= at[second] - at[first] <= REACH
            is_pair &= owners[second] == owners[first]
            cells = owners[first][is_pair] * len(words) + of_words[first][is_pair] - 1
            counts += np.bincount(cells, minlength=len(counts))
        return counts.reshape(len(documents), len(words))

    def _numbers(
        self, texts: SegmentTexts, words: Sequence[_Typed], forms: NDArray[np.integer[Any]]
    ) -> NDArray[np.uint16]:
        """Return for each form which of the words it is, from 1, or zero."""
        table = self._scratch.zeros(len(texts.form_bytes))
        touched = []
        for number, word in enumerate(words, 1):
            for leaf in word.leaves:
                if held := texts.forms(leaf.space, leaf.term):
                    table[held.numbers] = number
                    touched.append(held.numbers)
        try:
            return table.take(forms)
        finally:
            for numbers in touched:
                table[numbers] = 0
