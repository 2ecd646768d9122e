"""What a ranking can know of a term without reading its postings: bounds, and bitmaps."""

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from indexer.index.columns.container import Array
from indexer.index.columns.layout import DENSE_SHARE, FIELDS_OF, MIN_DENSE
from indexer.index.postings import Postings
from indexer.index.schema import EXACT_FIELDS, K1, TEXT_FIELDS

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
"""The length that each of Whoosh's bytes stands for."""

_NORMS = {field.name: field.length_norm for field in (*TEXT_FIELDS, *EXACT_FIELDS)}


def best_of(space: str, postings: Postings, averages: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the most that a posting of each run is worth, 0 for an empty run.

    Args:
        space: of the postings.
        postings: of all runs.
        averages: the average length of each field of the space.
    """
    sizes = np.diff(postings.ptr)
    names = FIELDS_OF[space]
    norms = np.array([_NORMS[name] for name in names])[:, None]
    added = (K1 * (1 - norms + norms * LENGTHS / averages[:, None])).ravel()
    field = np.repeat(np.arange(len(sizes)) % len(names), sizes)
    worth = postings.frequencies / (postings.frequencies + added[field * 256 + postings.lengths])
    best = np.zeros(len(sizes))
    filled = np.flatnonzero(sizes)
    if len(filled):
        best[filled] = np.maximum.reduceat(worth, postings.ptr[filled])
    rounded = best.astype(np.float32)
    # A bound must not be rounded down.
    return np.where(rounded < best, np.nextafter(rounded, np.float32(np.inf)), rounded)


def dense_of(ptr: Array, docs: Array, width: int, count: int) -> dict[str, Array]:
    """Return the terms that many of ``count`` documents hold, and a bitmap for each.

    Args:
        ptr: where the runs lie, ``width`` of them for each term.
        docs: the documents of the runs.
        width: how many fields the space has.
        count: how many documents there are.
    """
    bounds = ptr[::width].astype(np.int64)
    many = count * DENSE_SHARE if count >= MIN_DENSE else np.inf
    numbers: list[int] = []
    bitmaps: list[NDArray[np.uint8]] = []
    for number in np.flatnonzero(np.diff(bounds) > many).tolist():
        held = np.zeros(count, np.bool_)
        held[docs[bounds[number] : bounds[number + 1]]] = True
        if np.count_nonzero(held) > many:
            numbers.append(number)
            bitmaps.append(np.packbits(held, bitorder="little"))
    bits = np.array(bitmaps, np.uint8).reshape(len(numbers), -(-count // 8))
    return {"dense": np.array(numbers, np.uint32), "bits": bits}
