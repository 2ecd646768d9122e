"""Segments that are searched as one.

To begin anything takes NumPy a microsecond, and each segment takes some forty beginnings. So
segments that lie one after the other are put together as long as their documents can be numbered in
two bytes: an index of fifty small segments is then searched as fast as one of a single segment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import SPACES
from indexer.index.columns.segment import SegmentColumns

Documents = NDArray[np.intp]


MAX_DOCUMENTS = 262_144
"""Documents of a shard: their scores take two megabytes, what a core has of fast memory."""


class Runs(NamedTuple):
    """The postings of a space in one part of a shard.

    Attributes:
        place: of the segment in the index.
        base: what to add to its documents' numbers.
        docs: the documents,
        loads: and the loads of all postings.
        big_at: which of these do not hold their frequencies, ascending.
    """

    place: int
    base: int
    docs: NDArray[np.uint16]
    loads: NDArray[np.uint16]
    big_at: NDArray[np.uint32]


class Part(NamedTuple):
    """A segment in a shard: its documents there have the numbers from ``base`` to ``end``."""

    place: int
    base: int
    end: int
    columns: SegmentColumns


@dataclass(frozen=True)
class Shard:
    """Consecutive segments, whose documents are numbered through.

    Attributes:
        parts: the segments.
        runs: their postings by space.
        deleted: numbers of documents that are there no more.
    """

    parts: tuple[Part, ...]
    runs: dict[str, tuple[Runs, ...]]
    deleted: Documents

    @property
    def documents(self) -> int:
        """How many documents there are, deleted ones included."""
        return self.parts[-1].end

    def column(self, name: str) -> NDArray[Any]:
        """Return the values of all documents in a column of one entry a document."""
        columns = [part.columns.arrays[name] for part in self.parts]
        return columns[0] if len(columns) == 1 else np.concatenate(columns)

    def split(self, documents: Documents) -> Iterator[tuple[Part, slice]]:
        """Yield, by part, which stretch of some ascending documents lies in it, if any does."""
        if len(self.parts) == 1:
            yield self.parts[0], slice(0, len(documents))
            return
        ends = documents.searchsorted([part.end for part in self.parts]).tolist()
        start = 0
        for part, end in zip(self.parts, ends, strict=True):
            if start < end:
                yield part, slice(start, end)
            start = end


def shards_of(segments: Sequence[tuple[SegmentColumns, Sequence[int]]]) -> list[Shard]:
    """Put segments, each with its deleted documents, together into shards."""
    groups: list[list[Part]] = []
    for place, (columns, _) in enumerate(segments):
        base = groups[-1][-1].end if groups else MAX_DOCUMENTS
        if base + columns.documents > MAX_DOCUMENTS:
            groups.append([])
            base = 0
        groups[-1].append(Part(place, base, base + columns.documents, columns))
    return [_shard(group, [segments[part.place][1] for part in group]) for group in groups]


def _shard(parts: Sequence[Part], deleted: Sequence[Sequence[int]]) -> Shard:
    gone = [part.base + number for part, of in zip(parts, deleted, strict=True) for number in of]
    runs = {
        space: tuple(
            Runs(
                part.place,
                part.base,
                part.columns.arrays[f"{space}.docs"],
                part.columns.arrays[f"{space}.load"],
                part.columns.arrays[f"{space}.big_at"],
            )
            for part in parts
        )
        for space in SPACES
    }
    return Shard(tuple(parts), runs, np.array(sorted(gone), np.intp))


def homes_of(shards: Sequence[Shard]) -> dict[int, tuple[int, Part]]:
    """Return for each segment, by its place, the number of its shard and its part of that."""
    return {part.place: (number, part) for number, s in enumerate(shards) for part in s.parts}


def looked_up(few: Documents, many: Documents) -> tuple[NDArray[np.bool_], Documents]:
    """Return which of some documents are among others, which ascend, and where these stand."""
    at = many.searchsorted(few)
    held = _are_at(few, many, at)
    return held, at[held]


def are_among(few: Documents, many: Documents) -> NDArray[np.bool_]:
    """Return which of some documents are among others, which ascend."""
    return _are_at(few, many, many.searchsorted(few))


def _are_at(few: Documents, many: Documents, at: Documents) -> NDArray[np.bool_]:
    """Return which of some documents stand among others where they would have to."""
    if not len(many):
        return np.zeros(len(few), np.bool_)
    held: NDArray[np.bool_] = many.take(at, mode="clip") == few  # behind the last stands none
    return held
