"""Which documents hold words one after the other, by the words of their texts."""

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT, FIELDS_OF
from indexer.index.columns.rows import DESCRIPTION
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.shards import Documents

TITLE, BODY = 0, 1
"""The parts of a text in which words are looked for."""

_FIELDS = {space: (names.index(names[0]), len(names) - 1) for space, names in FIELDS_OF.items()}
"""The places of title and body among the fields of a space: the first, and the last."""


def holds_run(
    columns: SegmentColumns,
    documents: Documents,
    part: int,
    terms: tuple[str, ...],
    space: str = EXACT,
) -> NDArray[np.bool_]:
    """Return for each of ``documents`` whether a part of it holds terms of a space as a run.

    An empty term stands for any word. The places of the rarest term are found first; the others
    are then looked for beside it.
    """
    found = np.zeros(len(documents), np.bool_)
    numbers = {at: columns.number(space, term) for at, term in enumerate(terms) if term}
    known = {at: number for at, number in numbers.items() if number is not None}
    if not len(documents) or not known or len(known) < len(numbers):
        return found
    texts = _Texts(columns, documents, part, space)
    field = _FIELDS[space][part]
    rarest = min(known, key=lambda at: _documents_with(columns, space, known[at], field))
    firsts = texts.places(known.pop(rarest)) - rarest
    owners = texts.bounds.searchsorted(firsts + rarest, "right") - 1
    is_inside = firsts >= texts.bounds[owners]
    is_inside &= firsts + len(terms) <= texts.bounds[owners + 1]
    firsts, owners = firsts[is_inside], owners[is_inside]
    for at, number in known.items():
        held = texts.holds(firsts + at, number)
        firsts, owners = firsts[held], owners[held]
    found[owners] = True
    return found


def _documents_with(columns: SegmentColumns, space: str, number: int, field: int) -> int:
    ptr = columns.arrays[f"{space}.ptr"]
    run = number * len(FIELDS_OF[space]) + field
    return int(ptr[run + 1]) - int(ptr[run])


class _Texts:
    """The words of a part of some documents, one text behind the other.

    Attributes:
        bounds: where each text begins, and the end of the last.
    """

    def __init__(
        self, columns: SegmentColumns, documents: Documents, part: int, space: str
    ) -> None:
        starts, ends = _stretches(columns, documents, part)
        forms = columns.arrays["token.form"]
        pieces = [forms[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        self._columns = columns
        self._space = space
        self._forms = np.concatenate(pieces)
        self._terms = columns.arrays["form.exact" if space == EXACT else "form.stem"]
        self.bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(ends - starts)))
        self._read_compounds(documents, starts, ends)

    def _read_compounds(
        self, documents: Documents, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> None:
        """Find the compounds, which stand as one word where their first part does."""
        arrays = self._columns.arrays
        ptr = arrays["doc.compounds"]
        sizes = ptr[documents + 1].astype(np.int64) - ptr[documents]
        owners = np.repeat(np.arange(len(documents)), sizes)
        before = np.cumsum(sizes) - sizes
        compounds = np.arange(len(owners)) + (ptr[documents].astype(np.int64) - before)[owners]
        first = arrays["compound.token"][compounds].astype(np.int64)
        inside = (first >= starts[owners]) & (first < ends[owners])
        shift = (self.bounds[:-1] - starts)[owners]
        self._joined_at = (first + shift)[inside]
        self._joined = self._terms[arrays["compound.form"][compounds[inside]]]

    def places(self, number: int) -> NDArray[np.int64]:
        """Return where the term of that number stands."""
        forms = self._columns.forms(self._space, number).astype(self._forms.dtype)
        found = [(self._forms == form).nonzero()[0] for form in forms]
        return np.concatenate([*found, self._joined_at[self._joined == number]])

    def holds(self, places: NDArray[np.int64], number: int) -> NDArray[np.bool_]:
        """Return at which of some places the term of that number stands."""
        held: NDArray[np.bool_] = self._terms[self._forms[places]] == number
        joined = self._joined_at[self._joined == number]
        return held | np.isin(places, joined) if len(joined) else held


def _stretches(
    columns: SegmentColumns, documents: Documents, part: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the first words of a part, and of those behind the last."""
    arrays = columns.arrays
    firsts = arrays["doc.sentences"][documents].astype(np.intp)
    lasts = arrays["doc.sentences"][documents + 1].astype(np.intp)
    tokens = arrays["sentence.tokens"]
    if part == TITLE:
        return tokens[firsts].astype(np.int64), tokens[firsts + 1].astype(np.int64)
    described = arrays["sentence.flags"][np.minimum(firsts + 1, lasts - 1)] & DESCRIPTION > 0
    ends = arrays["doc.tokens"][documents + 1].astype(np.int64)
    return np.minimum(tokens[firsts + 1 + described], ends), ends
