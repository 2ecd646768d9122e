"""Answers that are ready to send, kept in memory for those who ask the same again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, Self, TypeVar

from service.analytics.counts import SearchFacts
from service.search.request import SearchRequest
from service.search.response import IndexInfo

OVERHEAD_BYTES = 1_000
"""What an entry takes beside its text: the objects that hold it, and its place in the table."""

SPELLINGS_SHARE = 1 / 16
"""Of the memory, for query strings whose request is known: reading one costs as much as serving a
kept answer does."""

PACKED_SHARE = 1 / 16
"""Of the memory, for what kept answers are in the codings that clients take: a quarter of their
size each (measured). To pack one again costs as much as serving it does, but to compute one again
a hundred times as much; hence so little. Those that are asked for most are what matters."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Answer(NamedTuple):
    """The body of an answer as JSON, and its entity tag; an answer that is not final has none.

    Attributes:
        facts: what counts of the search; None if it is none of its own.
        seconds: how long the engine took for it; 0 for one that was kept.
    """

    body: bytes
    etag: str
    facts: SearchFacts | None = None
    seconds: float = 0.0

    def kept(self) -> "Answer":
        """Return it as it is for those who ask after the first: it takes the engine no time."""
        return self._replace(facts=self.facts and self.facts._replace(seconds=0.0), seconds=0.0)


class AnswerCache:
    """The most recently used answers of one state of the index, up to a number of bytes.

    It belongs to one event loop. Nothing of it is ever written down.
    """

    def __init__(self, max_bytes: int) -> None:
        """Keep at most that much; 0 keeps nothing."""
        self._index: IndexInfo | None = None
        spellings = int(max_bytes * SPELLINGS_SHARE)
        self._packed_bytes = int(max_bytes * PACKED_SHARE)
        self._spellings: _Recent[bytes, SearchRequest] = _Recent(spellings)
        self._packed: _Packed = _Recent(self._packed_bytes)
        self._answers: _Recent[SearchRequest, Answer] = _Recent(
            max_bytes - spellings - self._packed_bytes
        )
        self.is_on = max_bytes > 0

    def get(self, index: IndexInfo, request: SearchRequest) -> Answer | None:
        """Return the answer of the index that is served; those of any other are dropped.

        The same generation opened again is another index: it may have been damaged, and mended.
        """
        if index is not self._index:
            self._answers.clear()
            self._packed = _Recent(self._packed_bytes)  # bodies that are being sent hold the other
            self._index = index
        return self._answers.get(request)

    def put(self, index: IndexInfo, request: SearchRequest, answer: Answer) -> None:
        """Keep an answer, unless its index is not the one that was asked for last."""
        if index is self._index:
            kept = answer._replace(body=KeptBody(answer.body, answer.etag, self._packed))
            self._answers.put(request, kept, len(answer.body) + _size(request))

    @property
    def size(self) -> tuple[int, int]:
        """How many answers are kept, and how many bytes they take, about."""
        entries, size = self._answers.size
        return entries, size + self._packed.size[1]

    def spelled(self, query: bytes) -> SearchRequest | None:
        """Return the request that a query string is, if it has been read before."""
        return self._spellings.get(query)

    def spell(self, query: bytes, request: SearchRequest) -> None:
        """Remember which request a query string is."""
        self._spellings.put(query, request, len(query) + _size(request))


class _Recent(Generic[K, V]):
    """The most recently used entries, up to a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: K, value: V, size: int) -> None:
        if size > self._max_bytes:
            return
        if (old := self._entries.pop(key, None)) is not None:
            self._bytes -= old[1]
        self._entries[key] = value, size
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._bytes -= self._entries.popitem(last=False)[1][1]

    @property
    def size(self) -> tuple[int, int]:
        return len(self._entries), self._bytes

    def clear(self) -> None:
        self._entries.clear()
        self._bytes = 0


_Packed = _Recent[tuple[str, str], bytes]
"""Packed bodies by the entity tag of their answer and their coding."""


class KeptBody(bytes):
    """The body of a kept answer; what it is when it is packed is kept, too, where there is room."""

    _tag: str
    _kept: _Packed

    def __new__(cls, body: bytes, tag: str, kept: _Packed) -> Self:
        """Take where its packed forms are kept, and the tag under which they are."""
        self = super().__new__(cls, body)
        self._tag, self._kept = tag, kept
        return self

    def packed(self, coding: str, pack: Callable[[bytes], bytes]) -> bytes:
        """Return what it is in a coding, by ``pack`` if that is not kept."""
        packed = self._kept.get((self._tag, coding))
        if packed is None:
            packed = pack(self)
            self._kept.put((self._tag, coding), packed, len(packed) + OVERHEAD_BYTES)
        return packed


def _size(request: SearchRequest) -> int:
    """Return what a request takes, at four bytes a character: nobody fills the memory by emoji."""
    lists = (request.topic, request.language, request.audience, request.publisher, request.fields)
    chars = len(request.q) + len(request.cursor) + sum(len(each) for of in lists for each in of)
    return 4 * chars + OVERHEAD_BYTES
