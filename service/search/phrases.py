"""Which documents hold words one after the other, by the words of their texts."""

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT
from indexer.index.columns.rows import DESCRIPTION
from indexer.index.columns.segment import SegmentColumns

TITLE = 0
"""The place of the title among the exact fields; the other one is the body."""


def holds_run(
    columns: SegmentColumns, documents: NDArray[np.intp], terms: tuple[str, ...], field: int
) -> NDArray[np.bool_]:
    """Return for each of ``documents`` whether a field of it holds unstemmed terms as a run."""
    found = np.zeros(len(documents), np.bool_)
    numbers = [n for term in terms if (n := columns.number(EXACT, term)) is not None]
    if not len(documents) or len(numbers) < len(terms):
        return found
    starts, ends = _stretches(columns, documents, field)
    words, owners = _words(starts, ends)
    exact = columns.arrays["form.exact"]
    held = exact[columns.arrays["token.form"][words]]
    limits = ends[owners]
    joined = _Joined(columns, documents, words)
    run = np.ones(len(words), np.bool_)
    for step, number in enumerate(numbers):
        here = held == number
        joined.mark(here, number)
        run[: len(run) - step] &= here[step:]
        run[len(run) - step :] = False
    run &= words + len(terms) <= limits
    found[owners[run]] = True
    return found


def _stretches(
    columns: SegmentColumns, documents: NDArray[np.intp], field: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the first words of a field, and of those behind the last."""
    arrays = columns.arrays
    firsts = arrays["doc.sentences"][documents].astype(np.intp)
    lasts = arrays["doc.sentences"][documents + 1].astype(np.intp)
    tokens = arrays["sentence.tokens"]
    if field == TITLE:
        return tokens[firsts].astype(np.int64), tokens[firsts + 1].astype(np.int64)
    described = arrays["sentence.flags"][np.minimum(firsts + 1, lasts - 1)] & DESCRIPTION > 0
    ends = arrays["doc.tokens"][documents + 1].astype(np.int64)
    return np.minimum(tokens[firsts + 1 + described], ends), ends


def _words(
    starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the words of some stretches, and for each word its stretch."""
    sizes = ends - starts
    owners = np.repeat(np.arange(len(starts)), sizes)
    before = np.cumsum(sizes) - sizes
    return np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes), owners


class _Joined:
    """The compounds among some words, which stand as one word where their first part does."""

    def __init__(
        self, columns: SegmentColumns, documents: NDArray[np.intp], words: NDArray[np.int64]
    ) -> None:
        arrays = columns.arrays
        ptr = arrays["doc.compounds"]
        compounds, _ = _words(ptr[documents].astype(np.int64), ptr[documents + 1].astype(np.int64))
        first = arrays["compound.token"][compounds]
        place = np.searchsorted(words, first)
        inside = place < len(words)
        inside[inside] = words[place[inside]] == first[inside]
        self._places = place[inside]
        self._exact = arrays["form.exact"][arrays["compound.form"][compounds[inside]]]

    def mark(self, here: NDArray[np.bool_], number: int) -> None:
        """Mark where the joined form of a compound is the term of that number."""
        here[self._places[self._exact == number]] = True
