"""What a generation's BM25F is made of: field lengths, document frequencies, and a term's runs.

Whoosh counts all documents. In an index of 60 English and 10 Spanish articles that would make
every Spanish text look six times as long as the average, and every Spanish word rare. And it counts
deleted ones: scores would then depend on the history of the index. So each field's statistics are
taken over the live articles of its language.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from indexer.index.analysis import language_of
from indexer.index.columns.layout import (
    EXACT,
    FIELD_SHIFT,
    FIELDS_OF,
    MAX_TF,
    SCORED,
    SPACES,
    TF_SHIFT,
)
from indexer.index.columns.segment import SegmentColumns, hash_of
from indexer.index.schema import EXACT_FIELDS, K1, TEXT_FIELDS, TextField, field_name
from indexer.index.withdrawals import Withdrawn

MAX_REMEMBERED = 20_000
"""Terms whose runs are remembered; looking one up costs some microseconds a segment."""


_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)

_LEAST = 1e-9
"""Keeps apart from zero what loads that no posting has are divided by."""


class TermRuns(msgspec.Struct, frozen=True, gc=False):
    """Where the postings of a term lie.

    Attributes:
        idf: its inverse document frequency.
        frequency: of live articles, in the field in which most hold it.
        offsets: by segment, where the runs of the fields begin, and the end of the last; empty
            where the segment does not hold the term.
        has_big: by segment, whether a frequency does not fit into its load.
    """

    idf: float
    frequency: int
    offsets: tuple[tuple[int, ...], ...]
    has_big: tuple[bool, ...]


class Statistics:
    """The statistics of one generation. Safe to use from several threads.

    Attributes:
        averages: the mean length of each scored field.
        tables: by space, what a posting is worth, by its load, in a term of an idf of one.
        big: by segment and space, the same for each posting whose frequency fits no load.
    """

    def __init__(
        self,
        segments: Sequence[SegmentColumns],
        languages: Mapping[str, int],
        withdrawn: Withdrawn,
    ) -> None:
        """Take the segments, the number of articles in each language, and what is deleted."""
        self._segments = segments
        self._withdrawn = withdrawn
        self._counts = _counts(languages)
        self._known: dict[tuple[str, str], TermRuns] = {}
        self._gone_known: dict[str, tuple[Mapping[int, int], ...]] = {}
        totals = sum((np.asarray(s.arrays["lengths"]) for s in segments), np.zeros(len(SCORED)))
        self.averages: dict[str, float] = {}
        for name, total in zip(SCORED, totals.tolist(), strict=True):
            live = total - withdrawn.lengths.get(name, 0)
            self.averages[name] = live / max(self._counts[_SPACE_OF[name]], 1) or 1.0
        self.tables = {space: self._table(space) for space in SPACES}
        self.big = [
            {space: self._big_worth(columns, space) for space in SPACES} for columns in segments
        ]

    @property
    def articles(self) -> int:
        """How many live articles there are."""
        return self._counts[EXACT]

    def runs(self, space: str, term: str) -> TermRuns:
        """Return where the postings of a term lie, and what it is worth."""
        found = self._known.get((space, term))
        if found is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            gone = tuple(
                self._withdrawn.frequencies.get(name, {}).get(term, 0) for name in _names(space)
            )
            found = self._known[space, term] = self._look_up(space, hash_of(term), gone)
        return found

    def idf_of(self, terms: Iterable[tuple[str, str]]) -> float:
        """Return the inverse document frequency of a word, by its terms in several spaces.

        It is that of the space where most articles hold it: the others may not know it at all.
        """
        runs = [self.runs(space, term) for space, term in terms]
        return max(runs, key=lambda each: each.frequency).idf if runs else 0.0

    def runs_of_hashes(self, space: str, keys: NDArray[np.uint64]) -> list[TermRuns]:
        """Return the same of terms of which only the hashes are known."""
        width = len(FIELDS_OF[space])
        bounds = [self._bounds(columns, space, keys) for columns in self._segments]
        counts = sum((np.diff(each, axis=1) for each in bounds), np.zeros((len(keys), width)))
        idfs = self._idfs(space, keys, counts).tolist()
        most = counts.max(axis=1, initial=0).astype(np.int64).tolist()
        rows = [each.tolist() for each in bounds]
        has_big = [
            _are_between(columns.arrays[f"{space}.big_at"], each[:, 0], each[:, -1]).tolist()
            for columns, each in zip(self._segments, bounds, strict=True)
        ]
        return [
            TermRuns(
                idfs[at],
                most[at],
                tuple([tuple(of[at]) if of[at][0] < of[at][-1] else () for of in rows]),
                tuple([of[at] for of in has_big]),
            )
            for at in range(len(keys))
        ]

    def idfs(self, space: str, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the inverse document frequencies of terms, by their hashes."""
        counts = np.zeros((len(keys), len(FIELDS_OF[space])))
        for columns in self._segments:
            bounds = self._bounds(columns, space, keys)
            counts += bounds[:, 1:] - bounds[:, :-1]
        return self._idfs(space, keys, counts)

    def _bounds(
        self, columns: SegmentColumns, space: str, keys: NDArray[np.uint64]
    ) -> NDArray[np.int64]:
        """Return where the runs of terms begin, and the end of the last; zeros for none."""
        hashes, width = columns.arrays[f"{space}.hash"], len(FIELDS_OF[space])
        bounds = np.zeros((len(keys), width + 1), np.int64)
        if len(hashes):
            at = hashes.searchsorted(keys)
            held = (hashes.take(at, mode="clip") == keys).nonzero()[0]
            runs = at[held, None] * width + np.arange(width + 1)
            bounds[held] = columns.arrays[f"{space}.ptr"][runs]
        return bounds

    def _idfs(
        self, space: str, keys: NDArray[np.uint64], counts: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        for field, gone in enumerate(self._gone(space)):
            if gone:
                counts[:, field] -= [gone.get(key, 0) for key in keys.tolist()]
        most = counts.max(axis=1, initial=0)
        found: NDArray[np.float64] = np.log(max(self._counts[space], 1) / (most + 1)) + 1
        return np.maximum(found, 0.0)

    def _gone(self, space: str) -> tuple[Mapping[int, int], ...]:
        """Return by field what deleted articles count for, by the hashes of terms."""
        found = self._gone_known.get(space)
        if found is None:
            of_fields = (self._withdrawn.frequencies.get(name, {}) for name in _names(space))
            found = tuple({int(hash_of(t)): n for t, n in gone.items()} for gone in of_fields)
            self._gone_known[space] = found
        return found

    def _look_up(self, space: str, key: np.uint64, gone: tuple[int, ...]) -> TermRuns:
        width = len(FIELDS_OF[space])
        frequencies = [-count for count in gone]
        offsets: list[tuple[int, ...]] = []
        has_big: list[bool] = []
        for columns in self._segments:
            number = columns.number_of_hash(space, key)
            if number is None:
                offsets.append(())
                has_big.append(False)
                continue
            ptr = columns.arrays[f"{space}.ptr"]
            bounds = tuple(ptr[number * width : (number + 1) * width + 1].tolist())
            offsets.append(bounds)
            has_big.append(_is_between(columns.arrays[f"{space}.big_at"], bounds[0], bounds[-1]))
            for field in range(width):
                frequencies[field] += bounds[field + 1] - bounds[field]
        most = max(frequencies)
        return TermRuns(self.idf(space, most), most, tuple(offsets), tuple(has_big))

    def idf(self, space: str, frequency: int) -> float:
        """Return what a term is worth that so many articles hold.

        This is ``ln(N / (n + 1)) + 1``, Whoosh's formula, at least zero. A term has one, by the
        field in which most articles hold it. In a field where few do, such as the title, any word
        would else look rare: "pain" in a title is still but pain.
        """
        return max(log(max(self._counts[space], 1) / (frequency + 1)) + 1, 0.0)

    def _table(self, space: str) -> NDArray[np.float32]:
        """Return what a posting is worth, by its load, in a term of an idf of one."""
        loads = np.arange(1 << 16)
        return self._worth(space, loads, loads >> TF_SHIFT & MAX_TF)

    def _big_worth(self, columns: SegmentColumns, space: str) -> NDArray[np.float32]:
        """Return what the postings of a segment are worth whose frequencies fit no load."""
        loads = columns.arrays[f"{space}.load"][columns.arrays[f"{space}.big_at"]]
        return self._worth(space, loads, columns.arrays[f"{space}.big"])

    def _worth(
        self, space: str, loads: NDArray[Any], frequencies: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Return BM25's saturated frequency (Robertson and Zaragoza, 2009), times the weight."""
        table = table_of(space)
        places = np.minimum(loads >> FIELD_SHIFT, len(table) - 1)
        averages = np.array([self.averages[name] for name in _names(space)])[places]
        norms = np.array([field.length_norm for field in table])[places]
        weights = np.array([field.weight for field in table])[places]
        shares = _LENGTHS[loads & 0xFF] / averages
        tf = frequencies.astype(np.float64)
        saturated = tf * (K1 + 1) / np.maximum(tf + K1 * (1 - norms + norms * shares), _LEAST)
        worth: NDArray[np.float32] = (saturated * weights).astype(np.float32)
        return worth


def field_lengths(loads: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Return how many words the fields of some postings have, exact for short ones."""
    return _LENGTHS.take(loads & 0xFF)


def table_of(space: str) -> tuple[TextField, ...]:
    """Return the fields of a space."""
    return EXACT_FIELDS if space == EXACT else TEXT_FIELDS


def _counts(languages: Mapping[str, int]) -> dict[str, int]:
    """Return how many articles there are in each space."""
    counts = dict.fromkeys(SPACES, 0)
    for code, count in languages.items():
        counts[language_of(code)] += count
        counts[EXACT] += count
    return counts


@cache
def _names(space: str) -> tuple[str, ...]:
    fields = table_of(space)
    return tuple(f.name if space == EXACT else field_name(f.name, space) for f in fields)


def _are_between(
    places: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return in which of some stretches one of some ascending places lies."""
    # In the type of the places: NumPy would else copy all of them into the other's.
    firsts, lasts = starts.astype(np.uint32), ends.astype(np.uint32)
    inside: NDArray[np.bool_] = places.searchsorted(firsts) < places.searchsorted(lasts)
    return inside


def _is_between(places: NDArray[np.uint32], start: int, end: int) -> bool:
    """Return whether one of some ascending places lies in a stretch."""
    first = int(places.searchsorted(np.uint32(start)))
    return first < len(places) and bool(places[first] < end)


_SPACE_OF = {name: space for space in SPACES for name in _names(space)}
