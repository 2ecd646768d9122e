"""Articles that say the same, so that a list of results shows one of them.

Two articles are joined if their guards are the same, and their bodies resemble each other by
``RESEMBLANCE`` (``indexer/index/columns/sketches.py``); a group is what such pairs connect. Of the
members of a group that a query finds, the one with the highest score stands for it, among equals
the one changed or reviewed last, and then that with the smaller id. All of this depends on nothing
but the articles that are live, not on segments or their order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.sketches import BINS, resemblance
from indexer.index.ranges import Ints, before, joined
from service.search.ranking.scoring import Scores
from service.search.ranking.selection import DECIMALS
from service.search.ranking.shards import Documents, Part, Shard, looked_up

RESEMBLANCE = 0.9
"""Estimated share of common shingles from which two bodies say the same."""

MAX_VARIANTS = 64
"""So many different texts with one title and the same numbers are a template and no copies; only
those whose sketches are equal are joined then. It bounds the pairs that are compared."""

_PAIRS = 50_000
"""Pairs compared at once."""

DAYS = ("modified", "last_reviewed")
"""The columns of whose days the later one counts."""

ALONE = -1
"""In place of a group's number: the document has no duplicates."""

Kept = NDArray[np.bool_]
_Parts = Sequence[tuple[int, Part]]
"""Segments with the number of their first document in the whole index."""


@dataclass(frozen=True)
class Members:
    """The documents of a shard that have duplicates, an entry each in every array.

    Attributes:
        documents: their numbers, ascending.
        group: which group each is in.
        place: the member's place in the order in which members stand for a group on equal scores.
    """

    documents: Documents
    group: Ints
    place: Ints

    @cached_property
    def surplus(self) -> int:
        """How many of them are dropped where a query finds all."""
        return len(self.group) - len(np.unique(self.group))

    def among(self, found: Documents) -> tuple[Documents, Documents]:
        """Return where members stand in ascending documents, and which of the members they are."""
        if len(self.documents) < len(found):
            return _common(found, self.documents)
        which, at = _common(self.documents, found)
        return at, which


def _common(many: Documents, few: Documents) -> tuple[Documents, Documents]:
    """Return where the documents stand that both have, in ascending ``many`` and in ``few``."""
    held, at = looked_up(few, many)
    return at, np.flatnonzero(held)


@dataclass(frozen=True)
class Groups:
    """The groups of duplicates of a generation.

    Attributes:
        members: by shard; None for one without any.
        is_spread: for each group, whether it has members in several shards.
    """

    members: tuple[Members | None, ...]
    is_spread: Kept

    def __len__(self) -> int:
        return len(self.is_spread)

    def groups_of(self, number: int, documents: Documents) -> Ints:
        """Return the group of each of some documents, or ``ALONE``; any number will do."""
        members = self.members[number]
        groups = np.full(len(documents), ALONE)
        if members is not None:
            held, at = looked_up(documents, members.documents)
            groups[held] = members.group[at]
        return groups

    def documents(self, number: int, groups: Sequence[int]) -> Documents:
        """Return the documents of a shard that are in some of the groups."""
        members = self.members[number]
        if members is None:
            return np.zeros(0, np.intp)
        return members.documents[np.isin(members.group, groups)]

    def surplus(self, number: int) -> int:
        """Return how many documents of a shard can be dropped at most."""
        members = self.members[number] if self.members else None
        return members.surplus if members else 0


NO_DUPLICATES = Groups((), np.zeros(0, np.bool_))
"""Where nothing is to be dropped."""


class _Late(NamedTuple):
    """Members of groups in several shards, an entry each in every array."""

    number: Ints
    document: Documents
    group: Ints
    place: Ints
    score: NDArray[np.float64]


