"""uvicorn is kept from header lines without end; bodies and many requests are no such lines."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from service.heads import MAX_LINES_BYTES, LimitedLines

PIECE = 16_384
HEAD = b"POST / HTTP/1.1\r\nHost: here\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


async def count_body(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the number of bytes of the body."""
    total, more = 0, True
    while more:
        message = await receive()
        total, more = total + len(message.get("body", b"")), message.get("more_body", False)
    body = str(total).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(count_body, http=LimitedLines, ws="none", log_config=None, port=0)
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: LimitedLines(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


def pieces(start: bytes, line: bytes, size: int, end: bytes = b"\r\n\r\n") -> Iterator[bytes]:
    yield start + line
    for _ in range(size // PIECE):
        yield b"a" * PIECE
    yield end


async def answers(sent: Iterator[bytes], count: int = 1) -> list[bytes]:
    """Return the status of each answer, and a ``closed`` where the connection ends before them."""
    async with connected() as (reader, writer):
        for piece in sent:
            writer.write(piece)
            await asyncio.sleep(0)  # so that it goes out alone, or nearly
        return [await status_of(reader) for _ in range(count)]


async def status_of(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b"closed"
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-le"))
    await reader.readexactly(int(length.partition(b":")[2]))
    return head.split(b" ")[1]


@pytest.mark.parametrize("start", [HEAD, CHUNKED + b"0\r\n"], ids=["head", "trailer"])
def test_lines_without_end_are_given_up(start: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    statuses = asyncio.run(answers(pieces(start, b"X-A: zoster", 40 * MAX_LINES_BYTES)))
    assert statuses in ([b"400"], [b"closed"])  # the client may be told while it still sends
    assert "zoster" not in caplog.text


@pytest.mark.parametrize("start", [HEAD, CHUNKED + b"0\r\n"], ids=["head", "trailer"])
def test_lines_as_long_as_proxies_let_through_are_taken(start: bytes) -> None:
    long = pieces(start, b"X-A: b", MAX_LINES_BYTES - PIECE)
    assert asyncio.run(answers(long)) == [b"200"]


def test_bodies_and_many_requests_are_taken() -> None:
    size = 40 * MAX_LINES_BYTES
    body = pieces(HEAD, b"Content-Length: %d\r\n\r\n" % size, size, end=b"")
    many = [HEAD + b"Content-Length: 0\r\nX-A: %s\r\n\r\n" % (b"a" * 1000)] * 100
    assert asyncio.run(answers(iter([*body, *many]), count=101)) == [b"200"] * 101
