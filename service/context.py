"""What every endpoint works with: settings, the live index, and the documents made at start."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from indexer.index.jobs import JobBook
from service.admin import AdminKey
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from service.settings import Settings
from service.web.pages import Pages

if TYPE_CHECKING:
    from service.search.live import IndexStatus
    from service.search.searcher import Searcher


class Live(Protocol):
    """The part of ``LiveIndex`` that the service uses."""

    @property
    def status(self) -> "IndexStatus":
        """What is being served now."""
        ...

    def refresh(self) -> bool:
        """Open the current generation if it is not the one served."""
        ...

    def searcher(self) -> AbstractContextManager["Searcher"]:
        """Lend the current searcher for one request."""
        ...

    def close(self) -> None:
        """Stop serving."""
        ...


@dataclass(frozen=True)
class Context:
    """What the application is made of; lives as long as it does."""

    settings: Settings
    live: Live
    pages: Pages
    openapi: bytes
    admin_key: AdminKey | None = None

    @cached_property
    def book(self) -> JobBook:
        """The book of the index's jobs."""
        return JobBook(self.settings.index)

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        return CapacityLimiter(self.settings.threads)

    async def search(self, request: SearchRequest) -> SearchResponse:
        """Answer a search in a worker thread.

        Raises:
            IndexMissing: there is nothing to search in.
        """
        return await to_thread.run_sync(self._search, request, limiter=self._limiter)

    def _search(self, request: SearchRequest) -> SearchResponse:
        with self.live.searcher() as searcher:
            return searcher.search(request)


def context_of(request: Request) -> Context:
    """Return the context of the application that serves ``request``."""
    return cast("Context", request.app.state.context)
