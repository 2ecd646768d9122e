"""Answers searches: from the cache, with one that is being made, or in a worker thread."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import structs

from indexer.article import Article
from indexer.errors import IndexMissing, Overloaded
from service.analytics.counts import facts_of
from service.cache import Answer, AnswerCache
from service.metrics import Metrics, QueryOutcome
from service.presenting import encoded
from service.search.reading.query import normalize
from service.search.request import RelatedRequest, SearchRequest
from service.search.response import IndexInfo, RelatedResponse, SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse

if TYPE_CHECKING:
    from service.context import Live
    from service.search.searcher import Searcher

VERSION = version("health-search")

PATIENCE_SECONDS = 5.0
"""How long a question waits for a thread. Whoever asked has asked again by then, or left; to work
through what nobody waits for would keep the next ones waiting, too (judgement)."""

N = TypeVar("N", bound=str)
T = TypeVar("T")

Made = tuple[IndexInfo, Answer]
"""An answer, after the state of the index that gave it."""


def canonical(request: SearchRequest) -> SearchRequest:
    """Return the one request that stands for all that ask for the same."""
    return structs.replace(
        request,
        q=normalize(request.q),
        page=1 if request.cursor else request.page,
        topic=_sorted(request.topic),
        language=_sorted(request.language),
        audience=_sorted(request.audience),
        publisher=_sorted(request.publisher),
        facets=_sorted(request.facets),
        finish=request.is_half_typed,  # without the space behind it, nobody could tell
        fields=_sorted(request.fields),
    )


def _sorted(values: tuple[N, ...]) -> tuple[N, ...]:
    return tuple(sorted(set(values)))


class Answers:
    """Answers searches on the live index. Its methods are called on the event loop only.

    A search holds the interpreter most of its time, so that more threads make it no faster: they
    are there so that a slow search holds up nobody else. A plain pool costs less a search than
    anyio's threads do.
    """

    def __init__(
        self,
        live: "Live",
        threads: int,
        cache: AnswerCache,
        metrics: Metrics,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Take what answers and what counts, and for how many seconds a question waits at most."""
        self._live = live
        self._cache = cache
        self._metrics = metrics
        self._patience = patience
        self._size = threads
        self._threads = self._pool()
        self._running: dict[tuple[IndexInfo, SearchRequest], asyncio.Future[Made]] = {}

    def close(self) -> None:
        """Let the threads go; what still waits for one is not asked any more.

        New threads are made when it is asked again: an application may be started twice.
        """
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._threads = self._pool()

    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._size, "search")

    def etag(self, request: SearchRequest) -> str:
        """Return the tag that the answer to a canonical request has now.

        Raises:
            IndexMissing: there is nothing to search in.
        """
        index = self._index()
        known = self._cache.get(index, request)
        return known.etag if known else tag_of(index, request)

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

    @property
    def kept_size(self) -> tuple[int, int]:
        """How many answers are kept, and how many bytes they take, about."""
        return self._cache.size

    def spell(self, query: bytes, request: SearchRequest) -> None:
        """Remember which canonical request a query string is."""
        self._cache.spell(query, request)

    async def find(self, request: SearchRequest) -> Answer:
        """Answer a canonical request, ready to send. Who asks the same at once shares the answer.

        Raises:
            IndexMissing: there is nothing to search in.
            Overloaded: too much else is asked.
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
        return await self._ask(partial(self._search, request))

    async def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete what was typed.

        Raises:
            IndexMissing: there is nothing to complete it from.
        """
        self._metrics.suggested()
        return await self._ask(lambda searcher: searcher.suggest(request))

    async def article(self, id_: str) -> tuple[Article, IndexInfo] | None:
        """Return an article whole, and the index that holds it; None if there is none.

        Raises:
            IndexMissing: there is nothing to look in.
        """

        def look(searcher: "Searcher") -> tuple[Article, IndexInfo] | None:
            article = searcher.article(id_)
            return (article, searcher.info) if article else None

        return await self._ask(look)

    async def related(self, id_: str, request: RelatedRequest) -> RelatedResponse | None:
        """Return articles that are like one; None if there is no such article.

        Raises:
            IndexMissing: there is nothing to look in.
        """
        return await self._ask(lambda searcher: searcher.related(id_, request))

    async def _ask(self, question: "Callable[[Searcher], T]") -> T:
        """Ask the searcher in a worker thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._lend, question, time.monotonic())

    def _lend(self, question: "Callable[[Searcher], T]", asked: float) -> T:
        """Put a question that was asked then.

        Raises:
            Overloaded: it has waited too long for its thread.
            IndexMissing: there is nothing to ask.
        """
        if time.monotonic() - asked > self._patience:
            raise Overloaded("The question waited too long for its turn. Ask again later.")
        with self._live.searcher() as searcher:
            return question(searcher)

    def _search(self, request: SearchRequest, searcher: "Searcher") -> SearchResponse:
        """Search, and count what came of it and how long it took."""
        outcome: QueryOutcome = "failed"
        started = time.perf_counter()
        try:
            response = searcher.search(request)
            is_whole = response.total_relation == "eq"
            outcome = ("found" if response.total else "nothing") if is_whole else "timeout"
        finally:
            self._metrics.queried(outcome, time.perf_counter() - started)
        for notice in response.notices:
            self._metrics.noticed(notice.kind)
        return response

    def _index(self) -> IndexInfo:
        status = self._live.status
        if status.info is None:
            raise IndexMissing(status.problem)
        return status.info

    def _start(self, request: SearchRequest) -> asyncio.Future[Made]:
        self._metrics.searched("computed")
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, self._make, request, time.monotonic())

    def _keep(self, key: tuple[IndexInfo, SearchRequest], made: asyncio.Future[Made]) -> None:
        del self._running[key]
        if made.cancelled() or made.exception():
            return
        index, answer = made.result()  # a newer one, maybe, than that of the key
        if answer.etag:
            self._cache.put(index, key[1], answer.kept())

    def _make(self, request: SearchRequest, asked: float) -> Made:
        """Search and encode, in a worker thread."""
        response = self._lend(partial(self._search, request), asked)
        # An answer that ran out of time is not final: asked again, there may be more.
        is_final = response.total_relation == "eq"
        etag = tag_of(response.index, request) if is_final else ""
        facts, seconds = facts_of(request, response), response.took_ms / 1000
        return response.index, Answer(encoded(response, request), etag, facts, seconds)


def tag_of(index: IndexInfo, *told: object) -> str:
    """Return the tag of what an index answers to what it was told.

    It is a weak one, since ``took_ms`` is another each time.
    """
    editions = (VERSION, index.generation, index.lexicon, index.editorial)
    return f'W/"{sha256(msgspec.msgpack.encode((editions, *told))).hexdigest()[:32]}"'
