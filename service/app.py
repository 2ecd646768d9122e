"""The application: routes, middleware, and what goes on beside the requests."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from indexer.errors import HealthSearchError
from service.access.cors import Cors
from service.access.keys import Key
from service.access.opening import open_access
from service.compression import Compression
from service.context import Context, Live
from service.logs import log_event
from service.meanwhile import meanwhile
from service.metrics import Metrics
from service.middleware import BodyLimit, RequestLog, SecurityHeaders
from service.openapi import document, encode
from service.problems import handle_error
from service.routes import ARTICLES, routes
from service.settings import Settings
from service.slashes import TrailingSlash
from service.web.pages import Pages
from service.worker import work_on_jobs

LOG = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    live: Live,
    admin_key: Key | None = None,
    metrics: Metrics | None = None,
) -> Starlette:
    """Return the application that answers from ``live``, which need not have an index yet.

    Without an admin key, or a file of keys, there are no routes that write, and no jobs are done.
    """
    metrics = metrics or Metrics()
    access = open_access(settings, admin_key, metrics)
    is_writable = access.has_keys
    api = document(settings.site_name, writable=is_writable, public=settings.public_search)
    pages = Pages(settings.site_name, api, counts_clicks=settings.analytics is not None)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(context.analytics.running())
            await stack.enter_async_context(follow_index(live, settings.poll_seconds))
            stack.callback(context.answers.close)
            await stack.enter_async_context(meanwhile(access.follow_keys))
            if is_writable:
                await stack.enter_async_context(work_on_jobs(settings))
            yield

    context = Context(settings, live, pages, encode(api), access, metrics)
    table = routes(writable=is_writable)
    app = Starlette(
        routes=table,
        middleware=_middleware(settings, metrics, table),
        exception_handlers={HTTPException: handle_error, HealthSearchError: handle_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # one name a resource; a redirect would repeat the query
    app.state.context = context
    return app


def _middleware(
    settings: Settings, metrics: Metrics, table: Sequence[BaseRoute]
) -> list[Middleware]:
    """Return what every request passes, the outermost first.

    Marks for pages of other origins are outside of the log, so that these can read a 500 too.
    Routes have guards of their own (``service.routes``).
    """
    larger = {ARTICLES: settings.max_article_bytes}
    return [
        Middleware(SecurityHeaders),
        *([Middleware(Cors, origins=settings.cors_origins)] if settings.cors_origins else ()),
        Middleware(RequestLog, observe=metrics.answered),
        Middleware(Compression),
        Middleware(BodyLimit, max_bytes=settings.max_body_bytes, larger=larger),
        Middleware(TrailingSlash, routes=table),
    ]


@asynccontextmanager
async def follow_index(live: Live, seconds: float) -> AsyncIterator[None]:
    """Open the index, look for a newer one every few seconds, close it at the end."""
    await to_thread.run_sync(_refresh, live)
    try:
        async with meanwhile(partial(_poll, live, seconds)):
            yield
    finally:
        live.close()


async def _poll(live: Live, seconds: float) -> None:
    while True:
        # At the end nobody waits for a big index to be read: closing it stops that.
        await to_thread.run_sync(_refresh, live, abandon_on_cancel=True)
        await anyio.sleep(seconds)


def _refresh(live: Live) -> None:
    """Refresh once. Whatever goes wrong is logged: the index served before stays in service."""
    problem_before = live.status.problem
    try:
        changed = live.refresh()
    except Exception:
        LOG.exception("index-refresh-failed")
        return
    status = live.status
    if changed and status.info:
        fields = {"generation": status.info.generation, "articles": status.info.articles}
        log_event(LOG, logging.INFO, "index-opened", **fields)
    if status.problem and status.problem != problem_before:
        log_event(LOG, logging.WARNING, "index-unavailable", problem=status.problem)
