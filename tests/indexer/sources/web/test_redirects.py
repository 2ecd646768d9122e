"""Redirects, one by one."""

import msgspec
import pytest

from indexer.sources import Damaged, Page, PassedOver
from indexer.sources.web import address as address_module
from indexer.sources.web.address import Address, parse_address
from indexer.sources.web.fetching import Answer, Ask, Fetcher
from indexer.sources.web.trouble import Trouble
from tests.indexer.sources.web.server import OPTIONS, Life, Web, html, read, redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_is_followed(web: Web, status: int) -> None:
    web.routes["/a"] = redirect("b", status)
    web.pages("/b")
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Page)
    assert item.url == f"{web.url}/b"


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_what_is_no_redirect(web: Web, status: int) -> None:
    web.routes["/a"] = redirect("/b", status)
    web.pages("/b")
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Damaged)
    assert web.asked("/b") == 0


def test_ten_and_no_more(web: Web) -> None:
    for n in range(12):
        web.routes[f"/{n}"] = redirect(f"/{n + 1}")
    web.pages("/12")
    items = read(web.sitemap("/2", "/1"))
    assert isinstance(items[0], Page)
    assert items[1] == Damaged(location=f"{web.url}/1", reason="more than 10 redirects")


def test_a_circle_of_three(web: Web) -> None:
    web.routes.update({"/a": redirect("/b"), "/b": redirect("/c"), "/c": redirect("/a")})
    (item,) = read(web.sitemap("/a"))
    assert item == Damaged(location=f"{web.url}/a", reason="redirects in a circle")
    assert len(web.paths) == 1 + 3


def test_a_place_on_the_page_itself_is_a_circle(web: Web) -> None:
    web.routes["/a"] = redirect("/a#top")
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Damaged)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "//elsewhere.example/",
        "gopher://clinic.example/",
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(web: Web, life: Life, target: str) -> None:
    web.routes["/a"] = redirect(target)
    (item,) = read(web.sitemap("/a"), life)
    assert isinstance(item, PassedOver)
    assert item.reason.startswith("redirects to an address that is not read: ")
    assert set(life.looked_up) == {"clinic.example"}


def test_a_redirect_to_a_named_host_that_is_private(web: Web, life: Life) -> None:
    """Its pages stay: that is a fault, or an attack, and no news of the articles."""
    web.routes["/a"] = redirect(f"http://www.clinic.example:{web.port}/a")
    is_public = address_module.is_public
    with pytest.MonkeyPatch.context() as patch:
        # 127.0.0.1 stands for a public address here, so that there is a server to redirect.
        patch.setattr(address_module, "is_public", lambda ip: ip == "127.0.0.1" or is_public(ip))
        life.names["www.clinic.example"] = ["10.0.0.1"]
        (item,) = read(web.sitemap("/a"), life, allow_private=False)
    assert isinstance(item, Damaged)
    assert "www.clinic.example is not on the public internet (10.0.0.1)" in item.reason


def test_an_accent_in_a_location(web: Web) -> None:
    web.routes["/a"] = redirect("/niño".encode().decode("latin-1"))
    web.routes["/ni%C3%B1o"] = html("x")
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Page)


def test_the_time_limit_is_for_all_redirects_together(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.routes.update({"/a": redirect("/b"), "/b": redirect("/c")})
    web.pages("/c")
    limits: list[float] = []
    fetch = Fetcher.fetch

    def slow(self: Fetcher, address: Address, ask: Ask, seconds: float) -> Answer:
        limits.append(seconds)
        return msgspec.structs.replace(fetch(self, address, ask, seconds), seconds=7.0)

    monkeypatch.setattr(Fetcher, "fetch", slow)
    read(web.sitemap("/a"), page_timeout_seconds=60)
    assert limits == [60, 60, 60, 53, 46]  # robots.txt, the sitemap, and the three


def test_nothing_is_done_in_no_time(web: Web, life: Life) -> None:
    fetcher = Fetcher(OPTIONS, life.world)
    with pytest.raises(Trouble, match="not done in 60 seconds"):
        fetcher.fetch(parse_address(web.url), Ask(limit=9), -1.0)
