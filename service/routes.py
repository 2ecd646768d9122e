"""The whole URL table, as data."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.endpoints.articles import delete_article, delete_page, put_article, put_page
from service.endpoints.documents import REVALIDATE, docs, openapi
from service.endpoints.health import healthz, metrics, readyz
from service.endpoints.jobs import cancel_job, list_jobs, show_job, start_job
from service.endpoints.page import search_page
from service.endpoints.search import search
from service.endpoints.suggest import suggest
from service.middleware import AdminOnly

STATIC = Path(__file__).parent / "web" / "static"

ARTICLES = "/v1/articles"
"""How the paths begin whose bodies hold articles."""

SEARCH = Route("/v1/search", search, methods=["GET", "POST"])

Endpoint = Callable[[Request], Awaitable[Response]]


class PageFiles(StaticFiles):
    """The page's scripts and styles; a browser may keep them, and asks whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the response for one file."""
        response = await super().get_response(path, scope)
        response.headers.update(REVALIDATE)
        return response


def routes(*, writable: bool = True) -> list[BaseRoute]:
    """Return the URL table; what writes is there only if it is ``writable``."""
    return [
        SEARCH,
        Route("/v1/suggest", suggest, methods=["GET", "POST"]),
        Route("/", search_page),
        *(_writing() if writable else ()),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/openapi.json", openapi),
        Route("/docs", docs),
        Mount("/static", PageFiles(directory=STATIC)),
    ]


def _writing() -> list[BaseRoute]:
    return [
        _guarded("/v1/jobs", GET=list_jobs, POST=start_job),
        _guarded("/v1/jobs/{id:int}", GET=show_job, DELETE=cancel_job),
        _guarded(ARTICLES, PUT=put_page, DELETE=delete_page),
        _guarded(ARTICLES + "/{id:path}", PUT=put_article, DELETE=delete_article),
    ]


def _guarded(path: str, **endpoints: Endpoint) -> Route:
    """Return the route of a path that needs the admin key: an endpoint a method."""

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await endpoints[method](request)

    return Route(path, answer, methods=list(endpoints), middleware=[Middleware(AdminOnly)])
