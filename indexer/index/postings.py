"""Inversion → postings: which document holds which term in which field, how often and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

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
from indexer.index.schema import field_name

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
    ordered = _ordered(inversion.exact if exact else inversion.stems[space])
    width, count = len(FIELDS_OF[space]), max(inversion.documents, 1)
    keys = _occurrences(inversion, others, space, ordered.order)
    positions = None
    if exact:
        positions = keys.astype(np.uint32) & _POSITION
        keys >>= _POSITION_BITS
    begins = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    first = np.flatnonzero(begins)
    frequencies = np.diff(first, append=len(keys)).astype(np.uint32)
    runs, documents = np.divmod(keys[first], count)
    cell = runs % width * count + documents
    words = np.bincount(cell, frequencies, width * count).astype(np.int64)
    return Postings(
        terms=ordered.terms,
        order=ordered.order,
        hashes=ordered.hashes,
        ptr=np.searchsorted(runs, np.arange(len(ordered.terms) * width + 1)),
        documents=documents.astype(np.uint16),
        frequencies=frequencies,
        lengths=_length_bytes(words)[cell],
        words=words.reshape(width, count),
        places=np.append(first, len(keys)) if exact else None,
        positions=positions,
    )


class _Ordered(NamedTuple):
    """Terms in the order of their hashes, and the place there of each by its first use."""

    terms: list[str]
    hashes: NDArray[np.uint64]
    order: Ints


def _ordered(terms: Terms) -> _Ordered:
    texts = list(terms.numbers)
    hashes = np.array([term_hash(term) for term in texts], np.uint64)
    places = np.argsort(hashes)
    order = np.empty(len(texts), np.int64)
    order[places] = np.arange(len(texts))
    return _Ordered([texts[place] for place in places.tolist()], hashes[places], order)


def _occurrences(
    inversion: Inversion, others: tuple[Words, Words], space: str, order: Ints
) -> Ints:
    """Return the keys of all occurrences of terms in a space, sorted."""
    exact = space == EXACT
    streams = (inversion.words, inversion.compounds, *(() if exact else others))
    run_of, fields = _runs_of_forms(inversion, space, order), _FIELD_OF[exact]
    count = max(inversion.documents, 1)
    found = [_keys(words, run_of, fields, count, with_positions=exact) for words in streams]
    keys = np.concatenate(found)
    del found
    keys.sort()
    return keys


_POSITION_BITS = 24
_POSITION = np.uint32((1 << _POSITION_BITS) - 1)
"""A body of a million characters has fewer words than that. Beyond it positions stay the last."""


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
    # In place where it can be: these are the largest arrays of all.
    field_of = np.full(GAP + 1, -1, np.int8)
    field_of[list(fields)] = list(fields.values())
    keys: Ints = run_of[words.form]
    field = field_of[words.part]
    wanted = keys >= 0
    wanted &= field >= 0
    keys += field
    keys *= count
    keys += words.document
    if with_positions:
        keys <<= _POSITION_BITS
        keys |= np.minimum(words.position, _POSITION)
    return keys[wanted]


def _length_bytes(lengths: Ints) -> NDArray[np.uint8]:
    known, places = np.unique(lengths, return_inverse=True)
    return np.array([length_to_byte(int(length)) for length in known], np.uint8)[places]


def scored_fields() -> Iterator[tuple[str, int, str]]:
    """Yield space, number in it and Whoosh's name of each field that is scored."""
    for space in SPACES:
        for number, name in enumerate(FIELDS_OF[space]):
            yield space, number, name if space == EXACT else field_name(name, space)
