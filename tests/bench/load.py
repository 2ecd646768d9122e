"""A load client in a process of its own: keep-alive connections that always wait for one answer.

Run as ``python -m tests.bench.load``: reads an ``Order`` from stdin as JSON, and prints an
``Outcome``. It only ever asks this machine (127.0.0.1), and stops by itself.
"""

import asyncio
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import cast

import msgspec
import uvloop

from tests.bench.places import ROOT

HOST = "127.0.0.1"
GRACE_SECONDS = 20.0
"""How long the last answers may take after the time is up."""

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Order(msgspec.Struct, frozen=True):
    """What to ask, over how many connections, and when to stop: after a time or so many answers.

    ``limit`` 0 is none.
    """

    port: int
    paths: Sequence[str]
    seconds: float
    connections: int
    limit: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What came back.

    Attributes:
        seconds: from the first request to the last answer.
        errors: answers other than 200, and connections that broke.
        latencies: seconds from each request to its last byte.
        body_bytes: of all answers together.
    """

    seconds: float
    errors: int
    latencies: list[float]
    body_bytes: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


def run(order: Order) -> Outcome:
    """Carry out an order in another process."""
    command = [sys.executable, "-m", __name__]
    encoded = msgspec.json.encode(order)
    done = subprocess.run(command, cwd=ROOT, input=encoded, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Outcome)


def request(path: str) -> bytes:
    """Return the bytes of a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


class _Tally:
    """What all connections share."""

    def __init__(self, order: Order) -> None:
        self._requests: Iterator[bytes] = itertools.cycle([request(p) for p in order.paths])
        self._deadline = time.perf_counter() + order.seconds
        self._left = order.limit or sys.maxsize
        self.latencies: list[float] = []
        self.errors = 0
        self.body_bytes = 0

    def next_request(self) -> bytes | None:
        """Return what to ask next, or None when it is time to stop."""
        if self._left <= 0 or time.perf_counter() >= self._deadline:
            return None
        self._left -= 1
        return next(self._requests)


class _Connection(asyncio.Protocol):
    """Asks, waits for the whole answer, and asks again."""

    def __init__(self, tally: _Tally, done: "asyncio.Future[None]") -> None:
        self._tally = tally
        self._done = done
        self._buffer = b""
        self._needed = 0
        self._asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none of asyncio's
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._needed:
            head = self._buffer.find(_HEAD_END)
            if head < 0:
                return
            length = _LENGTH.search(self._buffer, 0, head)
            body = int(length[1]) if length else 0
            self._needed = head + len(_HEAD_END) + body
            self._tally.body_bytes += body
        if len(self._buffer) >= self._needed:
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        if not self._done.done():
            self._tally.errors += 1
            self._done.set_result(None)

    def _answered(self) -> None:
        self._tally.latencies.append(time.perf_counter() - self._asked)
        if not self._buffer.startswith(b"HTTP/1.1 200"):
            self._tally.errors += 1
        self._buffer, self._needed = b"", 0
        self._ask()

    def _ask(self) -> None:
        wanted = self._tally.next_request()
        if wanted is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
            return
        self._asked = time.perf_counter()
        self._transport.write(wanted)


async def _drive(order: Order) -> Outcome:
    loop = asyncio.get_running_loop()
    tally = _Tally(order)
    began = time.perf_counter()
    ends = []
    for _ in range(order.connections):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda done=done: _Connection(tally, done), HOST, order.port)  # type: ignore[misc]
        ends.append(done)
    _, late = await asyncio.wait(ends, timeout=order.seconds + GRACE_SECONDS)
    seconds = time.perf_counter() - began
    return Outcome(seconds, tally.errors + len(late), tally.latencies, tally.body_bytes)


def main() -> int:
    """Carry out the order on stdin."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    outcome = uvloop.run(_drive(order))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
