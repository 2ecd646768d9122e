"""The whole URL table, as data."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.endpoints.documents import REVALIDATE, docs, openapi
from service.endpoints.health import healthz, readyz
from service.endpoints.page import search_page
from service.endpoints.search import search

STATIC = Path(__file__).parent / "web" / "static"


class PageFiles(StaticFiles):
    """The page's scripts and styles; a browser may keep them, and asks whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the response for one file."""
        response = await super().get_response(path, scope)
        response.headers.update(REVALIDATE)
        return response


def routes() -> list[BaseRoute]:
    """Return the URL table."""
    return [
        Route("/", search_page),
        Route("/v1/search", search, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/openapi.json", openapi),
        Route("/docs", docs),
        Mount("/static", PageFiles(directory=STATIC)),
    ]
