"""The whole URL table, as data."""

from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.access.access import PUBLIC
from service.access.guard import Guard
from service.access.keys import ACTIONS, Action
from service.desk.routes import STATIC as DESK_STATIC
from service.desk.routes import desk_routes
from service.endpoints.articles import delete_article, delete_page, put_article, put_page
from service.endpoints.batch import search_batch
from service.endpoints.box import embed, opensearch, opensearch_suggest, search_box
from service.endpoints.clicks import click
from service.endpoints.documents import REVALIDATE, docs, openapi
from service.endpoints.health import healthz, metrics, readyz
from service.endpoints.jobs import cancel_job, list_jobs, show_job, start_job
from service.endpoints.page import search_page
from service.endpoints.reading import show_article, show_related
from service.endpoints.search import search
from service.endpoints.suggest import suggest
from service.shortcut import Shortcut

STATIC = Path(__file__).parent / "web" / "static"

ARTICLES = "/v1/articles"
"""How the paths begin whose bodies hold articles."""

Endpoint = Callable[[Request], Awaitable[Response]]

API: Mapping[str, Mapping[str, tuple[Action, Endpoint]]] = {
    "/v1/search": {"GET": ("search", search), "POST": ("search", search)},
    "/v1/search:batch": {"POST": ("search", search_batch)},
    "/v1/suggest": {"GET": ("suggest", suggest), "POST": ("suggest", suggest)},
    "/v1/clicks": {"POST": ("search", click)},
    ARTICLES: {"PUT": ("index", put_page), "DELETE": ("index", delete_page)},
    ARTICLES + "/{id:path}/related": {"GET": ("search", show_related)},
    ARTICLES + "/{id:path}": {
        "GET": ("search", show_article),
        "PUT": ("index", put_article),
        "DELETE": ("index", delete_article),
    },
    "/v1/jobs": {"GET": ("index", list_jobs), "POST": ("index", start_job)},
    "/v1/jobs/{id:int}": {"GET": ("index", show_job), "DELETE": ("index", cancel_job)},
}
"""The API: for each path and method the action that a key must be for, and what answers."""

SHORTCUTS: Mapping[str, Sequence[Middleware]] = {"/v1/search": (Middleware(Shortcut),)}
"""What stands between the guard of a path and what answers it."""


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
        *_api(PUBLIC if not writable else ACTIONS),
        Route("/", search_page),
        Route("/search-box.js", search_box),
        Route("/embed", embed),
        Route("/opensearch.xml", opensearch),
        Route(
            "/opensearch/suggest",
            opensearch_suggest,
            middleware=[Middleware(Guard, needs={"GET": "suggest"})],
        ),
        *(_desk() if writable else ()),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/openapi.json", openapi),
        Route("/docs", docs),
        Mount("/static", PageFiles(directory=STATIC)),
    ]


def _desk() -> list[BaseRoute]:
    """Return the pages for those who run the service; nothing below is part of the API."""
    return [*desk_routes(), Mount("/admin/static", PageFiles(directory=DESK_STATIC))]


def _api(actions: Container[Action]) -> Iterator[Route]:
    """Yield the routes of the API, as far as they are for these actions."""
    for path, methods in API.items():
        offered = {name: each for name, each in methods.items() if each[0] in actions}
        if offered:
            yield _guarded(path, offered)


def _guarded(path: str, methods: Mapping[str, tuple[Action, Endpoint]]) -> Route:
    needs = {name: action for name, (action, _) in methods.items()}

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await methods[method][1](request)

    middleware = [Middleware(Guard, needs=needs), *SHORTCUTS.get(path, ())]
    return Route(path, answer, methods=list(methods), middleware=middleware)
