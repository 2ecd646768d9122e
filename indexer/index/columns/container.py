"""A file of named arrays, mapped into memory: what the columns of a segment are kept in.

    magic | length of the table | table | checksum of all of these | arrays, each aligned

The table (msgpack) names every array with its type, shape and place. A file is taken only if its
table is whole and the file ends where the table says; the arrays themselves are covered by the
manifest's checksums.
"""

import mmap
import struct
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged

MAGIC = b"HSCOLS1\n"
ALIGNMENT = 64
"""Bytes; a cache line, and more than any type of array needs."""

_CHECK_BYTES = 16
_HEAD = struct.Struct("<8sQ")

Array = NDArray[Any]


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """Where an array lies: ``offset`` is from the first aligned byte behind the checksum."""

    type: str
    shape: tuple[int, ...]
    offset: int


class _Table(msgspec.Struct, frozen=True, array_like=True):
    entries: dict[str, _Entry]
    size: int


class Arrays(Mapping[str, Array]):
    """The arrays of an open file, by name. They are read-only and valid as long as this lives."""

    def __init__(self, path: Path, mapped: mmap.mmap, table: _Table, start: int) -> None:
        self.path = path
        self._arrays: dict[str, Array] = {
            name: np.ndarray(
                entry.shape, np.dtype(entry.type), buffer=mapped, offset=start + entry.offset
            )
            for name, entry in table.entries.items()
        }

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays to a new file."""
    entries: dict[str, _Entry] = {}
    size = 0
    for name, array in arrays.items():
        entries[name] = _Entry(array.dtype.str, array.shape, size)
        size = _aligned(size + array.nbytes)
    table = msgspec.msgpack.encode(_Table(entries, size))
    head = _HEAD.pack(MAGIC, len(table)) + table
    head += blake2b(head, digest_size=_CHECK_BYTES).digest()
    with path.open("xb") as file:
        file.write(head.ljust(_aligned(len(head)), b"\0"))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(_aligned(array.nbytes) - array.nbytes))


def open_arrays(path: Path) -> Arrays:
    """Map a file of arrays; nothing but its table is read.

    Raises:
        IndexDamaged: it is missing, cut off, or its table is altered.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{path} cannot be mapped ({error}). Reindex.") from error
    try:
        table, start = _read_table(mapped)
    except (struct.error, ValueError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}). Reindex.") from error
    return Arrays(path, mapped, table, start)


def _read_table(mapped: mmap.mmap) -> tuple[_Table, int]:
    """Return the table of a mapped file, and where its arrays begin; a ValueError if not whole."""
    magic, length = _HEAD.unpack_from(mapped)
    end = _HEAD.size + length
    head, check = mapped[:end], mapped[end : end + _CHECK_BYTES]
    if magic != MAGIC or check != blake2b(head, digest_size=_CHECK_BYTES).digest():
        raise ValueError("its table is altered")
    table = msgspec.msgpack.decode(head[_HEAD.size :], type=_Table)
    start = _aligned(end + _CHECK_BYTES)
    if len(mapped) != start + table.size:
        raise ValueError(f"it has {len(mapped)} bytes instead of {start + table.size}")
    return table, start


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
