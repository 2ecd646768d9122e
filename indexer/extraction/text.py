"""Tree to lines: block boundaries become newlines, whatever is inline joins."""

import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from indexer.extraction.anchors import anchor_of
from indexer.extraction.document import BLOCKS, HEADINGS, INVISIBLE, Element, pieces, text_within

DEEPEST_HEADING = 6
# Footnote marks have a handful of numbers (judgement).
LONGEST_MARK = 200
# Zero-width characters, byte order mark and soft hyphen: they split words in an index.
_DROPPED = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_FOOTNOTE = re.compile(r"[\[(]?(\d{1,3}|[a-z*†‡§])([,–-]\s*\d{1,3})*[\])]?")

# The commas that stood between footnote marks.
_REMAINS = re.compile(r"(?<=[.!?])(?:,{2,}|,$)")


class Line(msgspec.Struct, frozen=True):
    """One block of text; ``level`` is 0 unless it is a heading."""

    text: str
    level: int = 0
    anchor: str = ""


def tidy(text: str) -> str:
    """Return ``text`` with single spaces and without invisible characters."""
    # Most texts are ASCII, which has none of them.
    return " ".join((text if text.isascii() else _DROPPED.sub("", text)).split())


def lines_of(root: Element) -> list[Line]:
    """Return the text below ``root``, a block a line."""
    return list(_Renderer(root).lines())


class _Renderer:
    """Walks a tree once; holds the line that is being written."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._parts: list[str] = []
        self._cells: list[str] | None = None
        self._skipped: Element | None = None
        self._heading: Element | None = None
        self._level = 0
        self._summary_level = 0

    def lines(self) -> Iterator[Line]:
        """Yield the lines in order."""
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            if self._skipped is not None:
                if event == "end" and element is self._skipped:
                    self._skipped = None
                    yield from self._after(element)
            elif event == "start":
                yield from self._enter(element)
            else:
                yield from self._leave(element)
                yield from self._after(element)
        yield from self._flush()

    def _enter(self, element: Element) -> Iterator[Line]:
        tag = element.tag
        if tag in INVISIBLE or _is_footnote_mark(element):
            self._skipped = element
            if tag == "sup" and "".join(pieces(element))[-1:].isspace():
                self._parts.append(" ")
            return
        if tag == "br":
            self._parts.append("\n")
        elif tag in BLOCKS:
            yield from self._start_block(element)
        if element.text:
            self._parts.append(_spaced(element))

    def _start_block(self, element: Element) -> Iterator[Line]:
        if self._cells is not None or self._heading is not None:
            self._parts.append(" ")
            return
        yield from self._flush()
        if element.tag == "tr" and not _is_layout(element):
            self._cells = []
        elif self._heading_level(element):
            self._heading = element

    def _leave(self, element: Element) -> Iterator[Line]:
        if self._heading is not None:
            if element is self._heading:
                yield from self._end_heading(element)
            elif element.tag in BLOCKS:
                self._parts.append(" ")
        elif self._cells is not None:
            yield from self._leave_in_row(element, self._cells)
        elif element.tag in BLOCKS:
            yield from self._flush()

    def _leave_in_row(self, element: Element, cells: list[str]) -> Iterator[Line]:
        if element.tag in ("td", "th"):
            cells.append(tidy("".join(self._parts)))
            self._parts.clear()
        elif element.tag == "tr":
            self._parts.clear()
            self._cells = None
            if any(cells):
                yield Line(" | ".join(cell for cell in cells if cell))
        elif element.tag in BLOCKS:
            self._parts.append(" ")

    def _end_heading(self, element: Element) -> Iterator[Line]:
        level = self._heading_level(element)
        if element.tag == "summary":
            self._summary_level = level
        else:
            self._level, self._summary_level = level, 0
        self._heading = None
        text = tidy("".join(self._parts))
        self._parts.clear()
        if text:
            yield Line(text, level, anchor_of(element, self._root))

    def _heading_level(self, element: Element) -> int:
        """Return the level of a heading, and of what works as one; otherwise 0."""
        tag = element.tag
        if tag in HEADINGS:
            return int(tag[1])
        if tag == "summary" and not any(True for _ in element.iter(*HEADINGS)):
            return self._summary_level or min(
                self._level + 1 if self._level else 2, DEEPEST_HEADING
            )
        if element.get("role") == "heading":
            level = element.get("aria-level", "2")
            return min(int(level), DEEPEST_HEADING) if level in "123456789" and level else 2
        return 0

    def _after(self, element: Element) -> Iterator[Line]:
        if element.tail and element is not self._root:
            self._parts.append(element.tail.replace("\n", " "))
        yield from ()

    def _flush(self) -> Iterator[Line]:
        if self._parts:
            for part in "".join(self._parts).split("\n"):
                text = tidy(part)
                if text.endswith(",") or ",," in text:
                    text = _REMAINS.sub("", text)
                if text:
                    yield Line(text)
            self._parts.clear()


def _spaced(element: Element) -> str:
    """Return the text of ``element``; only preformatted text keeps its line breaks."""
    text = element.text or ""
    return text if element.tag == "pre" else text.replace("\n", " ")


def _is_footnote_mark(element: Element) -> bool:
    """Say whether this is a raised number that only points to a source.

    It links to a place on the page, or stands in a link (``<a href="#refs"><sup>3</sup></a>``), or
    follows the end of a sentence or clause, where no exponent does: ``pain.<sup>3</sup>``.
    """
    if element.tag != "sup" or not _FOOTNOTE.fullmatch(text_within(element, LONGEST_MARK)):
        return False
    links = [*element.iter("a"), *element.iterancestors("a")]
    if any("#" in link.get("href", "") for link in links):
        return True
    before = element.getprevious()
    text = before.tail if before is not None else _text_before(element)
    return bool(text) and str(text).rstrip()[-1:] in tuple(".,;:!?")


def _text_before(element: Element) -> str | None:
    parent = element.getparent()
    return parent.text if parent is not None else None


def _is_layout(row: Element) -> bool:
    """Say whether a table row only places blocks on the screen."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return len(cells) < 2 or any(True for _ in row.iter("table", *HEADINGS))