class Collapse:
    """Drops duplicates from what one query finds, shard by shard."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._late: list[_Late] = []

    def keep(self, number: int, found: Documents, values: Scores | None = None) -> Kept | None:
        """Return which of the documents found in a shard stay; None if all do.

        Args:
            number: of the shard.
            found: documents, ascending.
            values: their scores; without them all are equal, which is enough to count groups.
        """
        members = self._groups.members[number] if self._groups.members else None
        if members is None:
            return None
        at, which = members.among(found)
        if not len(at):
            return None
        scores = np.zeros(len(at)) if values is None else values[at].astype(np.float64)
        group, place = members.group[which], members.place[which]
        kept = np.ones(len(found), np.bool_)
        kept[at] = False
        kept[at[_best(group, place, scores)]] = True
        if self._groups.is_spread[group].any():
            late = np.flatnonzero(kept[at] & self._groups.is_spread[group])
            kept[at[late]] = False
            numbers = np.full(len(late), number, np.int64)
            of = (found[at[late]], group[late], place[late], scores[late])
            self._late.append(_Late(numbers, *of))
        return kept

    def rest(self) -> Iterator[tuple[int, Documents, NDArray[np.float64]]]:
        """Yield, by shard, what stays of the groups in several shards, when all were looked at."""
        if not self._late:
            return
        late = _Late(*map(np.concatenate, zip(*self._late, strict=True)))
        best = np.sort(_best(late.group, late.place, late.score))
        for number in np.unique(late.number[best]).tolist():
            of = best[late.number[best] == number]
            yield number, late.document[of], late.score[of]


def _best(group: Ints, place: Ints, scores: NDArray[np.float64]) -> Documents:
    """Return the entry that stands for each group."""
    order = np.lexsort((place, -scores.round(DECIMALS), group))
    first = np.ones(len(order), np.bool_)
    first[1:] = group[order[1:]] != group[order[:-1]]
    return order[first]


def duplicate_groups(shards: Sequence[Shard]) -> Groups:
    """Return the groups of duplicates among the live documents of an index."""
    ends = before(np.array([shard.documents for shard in shards], np.int64))
    keys = np.concatenate([np.zeros(0, np.uint64), *map(_guards, shards)])
    documents = _repeated(keys)
    parts = [
        (end + part.base, part)
        for end, shard in zip(ends.tolist(), shards, strict=False)
        for part in shard.parts
    ]
    label = _connected(keys[documents], _gathered(documents, parts))
    paired = np.flatnonzero(np.bincount(label)[label] > 1)
    documents = documents[paired]
    place = _places(documents, parts)
    group = _numbered(label[paired], place)
    members: list[Members | None] = []
    for start, end in pairwise(ends.tolist()):
        of = slice(*documents.searchsorted([start, end]).tolist())
        found = Members(documents[of] - start, group[of], place[of])
        members.append(found if len(found.group) else None)
    held = [np.unique(each.group) for each in members if each]
    in_shards = np.bincount(np.concatenate([np.zeros(0, np.int64), *held]))
    return Groups(tuple(members), in_shards > 1)


def _guards(shard: Shard) -> NDArray[np.uint64]:
    """Return the guard of each document, 0 for one that is there no more."""
    guards = np.array(shard.column("doc.guard"))
    guards[shard.deleted] = 0
    return guards


def _repeated(keys: NDArray[np.uint64]) -> Ints:
    """Return where keys stand, other than 0, that stand there more than once."""
    ordered = np.sort(keys)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    again = again[again > 0]
    if not len(again):
        return np.zeros(0, np.int64)
    at = np.minimum(again.searchsorted(keys), len(again) - 1)
    return np.flatnonzero(again[at] == keys)


def _gathered(documents: Ints, parts: _Parts) -> NDArray[np.uint8]:
    """Return the sketches of some documents."""
    rows = [np.zeros((0, BINS), np.uint8)]
    rows += [
        part.columns.arrays["doc.sketch"][numbers] for part, numbers in _by_part(documents, parts)
    ]
    return np.concatenate(rows)


def _places(documents: Ints, parts: _Parts) -> Ints:
    """Return each document's place when the last changed or reviewed stands first, then by id."""
    rows: list[tuple[int, str]] = []
    for part, numbers in _by_part(documents, parts):
        days = np.maximum.reduce([part.columns.arrays[f"day.{name}"][numbers] for name in DAYS])
        ids = [part.columns.card(number).id for number in numbers.tolist()]
        rows += zip((-days).tolist(), ids, strict=True)
    places = np.empty(len(rows), np.int64)
    places[sorted(range(len(rows)), key=rows.__getitem__)] = np.arange(len(rows))
    return places


def _by_part(documents: Ints, parts: _Parts) -> Iterator[tuple[Part, Ints]]:
    """Yield the segments that hold some ascending documents, and their numbers there."""
    for base, part in parts:
        of = slice(*documents.searchsorted([base, base + part.end - part.base]).tolist())
        if of.start < of.stop:
            yield part, documents[of] - base


def _connected(keys: NDArray[np.uint64], sketches: NDArray[np.uint8]) -> Ints:
    """Return a number for each document, the same for those that pairs of duplicates connect."""
    order = np.lexsort((*sketches.view(np.uint64).T, keys))
    keys, sketches = keys[order], sketches[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (keys[1:] != keys[:-1]) | (sketches[1:] != sketches[:-1]).any(axis=1)
    label = np.empty(len(order), np.int64)
    label[order] = _joined(keys[begins], sketches[begins])[np.cumsum(begins) - 1]
    return label


def _joined(keys: NDArray[np.uint64], sketches: NDArray[np.uint8]) -> Ints:
    """Return a number for each text, of which those of a key lie side by side."""
    left, right = _pairs(keys)
    alike = [np.zeros(0, np.bool_)]
    for start in range(0, len(left), _PAIRS):
        of = slice(start, start + _PAIRS)
        alike.append(resemblance(sketches[left[of]], sketches[right[of]]) >= RESEMBLANCE)
    paired = np.concatenate(alike)
    left, right = left[paired], right[paired]
    label = np.arange(len(keys))
    while (label[left] != label[right]).any():
        lower = np.minimum(label[left], label[right])
        np.minimum.at(label, left, lower)
        np.minimum.at(label, right, lower)
    return label


def _pairs(keys: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Return the pairs of neighbours with equal keys, where these are not too many."""
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = keys[1:] != keys[:-1]
    begins = np.flatnonzero(is_first)
    sizes = np.diff(begins, append=len(keys))
    ends = np.repeat(begins + sizes, sizes)
    numbers = np.arange(len(keys))
    later = np.where(np.repeat(sizes, sizes) > MAX_VARIANTS, 0, ends - numbers - 1)
    return np.repeat(numbers, later), joined(numbers + 1, later)


def _numbered(label: Ints, place: Ints) -> Ints:
    """Number groups from 0 in the order of those that stand for them on equal scores."""
    first = np.full(int(label.max(initial=-1)) + 1, len(place), np.int64)
    np.minimum.at(first, label, place)
    _, numbers = np.unique(first[label], return_inverse=True)
    return numbers.astype(np.int64)
