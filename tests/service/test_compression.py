"""What is worth it is compressed, and what holds secrets is not."""

import gzip
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import brotli
import pytest
import zstandard
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from service.compression import Compression
from tests.service.access.callers import SEARCH, Service

CODINGS = ("zstd", "br", "gzip")

TEXT = b"Rest helps most people. " * 1_000


async def aiter_twice(text: bytes) -> AsyncIterator[bytes]:
    yield text
    yield text


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def coding(service: Service, path: str, accepted: str = "gzip, deflate, br, zstd") -> str:
    response = service.get(path, headers={"Accept-Encoding": accepted})
    assert response.status_code < 500
    return str(response.headers.get("content-encoding", ""))


@pytest.mark.parametrize("path", [SEARCH, "/", "/docs", "/openapi.json", "/static/page.css"])
@pytest.mark.parametrize("wanted", CODINGS)
def test_texts_are_compressed_in_each_coding(service: Service, path: str, wanted: str) -> None:
    for _ in range(2):  # the second answer is kept
        assert coding(service, path, wanted) == wanted


@pytest.mark.parametrize(
    ("wanted", "unpack"),
    [("gzip", gzip.decompress), ("br", brotli.decompress), ("zstd", zstandard.decompress)],
)
def test_what_is_unpacked_is_what_was_packed(
    service: Service, wanted: str, unpack: Callable[[bytes], bytes]
) -> None:
    plain = service.get(headers={"Accept-Encoding": "identity"}).content
    for coding in (*CODINGS, wanted, wanted):  # others before, and then what was packed before
        with service.client.stream("GET", SEARCH, headers={"Accept-Encoding": coding}) as response:
            raw = b"".join(response.iter_raw())
            assert int(response.headers["content-length"]) == len(raw) < len(plain)
    assert unpack(raw) == plain


@pytest.mark.parametrize("path", ["/healthz", "/v1/search?q=", "/nothing", "/admin/sign-in"])
def test_what_is_small_or_secret_is_not(service: Service, path: str) -> None:
    assert coding(service, path) == ""


@pytest.mark.parametrize("path", ["/admin", "/admin/sign-in", "/admin/jobs"])
def test_no_page_of_the_desk_is(service: Service, path: str) -> None:
    assert coding(service, path) == ""


def test_caches_are_told(service: Service) -> None:
    for accepted in ("identity", "gzip"):
        response = service.get(headers={"Accept-Encoding": accepted})
        assert "accept-encoding" in response.headers["vary"].lower()


def test_a_tag_of_packed_bytes_is_weak_and_still_known(service: Service) -> None:
    for path in ("/static/page.css", SEARCH):
        plain = service.get(path, headers={"Accept-Encoding": "identity"}).headers["etag"]
        packed = service.get(path, headers={"Accept-Encoding": "gzip"}).headers["etag"]
        assert packed == "W/" + plain.removeprefix("W/")
        assert service.get(path, headers={"If-None-Match": packed}).status_code == 304


def test_of_no_coding_we_have_it_is_sent_as_it_is(service: Service) -> None:
    for accepted in ("", "identity", "compress", "br;q=0", "*;q=0", "br;q=high", "gzip;q=0.000"):
        assert coding(service, SEARCH, accepted) == ""


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("*", "zstd"),
        ("*, zstd;q=0", "br"),
        ("gzip;q=1.0, br;q=0.001", "br"),
        ("GZIP ; Q=0.5", "gzip"),
        ("br;q=0, gzip;q=1, *;q=0", "gzip"),
    ],
)
def test_the_best_coding_that_is_taken_is_used(
    service: Service, accepted: str, wanted: str
) -> None:
    assert coding(service, SEARCH, accepted) == wanted


def test_what_is_packed_already_is_sent_as_it_is_and_a_stream_too() -> None:
    async def packed(_: Request) -> Response:
        return Response(TEXT, headers={"Content-Encoding": "br", "Content-Type": "text/css"})

    async def streamed(_: Request) -> Response:
        return StreamingResponse(aiter_twice(TEXT), media_type="text/plain")

    app = Starlette(routes=[Route("/packed", packed), Route("/streamed", streamed)])
    with TestClient(Compression(app)).stream("GET", "/packed") as response:
        assert b"".join(response.iter_raw()) == TEXT
    response = TestClient(Compression(app)).get("/streamed")
    assert response.content == TEXT * 2
    assert "content-encoding" not in response.headers
