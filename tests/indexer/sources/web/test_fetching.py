"""One GET against the faults of the web. No clock decides: what does not end hangs the test."""

import gzip
import threading
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

import pytest
from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection

from indexer.sources.files import MAX_PAGE_BYTES
from indexer.sources.web import fetching
from indexer.sources.web.address import Address, parse_address
from indexer.sources.web.fetching import Answer, Ask, Fetcher
from indexer.sources.web.trouble import Trouble
from tests.indexer.sources.web.server import (
    OPTIONS,
    Life,
    Raw,
    Reply,
    Web,
    bomb,
    dribble,
)

ASK = Ask(limit=MAX_PAGE_BYTES)


def get(web: Web, life: Life, *, seconds: float = 60, ask: Ask = ASK, path: str = "/a") -> Answer:
    fetcher = Fetcher(replace(OPTIONS, page_timeout_seconds=seconds), life.world)
    return fetcher.fetch(parse_address(web.url + path), ask, seconds)


def trouble(web: Web, life: Life, answer: Reply | Raw, *, seconds: float = 60) -> Trouble:
    web.routes["/a"] = answer
    with pytest.raises(Trouble) as caught:
        get(web, life, seconds=seconds)
    assert "\n" not in str(caught.value)
    return caught.value


def raw(content: bytes) -> Raw:
    def write(file: BinaryIO) -> None:
        with suppress(OSError):
            file.write(content)

    return write


def test_what_is_asked_and_answered(web: Web, life: Life) -> None:
    web.routes["/a?b=1"] = Reply(b"<p>", headers=(("X-Twice", "1"), ("X-Twice", "2")))
    ask = Ask(limit=3, headers={"If-None-Match": '"1"'})
    answer = get(web, life, ask=ask, path="/a?b=1")
    assert answer.status == 200
    assert answer.body == b"<p>"
    assert answer.headers.getlist("x-twice") == ["1", "2"]
    headers = web.requests[0].headers
    assert headers["host"] == f"clinic.example:{web.port}"
    assert headers["if-none-match"] == '"1"'
    assert headers["accept-encoding"] == "gzip"
    assert "cookie" not in headers


def test_a_body_that_nobody_wants_is_not_read(web: Web, life: Life) -> None:
    web.routes["/a"] = dribble(web, b"HTTP/1.1 200 OK\r\n\r\n", b"x")
    assert get(web, life, ask=Ask(limit=9, wants=lambda _headers: False)).body == b""
    web.routes["/a"] = dribble(web, b"HTTP/1.1 404 Not Found\r\n\r\n", b"x")
    assert get(web, life).body == b""


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_the_largest_page_and_one_byte_more(web: Web, life: Life, coding: str) -> None:
    def body(size: int) -> Reply:
        text = b"a" * size
        packed = gzip.compress(text, 1) if coding == "gzip" else text
        return Reply(packed, headers=(("Content-Encoding", coding),))

    web.routes["/a"] = body(MAX_PAGE_BYTES)
    assert len(get(web, life).body) == MAX_PAGE_BYTES
    assert "larger than 20 MB" in str(trouble(web, life, body(MAX_PAGE_BYTES + 1)))


def test_a_gzip_bomb(web: Web, life: Life) -> None:
    packed = Reply(bomb(60 * 1024**2), headers=(("Content-Encoding", "gzip"),))
    assert "larger than 20 MB" in str(trouble(web, life, packed))


def test_a_body_without_end(web: Web, life: Life) -> None:
    endless = dribble(web, b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1024**2)
    assert "larger than 20 MB" in str(trouble(web, life, endless))


DRIBBLES = {
    "status line": (b"HTTP/1.1 2", b"0"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "headers": (b"HTTP/1.1 ", b"100 Continue\r\n\r\nHTTP/1.1 "),
    "body of stated length": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    "body until the end": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunk size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "nothing": (b"", b""),
}


@pytest.mark.parametrize(("head", "drop"), DRIBBLES.values(), ids=DRIBBLES)
def test_a_server_that_dribbles(web: Web, life: Life, head: bytes, drop: bytes) -> None:
    error = trouble(web, life, dribble(web, head, drop), seconds=0.3)
    assert str(error) == "not done in 0.3 seconds"
    assert error.away


def test_a_server_that_falls_silent(web: Web, life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SILENCE_SECONDS", 0.05)
    for head in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"):
        assert str(trouble(web, life, dribble(web, head, b""))).startswith("silent for")


def test_connecting_and_waiting_have_limits_of_their_own(
    web: Web, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[object] = []
    connect, exchange = HTTPConnection.connect, Fetcher._exchange

    def connecting(self: HTTPConnection) -> None:
        limits.append(self.timeout)
        connect(self)

    def exchanging(
        self: Fetcher, connection: HTTPConnection, address: Address, ask: Ask
    ) -> tuple[int, HTTPHeaderDict, bytes]:
        limits.append(connection.timeout)
        return exchange(self, connection, address, ask)

    monkeypatch.setattr(HTTPConnection, "connect", connecting)
    monkeypatch.setattr(Fetcher, "_exchange", exchanging)
    web.pages("/a")
    get(web, life)
    assert limits == [fetching.CONNECT_SECONDS, fetching.SILENCE_SECONDS]


OK = b"HTTP/1.1 200 OK\r\n"
FAULTS = {
    "cut off": (OK + b"Content-Length: 50\r\n\r\n<p>part", "cut off"),
    "cut off chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n50\r\n<p>part", "cut off"),
    "no last chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n", "cut off"),
    "no chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n<p>plain", "cut off"),
    "negative chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + b"x" * 99, "cut off"),
    "two lengths": (OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n<p>x", "not HTTP"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9\r\n\r\n", "not HTTP"),
    "odd status": (b"HTTP/1.1 abc OK\r\n\r\n", "not HTTP"),
    "long header": (OK + b"X: " + b"x" * 70_000 + b"\r\n\r\n", "head is too large"),
    "many headers": (OK + b"X: y\r\n" * 200 + b"\r\n", "head is too large"),
    "cut off gzip": (OK + b"Content-Encoding: gzip\r\n\r\n" + bomb(999)[:-3], "cut off"),
    "not gzip": (OK + b"Content-Encoding: gzip\r\n\r\n<p>plain", "damaged compression"),
    "unknown coding": (OK + b"Content-Encoding: br\r\n\r\nx", "unknown content coding 'br'"),
}


