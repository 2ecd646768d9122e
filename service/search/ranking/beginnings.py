"""The words that ``prefix*`` stands for: those that most articles hold."""

from collections import Counter
from collections.abc import Sequence
from heapq import nlargest

import numpy as np

from indexer.index.columns.layout import EXACT, FIELDS_OF
from indexer.index.columns.segment import SegmentColumns
from indexer.index.withdrawals import Withdrawn
from service.search.ranking.prefixes import MAX_TERMS

MAX_REMEMBERED = 1_000
"""Beginnings whose words are remembered; to find those of ``co*`` takes milliseconds."""


class Beginnings:
    """Finds the unstemmed words of a generation that begin so. Safe for several threads."""

    def __init__(self, segments: Sequence[SegmentColumns], withdrawn: Withdrawn) -> None:
        self._segments = segments
        self._withdrawn = withdrawn
        self._known: dict[tuple[str, int], tuple[str, ...]] = {}

    def frequent(self, text: str, field: int) -> tuple[str, ...]:
        """Return the words that most live articles hold in an exact field, at most ``MAX_TERMS``.

        Which words those are is a matter of the whole index, not of one of its segments.
        """
        found = self._known.get((text, field))
        if found is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            found = self._known[text, field] = self._find(text, field)
        return found

    def _find(self, text: str, field: int) -> tuple[str, ...]:
        width = len(FIELDS_OF[EXACT])
        frequencies: Counter[str] = Counter()
        for segment in self._segments:
            words, numbers = segment.exact_terms(text)
            ptr = segment.arrays[f"{EXACT}.ptr"]
            runs = numbers.astype(np.int64) * width + field
            held = ptr[runs + 1].astype(np.int64) - ptr[runs]
            for word, count in zip(words, held.tolist(), strict=True):
                frequencies[word] += count
        withdrawn = self._withdrawn.frequencies.get(FIELDS_OF[EXACT][field], {})
        for word in withdrawn.keys() & frequencies.keys():
            frequencies[word] -= withdrawn[word]
        live = sorted(word for word, count in frequencies.items() if count > 0)
        return tuple(nlargest(MAX_TERMS, live, key=frequencies.__getitem__))
