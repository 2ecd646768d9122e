"""What every endpoint works with: settings, the live index, and the documents made at start."""

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast

from starlette.requests import Request

from indexer.index.jobs import JobBook
from service.access.access import Access
from service.access.addresses import Proxies
from service.analytics.analytics import Analytics, Plan
from service.analytics.clients import addresses
from service.answers import Answers
from service.cache import AnswerCache
from service.desk.desk import Desk
from service.metrics import Metrics
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
    """What the application is made of; lives as long as it does.

    Attributes:
        started: when this process of the service began, on the monotonic clock.
    """

    settings: Settings
    live: Live
    pages: Pages
    openapi: bytes
    access: Access
    metrics: Metrics = field(default_factory=Metrics)
    started: float = field(default_factory=time.monotonic)

    @cached_property
    def analytics(self) -> Analytics:
        """What counts searches for the editors."""
        plan = Plan(
            self.settings.analytics, self.settings.analytics_k, self.settings.analytics_days
        )
        address_of = addresses(Proxies(self.settings.trusted_proxies))
        return Analytics(plan, address_of, self.metrics.analytics_written)

    @cached_property
    def book(self) -> JobBook:
        """The book of the index's jobs."""
        return JobBook(self.settings.index)

    @cached_property
    def desk(self) -> Desk:
        """What the pages under ``/admin`` are made with."""
        return Desk(self.settings)

    @cached_property
    def answers(self) -> Answers:
        """What answers searches."""
        cache = AnswerCache(self.settings.cache_megabytes * 1_000_000)
        return Answers(self.live, self.settings.threads, cache, self.metrics)


def context_of(request: Request) -> Context:
    """Return the context of the application that serves ``request``."""
    return cast("Context", request.app.state.context)
