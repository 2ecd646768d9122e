"""A real web server on this machine that answers what a test tells it to, faults included."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, BinaryIO

from indexer.sources import Known, SourceItem, Visit
from indexer.sources.page import NOTHING_KNOWN
from indexer.sources.web.options import WebOptions
from indexer.sources.web.site import WebSource
from indexer.sources.web.world import World

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOST = "clinic.example"

Raw = Callable[[Any], None]
"""Writes an answer byte by byte."""


@dataclass(frozen=True)
class Reply:
    """An answer of the server; without Content-Length if the headers have one already."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)

    def having(self, **headers: str) -> "Reply":
        """Return the reply with more headers: ``Retry_After="3"``."""
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        kept = tuple(pair for pair in self.headers if pair[0] not in dict(more))
        return replace(self, headers=kept + more)


@dataclass(frozen=True)
class Request:
    """A request that the server received."""

    path: str
    headers: Mapping[str, str]


class Web:
    """The server's routes and what it was asked. A list of replies is used up, but its last."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.routes: dict[str, Reply | Raw | list[Reply]] = {}
        self.requests: list[Request] = []
        self.over = Event()
        self._lock = Lock()

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, without the look for a robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def asked(self, path: str) -> int:
        return [request.path for request in self.requests].count(path)

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply | Raw:
        with self._lock:
            self.requests.append(Request(path, headers))
            found = self.routes.get(path, Reply(b"nothing here", 404))
            if isinstance(found, list):
                return found.pop(0) if len(found) > 1 else found[0]
            return found

    def pages(self, *paths: str) -> None:
        for path in paths:
            self.routes[path] = html(path)

    def sitemap(self, *paths: str, at: str = "/sitemap.xml") -> str:
        self.routes[at] = xml(urlset(f"{self.url}{path}" for path in paths))
        return self.url + at


def html(text: str, *links: str, head: str = "") -> Reply:
    anchors = "".join(f'<a href="{link}">there</a>' for link in links)
    return Reply(f"<html><head>{head}</head><body><p>{text}</p>{anchors}</body></html>".encode())


def xml(text: str | bytes) -> Reply:
    body = text if isinstance(text, bytes) else text.encode()
    return Reply(body, headers=(("Content-Type", "application/xml"),))


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(b"", status, (("Location", location),))


def urlset(addresses: Iterable[str], lastmod: str = "") -> str:
    when = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    entries = "".join(f"<url><loc>{address}</loc>{when}</url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(addresses: Iterable[str]) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def bomb(size: int) -> bytes:
    """Return gzip that unpacks to ``size`` zeros."""
    return gzip.compress(bytes(size))


@contextmanager
def serving(wrap: Callable[[ThreadingHTTPServer], None] = lambda _server: None) -> Iterator[Web]:
    """Run a server on a free port of this machine."""
    web: Web

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = web.answer(self.path, {n.lower(): v for n, v in self.headers.items()})
            self.close_connection = True
            if not isinstance(answer, Reply):
                answer(self.wfile)
                return
            self.send_response(answer.status)
            names = {name.lower() for name, _ in answer.headers}
            for name, value in answer.headers:
                self.send_header(name, value)
            if not names & {"content-length", "transfer-encoding"}:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = False  # so that closing waits for them

        def handle_error(self, *_: object) -> None:
            pass  # clients hang up on purpose here

    server = Server(("127.0.0.1", 0), Handler)
    wrap(server)
    web = Web(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Life:
    """A world whose time passes only by waiting, and whose names all lead to this machine."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []
        self.names: dict[str, list[str]] = {}
        self.looked_up: list[str] = []
        self._lock = Lock()

    def look_up(self, host: str, _port: int) -> list[str]:
        self.looked_up.append(host)
        if host.endswith(".nowhere"):
            raise OSError("Name or service not known")
        return self.names.get(host, ["127.0.0.1"])

    def wait(self, _event: Event, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.seconds += max(seconds, 1e-6)  # time never stands still

    @property
    def world(self) -> World:
        return World(
            look_up=self.look_up,
            clock=lambda: self.seconds,
            now=lambda: NOON,
            wait=self.wait,
            chance=lambda: 0.0,
        )


@dataclass
class Memory:
    """What an earlier job learned."""

    visits: dict[str, Visit] = field(default_factory=dict)

    def visit(self, location: str) -> Visit | None:
        return self.visits.get(location)


OPTIONS = WebOptions(allow_private=True, concurrency=1)


def source(
    url: str, life: Life | None = None, options: WebOptions = OPTIONS, **changes: Any
) -> WebSource:
    return WebSource(url, replace(options, **changes), (life or Life()).world)


def read(
    url: str, life: Life | None = None, known: Known = NOTHING_KNOWN, **changes: Any
) -> list[SourceItem]:
    return list(source(url, life, **changes).items(known))


def dribble(web: Web, head: bytes, drop: bytes) -> Raw:
    """Return an answer that never ends: a drop every few milliseconds until the test is over."""

    def write(file: BinaryIO) -> None:
        with suppress(OSError):
            file.write(head)
            while not web.over.wait(0.01):
                file.write(drop)

    return write
