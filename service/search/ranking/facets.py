"""Filters and facets: which documents carry a value, and how many of those found do."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.shards import Documents, Shard
from service.search.request import SearchRequest
from service.search.response import FacetCount

MAX_FACET_VALUES = 20
"""Values of a facet that are counted out; more help nobody to choose."""

Mask = NDArray[np.bool_]


class Facet:
    """The values of one facet in all shards of a generation."""

    def __init__(self, shards: Sequence[Shard], name: str) -> None:
        segments = [part.columns for shard in shards for part in shard.parts]
        self.values = sorted({value for each in segments for value in _values(each, name)})
        number = {value: place for place, value in enumerate(self.values, 1)}
        self._rows = [_shard_rows(shard, name, number) for shard in shards]
        self._is_same = len(self.values) == 1 and all(rows.all() for rows in self._rows)

    def counts(self) -> NDArray[np.int64]:
        """Return an empty count: of no value, and of each value."""
        return np.zeros(len(self.values) + 1, np.int64)

    def add(self, counts: NDArray[np.int64], shard: int, documents: Documents) -> None:
        """Add how many of some documents of the shard of that place carry each value."""
        if self._is_same:
            counts[1] += len(documents)
        elif self.values:
            carried = self._rows[shard].take(documents, axis=0).ravel()
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


def _shard_rows(shard: Shard, name: str, number: Mapping[str, int]) -> NDArray[np.int32]:
    """Return a row of values for each document, by number; zero where it has fewer than others."""
    sizes = np.concatenate([np.diff(p.columns.arrays[f"{name}.of_ptr"]) for p in shard.parts])
    rows = np.zeros((shard.documents, int(sizes.max(initial=0))), np.int32)
    filled = np.arange(rows.shape[1]) < sizes.astype(np.intp)[:, None]
    rows[filled] = np.concatenate([_numbers(p.columns, name, number) for p in shard.parts])
    return rows


def _numbers(columns: SegmentColumns, name: str, number: Mapping[str, int]) -> NDArray[np.int32]:
    """Return the values of all documents of a segment, one after the other, by number."""
    held = np.array([number[value] for value in _values(columns, name)], np.int32)
    return held[columns.arrays[f"{name}.of"]]


def admitted(shard: Shard, request: SearchRequest) -> Mask | None:
    """Return which documents of a shard are there and pass a request's filters; None for all.

    Of topics all must hold, of languages one.
    """
    mask = live(shard)
    if not (request.topic or request.language):
        return mask
    mask = np.ones(shard.documents, np.bool_) if mask is None else mask
    for topic in request.topic:
        mask &= _carrying(shard, "topic", (topic,))
    if request.language:
        mask &= _carrying(shard, "language", request.language)
    return mask


def live(shard: Shard) -> Mask | None:
    """Return which documents of a shard are there; None for all."""
    if not len(shard.deleted):
        return None
    mask = np.ones(shard.documents, np.bool_)
    mask[shard.deleted] = False
    return mask


def _carrying(shard: Shard, name: str, values: Iterable[str]) -> Mask:
    mask = np.zeros(shard.documents, np.bool_)
    for value in values:
        for part in shard.parts:
            arrays = part.columns.arrays
            number = part.columns.number(name, value.lower())
            if number is not None:
                ptr = arrays[f"{name}.ptr"]
                docs = arrays[f"{name}.docs"][ptr[number] : ptr[number + 1]]
                mask[part.base : part.end][docs] = True
    return mask
