"""Pure ASGI middleware: security headers, request log, limit on bodies."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.headers import header
from service.logs import log_event
from service.problems import ProblemError, problem_of, problem_response

LOG = logging.getLogger(__name__)

METHODS = frozenset(
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]
)

CLIENT_CLOSED_REQUEST = 499
"""What the log calls a request whose client left before the answer; nothing is sent."""

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Answers tell what somebody worries about: no cache may keep them, not even the browser's on
    # a shared computer. What is the same for everybody says otherwise itself.
    "Cache-Control": "no-store",
}


RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_OURS = frozenset(name for name, _ in RAW_HEADERS)


class SecurityHeaders:
    """Adds ``SECURITY_HEADERS`` to every response that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                own = dict(headers)
                added = RAW_HEADERS
                if not _OURS.isdisjoint(own):
                    added = [each for each in RAW_HEADERS if each[0] not in own]
                message["headers"] = [*headers, *added]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class RequestLog:
    """Names each request, logs its outcome, and turns what nobody caught into a problem.

    ``observe`` is told each request's route, its status and its duration in seconds.
    """

    def __init__(
        self, app: ASGIApp, observe: Callable[[str, int, float], None] | None = None
    ) -> None:
        self.app = app
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", request_id.encode("ascii"))
                message["headers"] = [*message.get("headers", ()), named]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except ClientDisconnect:
            status = CLIENT_CLOSED_REQUEST
        except Exception as error:
            _log_error(error, request_id)
            if status:
                raise
            await problem_response(problem_of(error), scope)(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            if self.observe:
                self.observe(route, status, seconds)
            log_request(scope, route, status, seconds)


def _log_error(error: Exception, request_id: str) -> None:
    """Log an exception that nobody expected: its type and frames."""
    LOG.error("unhandled-error", exc_info=error, extra={"fields": {"request_id": request_id}})


def request_id_of(scope: Scope) -> str:
    """Return the id that a request brings, if it is one, or a new one."""
    given = header(scope, b"x-request-id")
    return given if given and REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def log_request(scope: Scope, route: str, status: int, seconds: float) -> None:
    """Log a request by its route, its outcome and its id, and by nothing that it asked."""
    level = logging.INFO if status < 500 else logging.ERROR
    if not LOG.isEnabledFor(level):
        return
    state, method = scope["state"], scope["method"]
    fields: dict[str, Any] = {
        "method": method if method in METHODS else "OTHER",
        "route": route,
        "status": status,
        "duration_ms": round(seconds * 1000, 2),
        "request_id": state["request_id"],
    }
    if "problem" in state:
        fields["problem"] = state["problem"]
    log_event(LOG, level, "request", **fields)


class BodyLimit:
    """Refuses request bodies over a limit, with or without a Content-Length.

    Starlette's own limit answers in plain text where a length is declared, so it is not used.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        """Take the limit, and those of paths by how they begin."""
        self.app = app
        self.max_bytes = max_bytes
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        refusal = _refusal(header(scope, b"content-length"), limit)
        if refusal:
            await problem_response(refusal, scope)(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _too_large(limit)
            return message

        await self.app(scope, receive_within_limit, send)

    def _limit(self, path: str) -> int:
        for start, limit in self.larger.items():
            if path.startswith(start):
                return limit
        return self.max_bytes


def _refusal(declared: str | None, limit: int) -> ProblemError | None:
    if declared is None:
        return None
    if not (declared.isascii() and declared.isdigit()) or len(declared) > 18:
        return ProblemError("invalid-request", "The Content-Length is not a number of bytes.")
    return _too_large(limit) if int(declared) > limit else None


def _too_large(limit: int) -> ProblemError:
    return ProblemError("body-too-large", f"A body may have {limit} bytes at most.")
