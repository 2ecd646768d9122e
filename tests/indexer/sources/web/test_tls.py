"""TLS against a real server with a certificate for clinic.example."""

import ssl
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import Damaged, Page
from tests.indexer.sources.web.server import Life, Web, read, redirect, serving

TLS = Path(__file__).parent / "tls"


@pytest.fixture
def secure() -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "clinic.pem")

    def wrap(server: ThreadingHTTPServer) -> None:
        # The handshake is left to the thread of the connection.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )

    with serving(wrap) as web:
        web.url = web.url.replace("http://", "https://")
        yield web


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "root.pem"))


@pytest.mark.usefixtures("trusted")
def test_the_certificate_is_checked_against_the_host_and_not_the_address(secure: Web) -> None:
    secure.pages("/a")
    (item,) = read(secure.sitemap("/a"))
    assert isinstance(item, Page)


def test_a_certificate_that_nobody_vouches_for(secure: Web) -> None:
    secure.pages("/a")
    with pytest.raises(SourceError, match=r"TLS certificate refused: .*untouched\.$") as caught:
        read(secure.sitemap("/a"))
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("host", ["www.clinic.example", "127.0.0.1", "other.example"])
def test_a_certificate_of_another_host(secure: Web, host: str) -> None:
    secure.pages("/a")
    with pytest.raises(SourceError, match=f"TLS certificate refused: .*{host}"):
        read(f"https://{host}:{secure.port}/sitemap.xml")
    assert secure.requests == []


@pytest.mark.usefixtures("trusted")
def test_a_page_behind_a_wrong_certificate_stays(secure: Web) -> None:
    secure.pages("/a")
    secure.routes["/b"] = redirect(f"https://www.clinic.example:{secure.port}/b")
    items = read(secure.sitemap("/a", "/b"))
    assert [type(item) for item in items] == [Page, Damaged]


def test_a_server_without_tls(web: Web, life: Life) -> None:
    with pytest.raises(SourceError, match="TLS fails"):
        read(f"https://clinic.example:{web.port}/", life)
