"""The file of a segment's vectors.

Arrays as in ``columns.container``, for n documents with r passages together:

    recipe   u8[]         the name of what made the vectors
    key      u64[n]       a hash of the text that was embedded; 0 where none was (another language)
    ptr      u32[n + 1]   the passages of document i are ``ptr[i]:ptr[i + 1]``
    vector   i8[r, 384]   their vectors, each stretched so that its largest entry is ±127

A cosine does not depend on lengths, so nothing need be kept to undo the stretching. The keys say
which texts of a segment that is written anew have vectors in another file already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged
from indexer.index.columns.container import Array, open_arrays, write_arrays
from indexer.index.columns.segment import SegmentColumns
from indexer.index.vectors.embedder import DIMENSIONS, LANGUAGE, Vector

VECTORS = "vectors"
"""The folder of a generation with a file for each segment."""

SUFFIX = ".vectors"

TEXT_BYTES = 4_096
"""Of an article's text that is looked at: twice what its passages take in any language."""

LARGEST = 127

Packed = NDArray[np.int8]
"""Vectors as they are kept, one a row."""


@dataclass(frozen=True)
class SegmentVectors:
    """The vectors of a segment, open for reading: the arrays of its file."""

    recipe: str
    keys: NDArray[np.uint64]
    ptr: NDArray[np.uint32]
    vectors: Packed

    @property
    def documents(self) -> int:
        """How many documents the segment has."""
        return len(self.keys)

    def of(self, document: int) -> Packed:
        """Return the vectors of a document's passages."""
        return self.vectors[self.ptr[document] : self.ptr[document + 1]]


def pack(vectors: Sequence[Vector]) -> Packed:
    """Return vectors as they are kept."""
    stacked = np.stack(vectors)
    packed: Packed = np.rint(stacked * (LARGEST / abs(stacked).max(axis=1, keepdims=True)))
    return packed.astype(np.int8)


def vectors_file(folder: Path, segment: str) -> Path:
    """Return where the vectors of a segment are, below a generation's folder."""
    return folder / VECTORS / f"{segment}{SUFFIX}"


def write_vectors(
    path: Path, recipe: str, keys: NDArray[np.uint64], rows: Sequence[Packed]
) -> None:
    """Write the vectors of a segment's documents, in order."""
    ptr = np.zeros(len(rows) + 1, np.uint32)
    np.cumsum([len(row) for row in rows], out=ptr[1:])
    none = np.zeros((0, DIMENSIONS), np.int8)
    arrays: dict[str, Array] = {
        "recipe": np.frombuffer(recipe.encode(), np.uint8),
        "key": keys,
        "ptr": ptr,
        "vector": np.concatenate([none, *rows]),
    }
    write_arrays(path, arrays)


def open_vectors(path: Path) -> SegmentVectors | None:
    """Open the vectors in a file, or return None if it is not there.

    Raises:
        IndexDamaged: it is not whole.
    """
    if not path.exists():
        return None
    arrays = open_arrays(path)
    try:
        recipe = arrays["recipe"].tobytes().decode()
        return SegmentVectors(recipe, arrays["key"], arrays["ptr"], arrays["vector"])
    except (KeyError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{path} does not hold vectors ({error}). Reindex.") from error


@dataclass(frozen=True)
class Opening:
    """What is embedded of an article: its title, and the beginning of its text."""

    title: str
    text: str


def opening_of(columns: SegmentColumns, document: int) -> Opening | None:
    """Return what is to be embedded of a document, or None if the model does not read it."""
    card = columns.card(document)
    if card.language != LANGUAGE:
        return None
    ptr = columns.arrays["doc.text"]
    start, end = int(ptr[document]), int(ptr[document + 1])
    start += len(card.title.encode()) + 1
    raw = columns.arrays["text"][start : min(end, start + TEXT_BYTES)].tobytes()
    return Opening(card.title, raw.decode(errors="ignore").strip())


def key_of(opening: Opening | None) -> int:
    """Return the hash by which a text is known again; 0 for none."""
    if opening is None:
        return 0
    raw = f"{opening.title}\n{opening.text}".encode()
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "little") or 1
