"""Which words stand together: in the same articles, or one after the other.

What was meant by a wrong word shows in what its neighbours are. Only the largest segments are
looked at, and so many articles, so that it costs about the same in any index.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT, FIELDS_OF
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.phrases import BODY, TITLE, holds_run

MAX_SEGMENTS = 8
MAX_READ = 24
"""Articles of a segment whose texts are read for words that stand side by side."""


class Company:
    """Counts the articles that hold several terms. Deleted ones count: it is but a hint.

    Attributes:
        documents: the articles of all segments.
    """

    def __init__(self, segments: Sequence[SegmentColumns]) -> None:
        self._segments = sorted(segments, key=lambda each: -each.documents)[:MAX_SEGMENTS]
        self.documents = sum(segment.documents for segment in segments)

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[int]:
        """Return for each term how many articles hold it and one of the others."""
        counts = np.zeros(len(terms), np.int64)
        for segment in self._segments:
            around = np.zeros(segment.documents, np.bool_)
            for other in others:
                around |= _held(segment, other)
            counts += [np.count_nonzero(_held(segment, term) & around) for term in terms]
        return counts.tolist()

    def neighbours(self, first: str, second: str) -> int:
        """Return in about how many articles one term follows the other at once."""
        total = 0.0
        for segment in self._segments:
            both = (_held(segment, first) & _held(segment, second)).nonzero()[0]
            if len(both):
                read = both[:: -(-len(both) // MAX_READ)]
                found = holds_run(segment, read, TITLE, (first, second))
                found |= holds_run(segment, read, BODY, (first, second))
                total += np.count_nonzero(found) * len(both) / len(read)
        return round(total)


def _held(segment: SegmentColumns, term: str) -> NDArray[np.bool_]:
    """Return for each article of a segment whether it holds a term."""
    held = np.zeros(segment.documents, np.bool_)
    number = segment.number(EXACT, term)
    if number is not None:
        width = len(FIELDS_OF[EXACT])
        ptr = segment.arrays[f"{EXACT}.ptr"]
        held[segment.arrays[f"{EXACT}.docs"][ptr[number * width] : ptr[(number + 1) * width]]] = (
            True
        )
    return held
