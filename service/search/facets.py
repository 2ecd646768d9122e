"""Filters and facets: which documents carry a value, and how many of those found do."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.request import SearchRequest
from service.search.response import FacetCount

MAX_FACET_VALUES = 20
"""Values of a facet that are counted out; more help nobody to choose."""

Mask = NDArray[np.bool_]
Documents = NDArray[np.intp]


class Facet:
    """The values of one facet in all segments of a generation."""

    def __init__(self, segments: Sequence[SegmentColumns], name: str) -> None:
        local = [_values(columns, name) for columns in segments]
        self.values = sorted({value for values in local for value in values})
        number = {value: place for place, value in enumerate(self.values, 1)}
        self._rows = [
            _rows(columns, name, np.array([0, *(number[value] for value in values)], np.int32))
            for columns, values in zip(segments, local, strict=True)
        ]
        self._is_same = len(self.values) == 1 and all(rows.all() for rows in self._rows)

    def counts(self) -> NDArray[np.int64]:
        """Return an empty count: of no value, and of each value."""
        return np.zeros(len(self.values) + 1, np.int64)

    def add(self, counts: NDArray[np.int64], segment: int, documents: Documents) -> None:
        """Add how many of some documents of a segment carry each value."""
        if self._is_same:
            counts[1] += len(documents)
        elif self.values:
            carried = self._rows[segment].take(documents, axis=0).ravel()
            counts += np.bincount(carried, minlength=len(counts))

    def ranked(self, counts: NDArray[np.int64]) -> tuple[FacetCount, ...]:
        """Return the most frequent values; equally frequent ones by name."""
        found = np.flatnonzero(counts[1:])
        if len(found) > MAX_FACET_VALUES:
            held = counts[1:][found]
            found = found[held >= np.partition(held, -MAX_FACET_VALUES)[-MAX_FACET_VALUES]]
        ranked = [FacetCount(self.values[place], int(counts[place + 1])) for place in found]
        ranked.sort(key=lambda each: (-each.count, each.value))
        return tuple(ranked[:MAX_FACET_VALUES])


def _values(columns: SegmentColumns, name: str) -> list[str]:
    raw = columns.arrays[f"{name}.values"].tobytes()
    ends = columns.arrays[f"{name}.values_ptr"].tolist()
    return [raw[start:end].decode() for start, end in pairwise(ends)]


def _rows(columns: SegmentColumns, name: str, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return a row of values for each document, by number; zero where it has fewer than others."""
    sizes = np.diff(columns.arrays[f"{name}.of_ptr"]).astype(np.intp)
    rows = np.zeros((columns.documents, int(sizes.max(initial=0))), np.int32)
    filled = np.arange(rows.shape[1]) < sizes[:, None]
    rows[filled] = numbers[columns.arrays[f"{name}.of"] + 1]
    return rows


def admitted(columns: SegmentColumns, request: SearchRequest) -> Mask | None:
    """Return which documents of a segment a request's filters let through; None for all.

    Of topics all must hold, of languages one.
    """
    if not (request.topic or request.language):
        return None
    mask = np.ones(columns.documents, np.bool_)
    for topic in request.topic:
        mask &= _carrying(columns, "topic", (topic,))
    if request.language:
        mask &= _carrying(columns, "language", request.language)
    return mask


def _carrying(columns: SegmentColumns, name: str, values: Iterable[str]) -> Mask:
    mask = np.zeros(columns.documents, np.bool_)
    for value in values:
        number = columns.number(name, value.lower())
        if number is not None:
            ptr = columns.arrays[f"{name}.ptr"]
            mask[columns.arrays[f"{name}.docs"][ptr[number] : ptr[number + 1]]] = True
    return mask
