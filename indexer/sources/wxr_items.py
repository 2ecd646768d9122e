"""The items of an RSS file one by one, however large and however damaged its text is."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from indexer.errors import SourceError
from indexer.sources.files import open_bytes, shown

# lxml-stubs knows the public name of the class only.
Element = etree._Element  # noqa: SLF001

_CHUNK = 1 << 18
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
# No characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets).
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MARKS = re.compile(r"<!\[CDATA\[|\]\]>|</item\s*>")
_LONGEST_MARK = 9
_ENDED = re.compile(r"</rss\s*>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL)
_TAIL = 2_000


class _Cleaner:
    """Decodes the bytes of an export, drops what XML forbids, and counts the items it has."""

    def __init__(self, head: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder(_encoding(head))(errors="replace")
        self._rest = ""
        self._tail = ""
        self._in_data = False
        self._started = False
        self.items = 0

    @property
    def ended(self) -> bool:
        """Whether the text so far ends like a whole export."""
        return _ENDED.search(self._tail) is not None

    def cleaned(self, chunk: bytes, *, final: bool) -> str:
        """Return the text of the next bytes."""
        text = _NO_XML.sub("", self._decoder.decode(chunk, final))
        self._tail = (self._tail + text)[-_TAIL:]
        self._count(text)
        if not self._started and text:
            self._started = True
            text = _DECLARATION.sub("", text.removeprefix("\ufeff"))
        return text

    def _count(self, text: str) -> None:
        text, start = self._rest + text, 0
        for mark in _MARKS.finditer(text):
            start = mark.end()
            if mark.group() == "]]>":
                self._in_data = False
            elif mark.group() == "<![CDATA[":
                self._in_data = True
            elif not self._in_data:
                self.items += 1
        self._rest = text[max(start, len(text) - _LONGEST_MARK + 1) :]


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _ENCODING.search(head[:200])
    try:
        return codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        return "utf-8"


def read_items(path: Path) -> Iterator[Element]:
    """Yield the item elements; each is gone when the next is asked for.

    Raises:
        SourceError: the export ends early, or not all of its items can be read.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag="item",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    seen = 0
    with open_bytes(path) as file:
        chunk = file.read(_CHUNK)
        cleaner = _Cleaner(chunk)
        while chunk:
            following = file.read(_CHUNK)
            if text := cleaner.cleaned(chunk, final=not following):
                parser.feed(text.encode("utf-8"))
            for _, item in parser.read_events():
                if isinstance(item, Element):
                    seen += 1
                    yield item
                    _forget(item)
            chunk = following
    if not cleaner.ended:
        raise SourceError(f"{shown(path)} ends early: the export was not written or copied whole.")
    if seen != cleaner.items:
        raise SourceError(f"{shown(path)} is damaged: {seen} of {cleaner.items} items can be read.")


def _forget(item: Element) -> None:
    item.clear()
    parent = item.getparent()
    if parent is not None:
        while item.getprevious() is not None:
            del parent[0]
