"""The unstemmed terms of all segments of a generation, each once, with their frequencies."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT, FIELDS_OF, term_hash
from indexer.index.columns.segment import SegmentColumns, hash_of
from indexer.index.withdrawals import Withdrawn

Ids = NDArray[np.intp]
"""Numbers of terms, in the order of their hashes."""

Counts = NDArray[np.int64]


class Vocabulary:
    """The terms of a generation by number. Safe to use from several threads.

    Attributes:
        letters: which letters each term has; see ``indexer.index.columns.letters``.
        documents: how many live articles hold each in their bodies or, if more, in their titles.
        in_titles: how many hold it in their titles.
    """

    def __init__(self, segments: Sequence[SegmentColumns], withdrawn: Withdrawn) -> None:
        """Take the segments, and what their deleted articles still count for."""
        self._segments = segments
        hashes = [segment.arrays[f"{EXACT}.hash"] for segment in segments]
        starts = np.cumsum([0, *map(len, hashes)])
        self._hashes, first, ids = _merged(hashes)
        self._ids: list[Ids] = [ids[start:end] for start, end in pairwise(starts.tolist())]
        self._segment_of = np.searchsorted(starts, first, "right") - 1
        self._number_of = first - starts[self._segment_of]
        letters = [segment.arrays[f"{EXACT}.letters"] for segment in segments]
        self.letters: NDArray[np.uint64] = (
            letters[0] if len(letters) == 1 else np.concatenate([_NO_LETTERS, *letters])[first]
        )
        counts = self._counts(withdrawn)
        self.documents: Counts = reduce(np.maximum, counts)
        self.in_titles: Counts = counts[_TITLE]

    def id(self, term: str) -> int | None:
        """Return the number of a term, or None if no segment holds it."""
        return _place(self._hashes, hash_of(term))

    def texts(self, ids: Ids) -> list[str]:
        """Return the terms of those numbers."""
        homes = zip(self._segment_of[ids].tolist(), self._number_of[ids].tolist(), strict=True)
        return [self._segments[segment].exact_text(number) for segment, number in homes]

    def beginning(self, text: str) -> Ids:
        """Return the live terms that begin so."""
        found = [
            ids[segment.exact_numbers(text)]
            for segment, ids in zip(self._segments, self._ids, strict=True)
        ]
        ids = found[0] if len(found) == 1 else np.unique(np.concatenate([_NO_IDS, *found]))
        return ids[self.documents[ids] > 0]

    def _counts(self, withdrawn: Withdrawn) -> list[Counts]:
        """Return how many live articles hold each term, by field."""
        counts: list[Counts] = []
        for field, name in enumerate(FIELDS_OF[EXACT]):
            total = np.zeros(len(self._hashes), np.int64)
            for segment, ids in zip(self._segments, self._ids, strict=True):
                total[ids] += _frequencies(segment, field)
            for term, count in withdrawn.frequencies.get(name, {}).items():
                place = _place(self._hashes, np.uint64(term_hash(term)))
                if place is not None:
                    total[place] -= count
            counts.append(total)
        return counts


_TITLE = FIELDS_OF[EXACT].index("title_exact")
_NO_LETTERS = np.zeros(0, np.uint64)
_NO_IDS = np.zeros(0, np.intp)


def _merged(hashes: Sequence[NDArray[np.uint64]]) -> tuple[NDArray[np.uint64], Ids, Ids]:
    """Return the different hashes, where each comes first among all, and the place of each."""
    if len(hashes) == 1:
        every = np.arange(len(hashes[0]))
        return hashes[0], every, every
    return np.unique(np.concatenate([_NO_LETTERS, *hashes]), return_index=True, return_inverse=True)


def _frequencies(segment: SegmentColumns, field: int) -> Counts:
    """Return how many articles of a segment hold each term in a field."""
    width = len(FIELDS_OF[EXACT])
    ptr = segment.arrays[f"{EXACT}.ptr"].astype(np.int64)
    sizes: Counts = ptr[field + 1 :: width] - ptr[field:-1:width]
    return sizes


def _place(hashes: NDArray[np.uint64], wanted: np.uint64) -> int | None:
    at = int(hashes.searchsorted(wanted))
    return at if at < len(hashes) and hashes[at] == wanted else None
