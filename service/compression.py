"""Compresses answers that are worth it, in the best coding that the client takes."""

import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

import brotli
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from zstandard import ZstdCompressor

from service.cache import KeptBody
from service.headers import Headers, varying

MIN_BYTES = 1_000
"""Below this a packet is not saved."""

CODINGS = ("zstd", "br", "gzip")
"""The best first: zstd is as small as the others here, and takes the least time."""

LEVEL = 4
"""Of each coding: an answer of ten hits shrinks to a quarter in 20 to 45 µs (measured)."""

SECRETIVE = ("/admin",)
"""How the paths begin whose answers hold secrets of a session beside what others can put there:
their compressed length would tell of the secret (BREACH, https://www.breachattack.com)."""

PACKED_BEFORE = frozenset([b"content-encoding", b"content-range"])
"""Headers of answers that are sent as they are: packed already, or a part of one."""

TEXTS = (b"text/", b"application/json", b"image/svg+xml")
"""How the types of texts begin."""

_TAKEN = re.compile(r"|q=(?:0?\.\d*[1-9]\d*|1(?:\.0*)?)")
"""The weight of a coding that is taken: none, or more than 0."""

Pack = Callable[[bytes], bytes]


class Compression:
    """zstd, Brotli or gzip for whole texts; none for streams and for pages that hold secrets.

    It belongs to one event loop: zstd's compressor, which takes a third of its time to be made, is
    one for all.
    """

    def __init__(self, app: ASGIApp, secretive: Sequence[str] = SECRETIVE) -> None:
        self.app = app
        self.secretive = tuple(secretive)
        self.packs: Mapping[str, Pack] = {
            "zstd": ZstdCompressor(level=LEVEL).compress,
            "br": partial(brotli.compress, quality=LEVEL),
            "gzip": partial(gzip.compress, compresslevel=LEVEL, mtime=0),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(self.secretive):
            await self.app(scope, receive, send)
            return
        start: Message | None = None

        async def send_packed(message: Message) -> None:
            nonlocal start
            if start is not None:
                begun, start = start, None
                self._pack(scope, begun, message)
                await send(begun)
            elif message["type"] == "http.response.start" and _is_text(message):
                start = message
                return
            await send(message)

        await self.app(scope, receive, send_packed)

    def _pack(self, scope: Scope, start: Message, message: Message) -> None:
        """Compress a whole body if it is worth it and the client takes a coding of ours."""
        body = message.get("body", b"")
        if message.get("more_body") or len(body) < MIN_BYTES:
            return
        headers = start["headers"]
        accepted = [value for name, value in scope["headers"] if name == b"accept-encoding"]
        if accepted and (coding := best_of(b",".join(accepted))):
            pack = self.packs[coding]
            packed = body.packed(coding, pack) if isinstance(body, KeptBody) else pack(body)
            message["body"] = packed
            headers = [*_repacked(headers, len(packed)), (b"content-encoding", coding.encode())]
        start["headers"] = varying(headers, b"Accept-Encoding")


def _is_text(start: Message) -> bool:
    """Return whether an answer begins that may have a text as its body."""
    kind = b""
    for name, value in start["headers"]:
        if name in PACKED_BEFORE:
            return False
        if name == b"content-type":
            kind = value
    return kind.startswith(TEXTS)


def _repacked(headers: Headers, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield an answer's headers with another length, and a weak entity tag.

    The same bytes it is not (RFC 9110, section 8.8.3).
    """
    for name, value in headers:
        if name == b"content-length":
            yield name, b"%d" % size
        elif name == b"etag" and not value.startswith(b"W/"):
            yield name, b"W/" + value
        else:
            yield name, value


@lru_cache(maxsize=128)
def best_of(accepted: bytes) -> str:
    """Return the best of ``CODINGS`` that an ``Accept-Encoding`` header takes, or nothing.

    How much the client likes one better than another (RFC 9110, section 12.4.2) is left aside.
    """
    taken = dict(map(_weighed, accepted.decode("latin-1").lower().split(",")))
    return next((each for each in CODINGS if taken.get(each, taken.get("*", False))), "")


def _weighed(item: str) -> tuple[str, bool]:
    """Return a coding, and whether it is taken: ``gzip``, ``br;q=0.5``, ``*;q=0``."""
    coding, _, weight = item.partition(";")
    return coding.strip(), _TAKEN.fullmatch(weight.strip()) is not None
