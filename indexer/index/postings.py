"""Inversion → postings: which document holds which term in which field, how often and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import length_to_byte

from indexer.index.analysis import LANGUAGES
from indexer.index.chunks import Terms
from indexer.index.columns.layout import EXACT, FIELDS_OF, NONE, SPACES, term_hash
from indexer.index.inversion import (
    BODY,
    DESCRIPTION,
    GAP,
    HEADINGS,
    KEYWORDS,
    TITLE,
    Inversion,
    Words,
)

Ints = NDArray[np.int64]

_FIELD_OF = {
    True: {TITLE: 0, BODY: 1, GAP: 1},
    False: {TITLE: 0, HEADINGS: 1, KEYWORDS: 2, DESCRIPTION: 3, BODY: 4},
}
"""The field that a part belongs to, in the space of unstemmed terms and in those of stems."""


@dataclass
class Postings:
    """The postings of a space, in runs: those of term t in field f are run ``t * F + f``.

    Attributes:
        terms: the texts of the terms, in the order of their hashes.
        order: for each term in the order of its first use, its place among ``terms``.
        hashes: of the terms.
        ptr: where each run begins; one more entry than runs.
        documents: of each posting, ascending in a run.
        frequencies: how often the document holds the term.
        lengths: Whoosh's byte for the number of words that the document has in the field.
        words: the number of words by field and document.
        places: where each posting's positions begin; None where positions are not kept.
        positions: of all postings.
    """

    terms: list[str]
    order: Ints
    hashes: NDArray[np.uint64]
    ptr: Ints
    documents: NDArray[np.uint16]
    frequencies: NDArray[np.uint32]
    lengths: NDArray[np.uint8]
    words: Ints
    places: Ints | None = None
    positions: NDArray[np.uint32] | None = None

    @cached_property
    def alphabetical(self) -> Ints:
        """The places of the terms in the order of their UTF-8."""
        texts = [term.encode("utf-8", "surrogatepass") for term in self.terms]
        return np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int64)


def postings_of(inversion: Inversion) -> dict[str, Postings]:
    """Return the postings of every space."""
    others = inversion.others()
    return {space: _postings(inversion, others, space) for space in SPACES}


def _postings(inversion: Inversion, others: tuple[Words, Words], space: str) -> Postings:
    exact = space == EXACT
    terms = inversion.exact if exact else inversion.stems[space]
    texts = list(terms.numbers)
    hashes = _hashes(terms)
    places = np.argsort(hashes)
    order = np.empty(len(texts), np.int64)
    order[places] = np.arange(len(texts))
    width, count = len(FIELDS_OF[space]), max(inversion.documents, 1)
    streams = (inversion.words, inversion.compounds, *(() if exact else others))
    run_of = _runs_of_forms(inversion, space, order)
    keys = np.concatenate(
        [_keys(words, run_of, _FIELD_OF[exact], count, with_positions=exact) for words in streams]
    )
    keys.sort()
    positions = None
    if exact:
        positions = (keys & _POSITION).astype(np.uint32)
        keys >>= _POSITION_BITS
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    frequencies = np.diff(first, append=len(keys)).astype(np.uint32)
    runs, documents = np.divmod(keys[first], count)
    ptr = np.searchsorted(runs, np.arange(len(texts) * width + 1))
    field = runs % width
    cell = field * count + documents
    words = np.bincount(cell, frequencies, width * count).astype(np.int64)
    lengths = _length_bytes(words)[cell]
    return Postings(
        terms=[texts[place] for place in places.tolist()],
        order=order,
        hashes=hashes[places],
        ptr=ptr,
        documents=documents.astype(np.uint16),
        frequencies=frequencies,
        lengths=lengths,
        words=words.reshape(width, count),
        places=np.append(first, len(keys)) if exact else None,
        positions=positions,
    )


_POSITION_BITS = 24
_POSITION = (1 << _POSITION_BITS) - 1
"""A body of a million characters has fewer words than that. Beyond it positions stay the last."""


def _hashes(terms: Terms) -> NDArray[np.uint64]:
    return np.array([term_hash(term) for term in terms.numbers], np.uint64)


def _runs_of_forms(inversion: Inversion, space: str, order: Ints) -> Ints:
    """Return the first run of each form's term, or -1 if it has none in the space."""
    forms = inversion.forms
    terms = np.asarray(forms.exact_of if space == EXACT else forms.stem_of)
    known = terms != NONE
    if space != EXACT:
        known &= np.asarray(forms.language_of) == LANGUAGES.index(space)
    runs = np.full(len(terms), -1, np.int64)
    runs[known] = order[terms[known]] * len(FIELDS_OF[space])
    return runs


def _keys(
    words: Words, run_of: Ints, fields: Mapping[int, int], count: int, *, with_positions: bool
) -> Ints:
    """Return run, document and position of each occurrence in the space, packed into a number."""
    field_of = np.full(GAP + 1, -1, np.int64)
    field_of[list(fields)] = list(fields.values())
    keys: Ints = run_of[words.form]
    field = field_of[words.part]
    wanted = (keys >= 0) & (field >= 0)
    keys = (keys[wanted] + field[wanted]) * count + words.document[wanted]
    if with_positions:
        keys <<= _POSITION_BITS
        keys |= np.minimum(words.position[wanted], _POSITION).astype(np.int64)
    return keys


def _length_bytes(lengths: Ints) -> NDArray[np.uint8]:
    known, places = np.unique(lengths, return_inverse=True)
    return np.array([length_to_byte(int(length)) for length in known], np.uint8)[places]


def by_term(postings: Postings, field: int, width: int) -> Iterator[tuple[str, int]]:
    """Yield each term that documents hold in a field, and how many do."""
    sizes = np.diff(postings.ptr)[field::width]
    for place in np.flatnonzero(sizes).tolist():
        yield postings.terms[place], int(sizes[place])
