"""Answers searches: from the cache, with one that is being made, or in a worker thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from indexer.errors import IndexMissing
from service.cache import Answer, AnswerCache
from service.metrics import Metrics
from service.search.reading.query import normalize
from service.search.request import SearchRequest
from service.search.response import IndexInfo, SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse

if TYPE_CHECKING:
    from service.context import Live

VERSION = version("health-search")

Made = tuple[IndexInfo, Answer]
"""An answer, after the state of the index that gave it."""


def canonical(request: SearchRequest) -> SearchRequest:
    """Return the one request that stands for all that ask for the same."""
    return structs.replace(
        request,
        q=normalize(request.q),
        topic=tuple(sorted(set(request.topic))),
        language=tuple(sorted(set(request.language))),
    )


class Answers:
    """Answers searches on the live index. Its methods are called on the event loop only.

    A search holds the interpreter most of its time, so that more threads make it no faster: they
    are there so that a slow search holds up nobody else. A plain pool costs less a search than
    anyio's threads do.
    """

    def __init__(self, live: "Live", threads: int, cache: AnswerCache, metrics: Metrics) -> None:
        self._live = live
        self._cache = cache
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(threads, "search")
        self._running: dict[tuple[IndexInfo, SearchRequest], asyncio.Future[Made]] = {}

    def etag(self, request: SearchRequest) -> str:
        """Return the tag that the answer to a canonical request has now.

        Raises:
            IndexMissing: there is nothing to search in.
        """
        index = self._index()
        known = self._cache.get(index, request)
        return known.etag if known else _etag(index, request)

    def kept(self, query: bytes) -> Answer | None:
        """Return the answer to a query string if it is kept, and was read as ``spell`` says."""
        info = self._live.status.info
        request = self._cache.spelled(query)
        if info is None or request is None:
            return None
        answer = self._cache.get(info, request)
        if answer is not None:
            self._metrics.searched("cached")
        return answer

    def spell(self, query: bytes, request: SearchRequest) -> None:
        """Remember which canonical request a query string is."""
        self._cache.spell(query, request)

    async def find(self, request: SearchRequest) -> Answer:
        """Answer a canonical request, ready to send. Who asks the same at once shares the answer.

        Raises:
            IndexMissing: there is nothing to search in.
        """
        index = self._index()
        if (known := self._cache.get(index, request)) is not None:
            self._metrics.searched("cached")
            return known
        if not self._cache.is_on:
            return (await self._start(request))[1]
        key = (index, request)
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = self._start(request)
            running.add_done_callback(partial(self._keep, key))
        else:
            self._metrics.searched("shared")
        # Who leaves early takes the answer from nobody else.
        return (await asyncio.shield(running))[1]

    async def search(self, request: SearchRequest) -> SearchResponse:
        """Answer any request as an object; it is not kept.

        Raises:
            IndexMissing: there is nothing to search in.
        """
        self._metrics.searched("computed")
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._search, request
        )

    async def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete what was typed.

        Raises:
            IndexMissing: there is nothing to complete it from.
        """
        self._metrics.suggested()
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._suggest, request
        )

    def _index(self) -> IndexInfo:
        status = self._live.status
        if status.info is None:
            raise IndexMissing(status.problem)
        return status.info

    def _start(self, request: SearchRequest) -> asyncio.Future[Made]:
        self._metrics.searched("computed")
        return asyncio.get_running_loop().run_in_executor(self._threads, self._make, request)

    def _keep(self, key: tuple[IndexInfo, SearchRequest], made: asyncio.Future[Made]) -> None:
        del self._running[key]
        if made.cancelled() or made.exception():
            return
        index, answer = made.result()  # a newer one, maybe, than that of the key
        if answer.etag:
            self._cache.put(index, key[1], answer)

    def _make(self, request: SearchRequest) -> Made:
        """Search and encode, in a worker thread."""
        response = self._search(request)
        # An answer that ran out of time is not final: asked again, there may be more.
        is_final = response.total_relation == "eq"
        etag = _etag(response.index, request) if is_final else ""
        return response.index, Answer(msgspec.json.encode(response), etag)

    def _search(self, request: SearchRequest) -> SearchResponse:
        with self._live.searcher() as searcher:
            return searcher.search(request)

    def _suggest(self, request: SuggestRequest) -> SuggestResponse:
        with self._live.searcher() as searcher:
            return searcher.suggest(request)


def _etag(index: IndexInfo, request: SearchRequest) -> str:
    """Return the tag of an answer: a weak one, since ``took_ms`` is another each time."""
    told = msgspec.msgpack.encode((VERSION, index.generation, index.lexicon, request))
    return f'W/"{sha256(told).hexdigest()[:32]}"'
