"""One GET, bounded in time and size. No redirects and no second try: those are `client.py`'s."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from http.client import HTTPException, RemoteDisconnected
from threading import Event, Timer

import msgspec
from urllib3 import BaseHTTPResponse, HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    NewConnectionError,
    ReadTimeoutError,
)

from indexer.sources.web.address import Address, connectable
from indexer.sources.web.options import WebOptions
from indexer.sources.web.trouble import Trouble
from indexer.sources.web.unpacking import decoded, too_large
from indexer.sources.web.world import World

CONNECT_SECONDS = 10.0
"""For one IP address, TLS included."""

SILENCE_SECONDS = 20.0
"""Between two pieces of an answer."""

MAX_TRIED = 4
"""IP addresses of a host that are tried."""

_PIECE = 64 * 1024

# The first that fits counts. What is not here broke in the middle of a body.
_REASONS: tuple[tuple[tuple[type[Exception], ...], str, bool], ...] = (
    ((ssl.SSLError,), "TLS fails", False),
    ((ReadTimeoutError, TimeoutError), f"silent for {SILENCE_SECONDS:.0f} seconds", False),
    ((NewConnectionError, ConnectTimeoutError), "no connection", True),
    ((RemoteDisconnected, ConnectionError), "connection closed without an answer", True),
    (
        (HTTPException, InvalidHeader, ValueError),
        "the answer is not HTTP, or its head is too large",
        False,
    ),
)


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for.

    Attributes:
        limit: bytes that the unpacked body may have.
        headers: conditions of the request.
        wants: whether the body is worth reading, by its headers.
    """

    limit: int
    headers: Mapping[str, str] = {}
    wants: Callable[[HTTPHeaderDict], bool] = lambda _headers: True


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back.

    Attributes:
        address: where it came from: the last one of the redirects.
        status: of HTTP.
        headers: by name in any case.
        body: unpacked; empty unless the status is 200 and the body was wanted.
        seconds: how long it took.
    """

    address: Address
    status: int
    headers: HTTPHeaderDict
    body: bytes
    seconds: float


class Fetcher:
    """Sends requests, each on a connection of its own. Threads may share it.

    Environment variables for proxies are not looked at: a proxy would do its own look-ups.
    """

    def __init__(self, options: WebOptions, world: World) -> None:
        self._options = options
        self._world = world
        self._cuts: set[Callable[[], None]] = set()
        self._stopped = False

    def stop(self) -> None:
        """Cut off what is under way, and what should still begin."""
        self._stopped = True
        for cut in self._cuts.copy():
            cut()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """TLS with the system's certificates; OpenSSL honours ``SSL_CERT_FILE``."""
        return ssl.create_default_context()

    def fetch(self, address: Address, ask: Ask, seconds: float) -> Answer:
        """Return the answer to a GET.

        Args:
            address: what to get.
            ask: how.
            seconds: until the last byte, after the look-up of the host.

        Raises:
            Trouble: there is no whole answer within the bounds.
        """
        allow_private = self._options.allow_private
        ips = connectable(address, self._world, allow_private=allow_private)
        started = time.monotonic()
        connection = self._connect(address, ips, seconds)
        with closing(connection):
            left = seconds - (time.monotonic() - started)
            with self._cut_off_after(left, connection) as is_cut_off:
                try:
                    status, headers, packed = self._exchange(connection, address, ask)
                except (HTTPError, HTTPException, OSError, ValueError) as error:
                    if not is_cut_off():
                        raise _trouble(error) from error
            # Not only on errors: a body without a stated length just seems to end.
            if is_cut_off():
                raise self._late()
        body = decoded(packed, headers.get("Content-Encoding", ""), ask.limit) if packed else b""
        spent = time.monotonic() - started
        return Answer(address=address, status=status, headers=headers, body=body, seconds=spent)

    def _connect(self, address: Address, ips: list[str], seconds: float) -> HTTPConnection:
        """Return a connection to the first IP address that accepts one."""
        until = time.monotonic() + seconds
        trouble = Trouble("no connection")
        for ip in ips[:MAX_TRIED]:
            left = until - time.monotonic()
            if left <= 0:
                break
            connection = self._connection(address, ip, min(CONNECT_SECONDS, left))
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                connection.close()
                trouble = _trouble(error)
            else:
                connection.timeout = SILENCE_SECONDS
                return connection
        raise trouble if time.monotonic() < until else self._late()

    def _late(self) -> Trouble:
        return Trouble(f"not done in {self._options.page_timeout_seconds:g} seconds", away=True)

    def _connection(self, address: Address, ip: str, seconds: float) -> HTTPConnection:
        if address.scheme == "http":
            return HTTPConnection(ip, address.port, timeout=seconds)
        return HTTPSConnection(
            ip,
            address.port,
            timeout=seconds,
            # The certificate must be the host's, although an IP address is connected to.
            server_hostname=address.host,
            ssl_context=self._tls,
        )

    def _exchange(
        self, connection: HTTPConnection, address: Address, ask: Ask
    ) -> tuple[int, HTTPHeaderDict, bytes]:
        """Return status, headers, and the body as it was sent."""
        headers = {
            "Host": address.authority,
            "User-Agent": self._options.user_agent,
            "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **ask.headers,
        }
        connection.request(
            "GET", address.target, headers=headers, preload_content=False, decode_content=False
        )
        with closing(connection.getresponse()) as response:
            wanted = response.status == 200 and ask.wants(response.headers)
            body = _body(response, ask.limit) if wanted else b""
            return response.status, response.headers, body

    @contextmanager
    def _cut_off_after(
        self, seconds: float, connection: HTTPConnection
    ) -> Iterator[Callable[[], bool]]:
        """Cut a connection off after some seconds, whatever it is busy with.

        A socket's timeout is for one piece: a server that sends a byte a second, in the body or
        in endless headers, never meets it.
        """
        over = Event()
        held = connection.sock

        def cut() -> None:
            over.set()
            with suppress(OSError):
                # Not SSLSocket's method, which takes the TLS state from under the reading thread.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

        timer = Timer(max(seconds, 0.0), cut)
        timer.daemon = True
        timer.start()
        self._cuts.add(cut)
        if self._stopped:  # meanwhile: `stop` may not have seen this one
            cut()
        try:
            yield over.is_set
        finally:
            self._cuts.discard(cut)
            timer.cancel()
            timer.join()


def _body(response: BaseHTTPResponse, limit: int) -> bytes:
    """Return the body as it was sent, which may not be larger than ``limit`` either."""
    received = bytearray()
    # `read1` and not `read`, which trusts the size that a chunk claims to have.
    while piece := response.read1(_PIECE, decode_content=False):
        received += piece
        if len(received) > limit:
            raise too_large(limit)
    return bytes(received)


def _trouble(error: Exception) -> Trouble:
    """Say what failed, in words that fit on a line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(f"TLS certificate refused: {error.verify_message}", away=True)
    for kinds, reason, again in _REASONS:
        if isinstance(error, kinds):
            return Trouble(reason, away=True, again=again)
    return Trouble("cut off")
