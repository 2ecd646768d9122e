"""Filters: which documents of a shard may be among the results of a request."""

from collections.abc import Iterable
from math import floor

import numpy as np
from numpy.typing import NDArray

from indexer.index.schema import GRADE
from service.search.ranking.selection import Place
from service.search.ranking.shards import Documents, Shard
from service.search.request import SearchRequest, primary

Mask = NDArray[np.bool_]

_LEAST = 1e-6
"""Ten times 8.3 is a little more than 83 to a computer, and ten times 8.2 a little less than 82."""


def admitted(shard: Shard, request: SearchRequest) -> Mask | None:
    """Return which documents of a shard are there and pass a request's filters; None for all.

    Of topics all must hold, of languages, audiences and publishers one. An article without a
    review date or a grade passes no filter by it.
    """
    mask = live(shard)
    if not request.is_filtered:
        return mask
    mask = np.ones(shard.documents, np.bool_) if mask is None else mask
    for topic in request.topic:
        mask &= carrying(shard, "topic", (topic,))
    if request.language:
        mask &= carrying(shard, "language", primary(request.language))
    for name in ("audience", "publisher"):
        if values := getattr(request, name):
            mask &= carrying(shard, name, values)
    if request.reviewed_after is not None:
        mask &= shard.column("day.last_reviewed") >= request.reviewed_after.toordinal()
    if request.reading_level_max is not None:
        mask &= shard.column(GRADE) <= floor(10 * request.reading_level_max + _LEAST)
    return mask


def live(shard: Shard) -> Mask | None:
    """Return which documents of a shard are there; None for all."""
    if not len(shard.deleted):
        return None
    mask = np.ones(shard.documents, np.bool_)
    mask[shard.deleted] = False
    return mask


def live_in(shard: Shard, languages: Iterable[str]) -> Mask:
    """Return which documents of a shard are there and in one of some languages."""
    mask = carrying(shard, "language", languages)
    mask[shard.deleted] = False
    return mask


def carrying(shard: Shard, name: str, values: Iterable[str]) -> Mask:
    """Return which documents of a shard carry one of some values of a facet, in any case."""
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


def without(mask: Mask | None, shard: Shard, documents: Documents) -> Mask | None:
    """Return a mask that lets none of some documents of a shard through."""
    if not len(documents):
        return mask
    kept = np.ones(shard.documents, np.bool_) if mask is None else mask
    kept[documents] = False
    return kept


def numbers_of(shard: Shard, places: Iterable[Place]) -> Documents:
    """Return the numbers of those of some documents that are in a shard."""
    bases = {part.place: part.base for part in shard.parts}
    found = [bases[place.segment] + place.document for place in places if place.segment in bases]
    return np.array(found, np.intp)
