"""Facets: how many of the documents found carry each value."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.shards import Documents, Shard
from service.search.request import FacetName
from service.search.response import FacetCount

MAX_FACET_VALUES = 20
"""Values of a facet that are counted out; more help nobody to choose."""

USUAL: tuple[FacetName, ...] = ("topic", "language")
"""The facets that a request counts which does not say."""


class Facets:
    """The facets of a generation: those of every search at once, others when they are asked for."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = shards
        self._known = {name: Facet(shards, name) for name in USUAL}

    def of(self, names: Iterable[FacetName]) -> Mapping[str, "Facet"]:
        """Return the facets of those names, each once."""
        return {name: self._facet(name) for name in names}

    def _facet(self, name: FacetName) -> "Facet":
        if name not in self._known:
            self._known[name] = Facet(self._shards, name)
        return self._known[name]


class Facet:
    """The values of one facet in all shards of a generation.

    What differs only in case is one value, shown as live articles write it most often.
    """

    def __init__(self, shards: Sequence[Shard], name: str) -> None:
        written: Counter[str] = Counter()
        for shard in shards:
            for value, count in _written(shard, name):
                written[value] += count
        by_use = sorted(sorted(written, reverse=True), key=written.__getitem__)
        shown = {value.lower(): value for value in by_use}  # the last one stays
        self.values = [shown[value] for value in sorted(shown)]
        number = {value: place for place, value in enumerate(sorted(shown), 1)}
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


def _written(shard: Shard, name: str) -> Iterator[tuple[str, int]]:
    """Yield how many live documents of a shard have each value, as it is written."""
    gone = np.zeros(shard.documents, np.bool_)
    gone[shard.deleted] = True
    for part in shard.parts:
        arrays = part.columns.arrays
        carried = arrays[f"{name}.of"]
        if gone[part.base : part.end].any():
            of_gone = gone[part.base : part.end].repeat(np.diff(arrays[f"{name}.of_ptr"]))
            carried = carried[~of_gone]
        values = _values(part.columns, name)
        counts = np.bincount(carried, minlength=len(values)).tolist()
        yield from zip(values, counts, strict=True)


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
    held = np.array([number[value.lower()] for value in _values(columns, name)], np.int32)
    return held[columns.arrays[f"{name}.of"]]
