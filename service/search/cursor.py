"""Cursors: where a list of results goes on, however deep, in a text that callers need not read.

Of the first results the order is known only when all of them are (``Ordering``): a cursor says how
many were shown. Behind them the order is that of the ranking, and a cursor names the last one
shown, by what it is sorted by: the next page is what stands behind it, and page 1,000 costs what
page 6 does. A cursor belongs to one search in one state of the index.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from functools import lru_cache
from hashlib import blake2b
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, structs

from indexer.errors import CursorExpired, CursorInvalid
from service.search.ranking.selection import Place, SortKey
from service.search.reading.query import normalize
from service.search.request import MAX_WINDOW, SearchRequest
from service.search.response import IndexInfo

VERSION = 2
"""Raise it when the fields of a cursor or what they mean change."""

_DIGEST_BYTES = 8
"""By which searches and states are told apart. It guards against mistakes and is no secret: a
cursor is sent with its query, and who makes one up sees other results of the same search."""

_MOST = 0x7FFF_FFFF

_BESIDE = ("page", "cursor", "per_page", "facets", "explain", "highlight", "fields")
"""What of a request does not tell on the order of its results."""


class _Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    version: int
    index: bytes
    search: bytes
    position: Annotated[int, Meta(ge=0, le=_MOST)]
    after: tuple[Annotated[int, Meta(ge=0, le=_MOST)], float, str] | None


_DECODER = msgspec.msgpack.Decoder(_Cursor)


class Start(NamedTuple):
    """Where a page begins.

    Attributes:
        position: how many results stand before it.
        after: the last of these, where the ranking is to go on behind it.
    """

    position: int
    after: SortKey | None = None

    @property
    def skip(self) -> int:
        """How many of what is ranked stand before the page."""
        return self.position if self.after is None else 0


def start_of(request: SearchRequest, info: IndexInfo) -> Start:
    """Return where the page that a request asks for begins.

    Raises:
        CursorInvalid: its cursor is none, or one of another search.
        CursorExpired: its cursor is one of another state of the index.
    """
    if not request.cursor:
        return Start((request.page - 1) * request.per_page)
    cursor = _read(request.cursor)
    if cursor.search != _of_search(request):
        raise CursorInvalid("The cursor is one of another search. Begin without it.")
    if cursor.index != _of_index(info):
        raise CursorExpired("The index has changed since. Begin without the cursor.")
    if cursor.after is None:
        return Start(cursor.position)
    return Start(cursor.position, SortKey(*cursor.after))


def cursor_at(start: Start, request: SearchRequest, info: IndexInfo) -> str:
    """Return the cursor of a page that begins there."""
    index, search = _of_index(info), _of_search(request)
    cursor = _Cursor(VERSION, index, search, start.position, start.after)
    return urlsafe_b64encode(msgspec.msgpack.encode(cursor)).decode().rstrip("=")


def key_of(place: Place, id_: str) -> SortKey:
    """Return where the article with that id stands in the order."""
    return SortKey(place.day, place.score, id_)


def _read(text: str) -> _Cursor:
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = _DECODER.decode(packed)
    except (Error, ValueError):
        cursor = None
    if cursor is None or cursor.version != VERSION:
        raise CursorInvalid("The cursor is not one that an answer gave.")
    if cursor.after is None and cursor.position > MAX_WINDOW:
        raise CursorInvalid("The cursor is not one that an answer gave.")
    return cursor


@lru_cache(maxsize=4)
def _of_index(info: IndexInfo) -> bytes:
    return _digest((info.generation, info.lexicon, info.editorial))


def _of_search(request: SearchRequest) -> bytes:
    fields = structs.asdict(request)
    told = {name: _same(value) for name, value in fields.items() if name not in _BESIDE}
    return _digest(sorted((told | {"q": normalize(request.q)}).items()))


def _same(value: object) -> object:
    """Return a value in the one form for all that mean the same."""
    return sorted({each.lower() for each in value}) if isinstance(value, tuple) else value


def _digest(value: object) -> bytes:
    return blake2b(repr(value).encode(), digest_size=_DIGEST_BYTES).digest()
