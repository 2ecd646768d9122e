"""Takes ``/docs/`` for ``/docs``: people and proxies add slashes.

A redirect would repeat a query in one more URL, and turn some clients' POST into GET.
"""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send


class TrailingSlash:
    """Takes one slash off the end of a path where the rest is the path of a route."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        """Take the URL table; an id at a path's end may itself end in a slash, and keeps it."""
        self.app = app
        self._patterns = [
            route.path_regex
            for route in routes
            if isinstance(route, Route) and not route.path.endswith(":path}")
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["path"].endswith("/"):
            shorter = scope["path"][:-1]
            if any(pattern.match(shorter) for pattern in self._patterns):
                scope = {**scope, "path": shorter}
        await self.app(scope, receive, send)
