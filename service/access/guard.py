"""Stands before the routes that need something: lets requests in, and tells answers' limits."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.access import Access
from service.access.keys import Action
from service.access.limiter import Standing


class Guard:
    """Middleware of one route: each of its methods needs an action.

    Nothing of a request's body is read before it is let in.
    """

    def __init__(self, app: ASGIApp, needs: Mapping[str, Action]) -> None:
        self.app = app
        self.needs = needs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        access: Access = scope["app"].state.context.access
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        caller = await access.admit(scope, self.needs[method])
        may_share = method == "GET" and not caller.key  # else it may be for this caller alone

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(message, scope, access.cdn_seconds if may_share else 0)
            await send(message)

        await self.app(scope, receive, send_told)


def _tell(message: Message, scope: Scope, cdn_seconds: int) -> None:
    """Add headers: for a CDN that may keep the answer, or else where this caller stands.

    Only an answer with an entity tag is final. CDN-Cache-Control (RFC 9213) is for caches that
    the site's operator runs or rents; all others, and browsers, obey Cache-Control: no-store.
    """
    headers = message.setdefault("headers", [])
    names = dict(headers)
    if cdn_seconds and message["status"] in (200, 304) and b"etag" in names:
        headers.append((b"cdn-cache-control", b"public, max-age=%d" % cdn_seconds))
        return
    standing: Standing | None = scope["state"].get("standing")
    if standing and b"ratelimit" not in names:  # or it was told by a refusal further in
        headers += [(k.lower().encode(), v.encode()) for k, v in standing.headers().items()]
