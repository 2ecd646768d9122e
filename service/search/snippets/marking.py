"""Stretches of texts → marked HTML, all of a page at once."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.index.columns.texts import Lead
from service.search.snippets.choice import TARGET_CHARS
from service.search.snippets.matching import Matches
from service.search.snippets.pagetexts import PageTexts

_SPACE = re.compile(r"\s")

_HIT, _FRAGMENT, _MARK, _UNMARK = b"\xfc", b"\xfd", b"\xfe", b"\xff"
"""Bytes that stand in no text, for no UTF-8 has them: they hold the places of what is markup
until all else is escaped."""

_ESCAPES = (
    (b"&", b"&amp;"),
    (b"<", b"&lt;"),
    (b">", b"&gt;"),
    (b'"', b"&quot;"),
    (b"'", b"&#x27;"),
    (_MARK, b"<mark>"),
    (_UNMARK, b"</mark>"),
)


class Marks(NamedTuple):
    """Where matches begin and end, in bytes from the beginning of the page's first text.

    Attributes:
        starts: in order.
        ends: in order.
        bounds: how many there are up to each hit; one more entry than hits.
        bases: where the text of each hit begins.
    """

    starts: list[int]
    ends: list[int]
    bounds: list[int]
    bases: list[int]


def marks_of(page: PageTexts, matches: Matches) -> Marks:
    """Return the places of matches."""
    words = np.array(page.words)
    return Marks(
        starts=matches.starts.tolist(),
        ends=matches.ends.tolist(),
        bounds=matches.words.searchsorted(words).tolist(),
        bases=page.places.take(words).tolist(),
    )


class Writer:
    """Gathers the pieces of a page's snippets. Places are bytes from the beginning of a text."""

    def __init__(self, page: PageTexts, marks: Marks) -> None:
        self._page = page
        self._marks = marks
        self._starts, self._ends = marks.starts, marks.ends
        self._pieces: list[bytes | memoryview] = []

    def begin_hit(self, number: int) -> None:
        """Go on to the next hit of the page, whose title comes first."""
        if number:
            self._pieces.append(_HIT)
        hit = self._page.hits[number]
        self._text, self._begin = hit.texts.text, hit.texts.documents[hit.document]
        self._base = self._marks.bases[number]
        self._shift = self._begin - self._base
        bounds = self._marks.bounds
        self._first, self._last = bounds[number], bounds[number + 1]

    def begin_fragment(self, leads: Sequence[Lead] = ()) -> None:
        """Begin a fragment of the body with what leads into it."""
        self._pieces.append(_FRAGMENT)
        for lead in leads:
            self.add(lead.start, lead.end)
            self._pieces.append(b": " if lead.colon else b" ")

    def go_on(self) -> None:
        """Separate what comes next from what stands before it in the fragment."""
        self._pieces.append(b" ")

    def add(self, start: int, end: int) -> None:
        """Add a stretch of the text, marked."""
        starts, ends, text, pieces = self._starts, self._ends, self._text, self._pieces
        shift, last = self._shift, self._last
        stop = end + self._base
        at = start + self._begin
        for match in range(bisect_left(starts, start + self._base, self._first, last), last):
            after = ends[match]
            if after > stop:
                break
            begin, after = starts[match] + shift, after + shift
            pieces += (text[at:begin], _MARK, text[begin:after], _UNMARK)
            at = after
        pieces.append(text[at : end + self._begin])

    def add_cut(self, start: int, end: int) -> None:
        """Add the part around the first match of a stretch of text without punctuation."""
        raw = bytes(self._text[start + self._begin : end + self._begin])
        match = bisect_left(self._starts, start + self._base, self._first, self._last)
        before = 0
        if match < self._last and self._starts[match] < end + self._base:
            before = self._starts[match] - self._base - start
        text = str(raw, "utf-8", "replace")
        begin, stop = _window(text, len(str(raw[:before], "utf-8", "replace")))
        if begin:
            self._pieces.append("… ".encode())
        self.add(start + len(text[:begin].encode()), start + len(text[:stop].encode()))
        if stop < len(text):
            self._pieces.append(" …".encode())

    def written(self) -> list[list[str]]:
        """Return the title and the fragments of each hit as HTML: escaped, then marked."""
        raw = b"".join(self._pieces)
        for plain, html in _ESCAPES:
            raw = raw.replace(plain, html)
        return [
            [fragment.decode(errors="replace") for fragment in hit.split(_FRAGMENT)]
            for hit in raw.split(_HIT)
        ]


def _window(text: str, at: int) -> tuple[int, int]:
    """Return the bounds of a stretch around ``at``, between white space where there is some."""
    begin = max(at - TARGET_CHARS // 2, 0)
    if begin and (space := _SPACE.search(text, begin - 1, at)):
        begin = space.end()
    stop = min(begin + TARGET_CHARS, len(text))
    if space := _SPACE.search(text, stop, stop + TARGET_CHARS // 2):
        stop = space.start()
    return begin, stop
