"""The texts of an open segment: their words, sentences, leads and sections."""

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.container import Array
from indexer.index.columns.layout import EXACT
from indexer.index.columns.segment import SegmentColumns

BEGINNINGS = "beginnings"
"""The space of terms that are the beginnings of unstemmed ones."""

MAX_REMEMBERED = 20_000
"""Terms of a segment whose forms are remembered."""

_MAX_BYTES = 0xFFFF
"""A word of which ``form.bytes`` says so may be longer; nothing need be found in it."""


class Forms(NamedTuple):
    """The forms of a term, and whether a compound has one of them."""

    numbers: NDArray[np.intp]
    are_joined: bool


class Lead(NamedTuple):
    """A stretch of a text that stands before a sentence, in bytes; ``colon`` is to follow it."""

    start: int
    end: int
    colon: bool


class SegmentTexts:
    """Reads the texts of a segment. Safe to use from several threads.

    Single values are read through memory views, which give plain numbers several times as fast as
    arrays do; what is to be read many words at once are arrays.
    """

    def __init__(self, columns: SegmentColumns) -> None:
        arrays = columns.arrays
        self._columns = columns
        self.form_bytes, self.form_exact = arrays["form.bytes"], arrays["form.exact"]
        self.form_stem, self.form_language = arrays["form.stem"], arrays["form.language"]
        self._form_joined = arrays["form.joined"]
        self.token_form, self.token_step = arrays["token.form"], arrays["token.step"]
        self.compound_form = arrays["compound.form"]
        self.compound_token = arrays["compound.token"]
        self.compound_parts = arrays["compound.parts"]
        self.sentence_tokens = arrays["sentence.tokens"]
        self.sentence_flags = arrays["sentence.flags"]
        self.sentence_chars = arrays["sentence.chars"]
        self.documents, self.text = _view(arrays["doc.text"]), _view(arrays["text"])
        self.tokens, self.compounds = _view(arrays["doc.tokens"]), _view(arrays["doc.compounds"])
        self.sentences = _view(arrays["doc.sentences"])
        self.starts, self.lengths = (
            _view(arrays["sentence.start"]),
            _view(arrays["sentence.length"]),
        )
        self.flags, self.chars = _view(self.sentence_flags), _view(self.sentence_chars)
        self._leads = [_view(arrays[f"lead.{name}"]) for name in _LEAD]
        self._sections = [_view(arrays[name]) for name in _SECTION]
        self._known: dict[tuple[str, str], Forms | None] = {}

    def leads(self, sentence: int) -> list[Lead]:
        """Return what stands before a sentence that has the flag ``LED``."""
        sentences, ptr, starts, lengths, colons = self._leads
        row = bisect_left(sentences, sentence)
        return [
            Lead(starts[at], starts[at] + lengths[at], colons[at] > 0)
            for at in range(ptr[row], ptr[row + 1])
        ]

    def section(self, document: int, sentence: int) -> tuple[str, str]:
        """Return heading and anchor of the section that a sentence of a document stands in."""
        documents, of_sentence, ptr, text = self._sections
        row = documents[document] + of_sentence[sentence]
        if row >= documents[document + 1]:
            return "", ""
        start, middle, end = ptr[2 * row], ptr[2 * row + 1], ptr[2 * row + 2]
        return str(text[start:middle], "utf-8"), str(text[middle:end], "utf-8")

    def number(self, term: str, space: str = EXACT) -> int | None:
        """Return the number of a term of a space, or None if the segment does not hold it."""
        return self._columns.number(space, term)

    def forms(self, space: str, term: str) -> Forms | None:
        """Return the forms of a term, or None if the segment does not hold it.

        In the space ``BEGINNINGS`` the term stands for all unstemmed ones that begin so.
        """
        try:
            return self._known[space, term]
        except KeyError:
            pass
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        if space == BEGINNINGS:
            numbers = self._columns.exact_terms(term)[1].tolist()
            found = [self._columns.forms(EXACT, number) for number in numbers]
        else:
            number = self._columns.number(space, term)
            found = [] if number is None else [self._columns.forms(space, number)]
        forms = self._shown(np.concatenate(found)) if found else None
        self._known[space, term] = forms
        return forms

    def _shown(self, forms: NDArray[np.uint32]) -> Forms:
        numbers = forms[self.form_bytes[forms] < _MAX_BYTES].astype(np.intp)
        return Forms(numbers, bool(self._form_joined[numbers].any()))


_LEAD = ("sentence", "ptr", "start", "length", "colon")
_SECTION = ("doc.sections", "sentence.section", "section.ptr", "section.text")


def _view(array: Array) -> memoryview:
    return array.data
