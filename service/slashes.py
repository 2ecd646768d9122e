"""Takes ``/v1/search/`` for ``/v1/search``, and leads from ``/docs/`` to ``/docs``.

People and proxies add slashes. A call of the API is answered at once: a redirect would repeat its
query in one more URL, and turn some clients' POST into GET. A page is led to its own address,
or what it loads from addresses beside it would not be there.
"""

from collections.abc import Iterable

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

API = "/v1/"


class TrailingSlash:
    """Takes one slash off the end of a path where the rest is the path of a route."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        """Take the URL table; an id at a path's end may itself end in a slash, and keeps it."""
        self.app = app
        self._patterns = [
            route.path_regex
            for route in routes
            if isinstance(route, Route) and route.path != "/" and not route.path.endswith(":path}")
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["path"].endswith("/"):
            shorter = scope["path"][:-1]
            if any(pattern.match(shorter) for pattern in self._patterns):
                if not shorter.startswith(API):
                    beside = f"../{shorter.rpartition('/')[2]}"
                    await RedirectResponse(beside, 308)(scope, receive, send)
                    return
                scope["path"] = shorter  # in place, so that the log is told the route
        await self.app(scope, receive, send)
