"""The postings of a field → the blocks of Whoosh's postings file, and the entries of its terms.

As ``whoosh.codec.whoosh3`` writes them, from arrays. Whoosh reads the parts of a block as sequences
of numbers, whatever their type; bytes are the shortest.
"""

import struct
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pickle import dumps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC

BLOCK = 1024
"""Postings of a block. Whoosh's own 128 make the file a tenth larger and take twice as long."""

COMPRESSED_FROM = 128
"""Bytes of a block from which it is compressed; smaller ones hardly shrink."""

LEVEL = 1
"""Of zlib. Whoosh's own 3 takes a third longer and makes the file a hundredth smaller."""

_ENTRY = struct.Struct("!BfIBBfIIqi")
"""A term's entry, as ``W3TermInfo`` packs it: statistics, then place and length of its blocks."""

_KEY = struct.Struct("!H")
_LENGTH = struct.Struct("!i")

Ints = NDArray[np.int64]


@dataclass
class FieldPostings:
    """The postings of a field, term by term.

    Attributes:
        terms: in ascending order.
        begins: where the postings of each begin; one more entry than terms.
        documents: of each posting, ascending within a term.
        weights: how often the document holds the term.
        lengths: the byte of the document's number of words.
        values: what the field's format says of each posting; empty if nothing.
        places: where the values of each posting begin, and the end; None if each has four bytes.
    """

    terms: list[bytes]
    begins: Ints
    documents: Ints
    weights: Ints
    lengths: NDArray[np.uint8]
    values: bytes
    places: Ints | None


class _Statistics(NamedTuple):
    """What is to be known of stretches of postings, a list entry for each."""

    last: list[int]
    heaviest: list[int]
    lightest: list[int]
    shortest: list[int]
    longest: list[int]


class TermWriter:
    """Writes fields, in the order of their names, through Whoosh's writer of fields."""

    def __init__(self, writer: Any) -> None:
        """Take a ``W3FieldWriter``, whose files these are."""
        self._entries = writer._tindex  # noqa: SLF001 - there is no other door
        self._numbers: dict[str, int] = writer._fieldmap  # noqa: SLF001
        self._file = writer._postfile  # noqa: SLF001

    def add(self, name: str, field: FieldPostings) -> None:
        """Write the postings of a field."""
        self._numbers[name] = len(self._numbers)
        prefix = _KEY.pack(self._numbers[name])
        blocks = _Blocks(field)
        statistics = _statistics(field, field.begins)
        weights = np.add.reduceat(field.weights, field.begins[:-1]).tolist()
        counts = np.diff(field.begins).tolist()
        first_ids = field.documents[field.begins[:-1]].tolist()
        offset = self._file.tell()
        rows = zip(
            field.terms, weights, counts, statistics.shortest, statistics.longest,
            statistics.heaviest, first_ids, statistics.last, strict=True,
        )  # fmt: skip
        at = 0
        for term, weight, count, shortest, longest, heaviest, first_id, last_id in rows:
            number = -(-count // BLOCK)
            data = blocks.encoded(at, at + number)
            at += number
            self._file.write(data)
            entry = _ENTRY.pack(
                0, weight, count, shortest, longest, heaviest, first_id, last_id, offset, len(data)
            )
            self._entries.add(prefix + term, entry)
            offset += len(data)


class _Blocks:
    """The postings of a field in blocks."""

    def __init__(self, field: FieldPostings) -> None:
        numbers = -(-np.diff(field.begins) // BLOCK)
        ends = np.cumsum(numbers)
        total = int(ends[-1])
        begins = np.repeat(field.begins[:-1] - (ends - numbers) * BLOCK, numbers)
        begins += np.arange(total) * BLOCK
        steps = np.diff(field.documents, prepend=0)
        steps[begins] = field.documents[begins]
        self._widest = np.maximum.reduceat(steps, begins).tolist()
        bounds = np.append(begins, len(field.documents))
        self._statistics = _statistics(field, bounds)
        self._begins: list[int] = bounds.tolist()
        self._steps, self._weights = steps, field.weights
        self._step_bytes = steps.astype(np.uint8).tobytes()
        self._weight_bytes = field.weights.astype(np.uint8).tobytes()
        self._values, self._places = field.values, field.places

    def encoded(self, first: int, end: int) -> bytes:
        """Return the blocks of a term."""
        parts = [WHOOSH3_HEADER_MAGIC]
        of = self._statistics
        for number in range(first, end):
            begin, stop = self._begins[number], self._begins[number + 1]
            content = (
                self._ids(number, begin, stop),
                self._frequencies(number, begin, stop),
                self._payload(begin, stop),
            )
            data = dumps(content, 4 if self._places is not None and stop - begin > 8 else 3)
            level = LEVEL if len(data) >= COMPRESSED_FROM else 0
            if level:
                data = zlib.compress(data, level)
            heaviest, shortest, longest = (
                of.heaviest[number], of.shortest[number], of.longest[number],
            )  # fmt: skip
            info = dumps((stop - begin, of.last[number], heaviest, level, shortest, longest), 2)
            length = len(info) + len(data)
            parts += (_LENGTH.pack(length if number + 1 < end else -length), info, data)
        return b"".join(parts)

    def _ids(self, number: int, begin: int, end: int) -> bytes | tuple[int, ...]:
        if self._widest[number] < 256:
            return self._step_bytes[begin:end]
        return tuple(self._steps[begin:end].tolist())

    def _frequencies(self, number: int, begin: int, end: int) -> Any:
        heaviest = self._statistics.heaviest[number]
        if heaviest == 1:
            return None
        if heaviest == self._statistics.lightest[number]:
            return float(heaviest)
        if heaviest < 256:
            return self._weight_bytes[begin:end]
        return tuple(self._weights[begin:end].tolist())

    def _payload(self, begin: int, end: int) -> Any:
        if not self._values:
            return None
        if self._places is None:
            return self._values[4 * begin : 4 * end]
        places = self._places[begin : end + 1].tolist()
        values = self._values
        return tuple([values[a:b] for a, b in pairwise(places)])


def _statistics(field: FieldPostings, begins: Ints) -> _Statistics:
    starts = begins[:-1]
    return _Statistics(
        last=field.documents[begins[1:] - 1].tolist(),
        heaviest=np.maximum.reduceat(field.weights, starts).tolist(),
        lightest=np.minimum.reduceat(field.weights, starts).tolist(),
        shortest=np.minimum.reduceat(field.lengths, starts).tolist(),
        longest=np.maximum.reduceat(field.lengths, starts).tolist(),
    )
