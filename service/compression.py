"""Compresses answers that are worth it, in the best coding that the client takes."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

MIN_BYTES = 1_000
"""Below this a packet is not saved."""

SECRETIVE = ("/admin",)
"""How the paths begin whose answers hold secrets of a session beside what others can put there:
their compressed length would tell of the secret (BREACH, https://www.breachattack.com)."""


class Compression:
    """zstd, Brotli or gzip for texts; none for pages that hold secrets."""

    def __init__(self, app: ASGIApp, secretive: Sequence[str] = SECRETIVE) -> None:
        self.app = app
        self.compressing = CompressMiddleware(app, minimum_size=MIN_BYTES)
        self.secretive = tuple(secretive)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(self.secretive):
            await self.app(scope, receive, send)
            return

        async def send_weakened(message: Message) -> None:
            if message["type"] == "http.response.start":
                _weaken(message)
            await send(message)

        await self.compressing(scope, receive, send_weakened)


def _weaken(message: Message) -> None:
    """Weaken the entity tag of a compressed answer: the same bytes it is not (RFC 9110, 8.8.3)."""
    headers = message["headers"]
    if not any(name == b"content-encoding" for name, _ in headers):
        return
    for place, (name, value) in enumerate(headers):
        if name == b"etag" and not value.startswith(b"W/"):
            headers[place] = (name, b"W/" + value)