@pytest.mark.parametrize(("sent", "reason"), FAULTS.values(), ids=FAULTS)
def test_faults(web: Web, life: Life, sent: bytes, reason: str) -> None:
    assert reason in str(trouble(web, life, raw(sent)))


def test_nothing_at_all_may_be_asked_again(web: Web, life: Life) -> None:
    error = trouble(web, life, raw(b""))
    assert str(error) == "connection closed without an answer"
    assert error.again


def test_a_length_that_is_too_short_is_believed(web: Web, life: Life) -> None:
    """By HTTP the page ends there (RFC 9112, section 6.2), and so it does in browsers."""
    web.routes["/a"] = raw(OK + b"Content-Length: 3\r\n\r\n<p>and more")
    assert get(web, life).body == b"<p>"


def test_a_body_of_no_stated_length_ends_with_the_connection(web: Web, life: Life) -> None:
    web.routes["/a"] = raw(b"HTTP/1.0 200 OK\r\n\r\n<p>all")
    assert get(web, life).body == b"<p>all"


def test_chunks(web: Web, life: Life) -> None:
    web.routes["/a"] = raw(
        OK + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\n<p>\r\n1\r\na\r\n0\r\n\r\n"
    )
    assert get(web, life).body == b"<p>a"


# Which machine is asked


def test_the_address_that_was_checked_is_the_one_connected_to(web: Web, life: Life) -> None:
    """DNS rebinding: a second look-up would lead elsewhere, so there is none."""
    web.pages("/a")
    looked_up = []

    def changing(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["203.0.113.1"]

    world = replace(life.world, look_up=changing)
    answer = Fetcher(OPTIONS, world).fetch(parse_address(web.url + "/a"), ASK, 60)
    assert answer.status == 200
    assert looked_up == ["clinic.example"]


def test_an_answer_that_turns_private_is_refused(web: Web, life: Life) -> None:
    web.pages("/a")
    answers = [["203.0.113.99"], ["127.0.0.1"]]
    world = replace(life.world, look_up=lambda _host, _port: answers.pop(0))
    fetcher = Fetcher(replace(OPTIONS, allow_private=False), world)
    for _ in range(2):
        with pytest.raises(Trouble, match="not on the public internet"):
            fetcher.fetch(parse_address(web.url + "/a"), ASK, 60)
    assert web.requests == []


def test_the_next_address_is_tried_if_one_refuses(web: Web, life: Life) -> None:
    web.pages("/a")
    life.names["clinic.example"] = ["127.0.0.9", "::1", "127.0.0.1"]
    assert get(web, life).status == 200


def test_no_connection(web: Web, life: Life) -> None:
    fetcher = Fetcher(OPTIONS, life.world)
    life.names["clinic.example"] = ["127.0.0.9"]
    for ips in (["127.0.0.9"], []):
        life.names["clinic.example"] = ips
        with pytest.raises(Trouble) as caught:
            fetcher.fetch(parse_address(f"http://clinic.example:{web.port}/"), ASK, 60)
        assert caught.value.away


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"])
def test_proxies_of_the_environment_are_not_used(
    web: Web, life: Life, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    web.pages("/a")
    assert get(web, life).status == 200


def test_ipv6(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, int]] = []

    class Noted(HTTPConnection):
        def connect(self) -> None:
            made.append((self.host, self.port))
            raise OSError

    monkeypatch.setattr(fetching, "HTTPConnection", Noted)
    life.names["2001:db8::1"] = ["2001:db8::1"]
    with pytest.raises(Trouble):
        Fetcher(OPTIONS, life.world).fetch(parse_address("http://[2001:DB8::1]:8080/"), ASK, 60)
    assert made == [("2001:db8::1", 8080)]


def test_the_timer_is_gone_when_the_answer_is_there(web: Web, life: Life) -> None:
    web.pages("/a")
    get(web, life)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
