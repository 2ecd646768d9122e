"""Lets pages of other origins call the API, where the operator says so."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SHARED = ("/v1/", "/static/", "/search-box.js")
"""How the paths begin that such pages need; never the desk's, which has cookies."""

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
REQUEST_HEADERS = ("Authorization", "Content-Type", "If-None-Match", "X-Request-ID")
EXPOSED = ("ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID")

PREFLIGHT_SECONDS = 7_200
"""How long a browser may remember what it may send: two hours is the most that Chromium does."""


class Cors:
    """Answers preflights and marks answers, on the paths that are shared."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=REQUEST_HEADERS,
            expose_headers=EXPOSED,
            max_age=PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_shared = scope["type"] == "http" and scope["path"].startswith(SHARED)
        await (self.shared if is_shared else self.app)(scope, receive, send)
