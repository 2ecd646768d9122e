"""A site without a sitemap."""

import pytest

from indexer.errors import SourceError
from indexer.sources import Damaged, Page, PassedOver, SourceItem, Visit
from indexer.sources.web import links
from tests.indexer.sources.web.server import (
    Memory,
    Reply,
    Web,
    html,
    index,
    read,
    redirect,
    source,
    urlset,
    xml,
)


def found(items: list[SourceItem], web: Web) -> list[str]:
    return [item.location.removeprefix(web.url) for item in items if isinstance(item, Page)]


def test_links_are_followed_breadth_first_and_in_circles_once(web: Web) -> None:
    web.routes["/"] = html("home", "/a", "b", "/", "#top", "/a#part")
    web.routes["/a"] = html("a", "/c", "/b", "../../a")
    web.routes["/b"] = html("b", "/d", "/a")
    web.routes["/c"] = html("c", "/")
    web.pages("/d")
    reading = source(web.url)
    assert found(list(reading.items()), web) == ["/", "/a", "/b", "/c", "/d"]
    assert reading.complete
    assert all(web.asked(path) == 1 for path in ("/a", "/b", "/c", "/d"))


@pytest.mark.parametrize("concurrency", [1, 4])
def test_the_order_does_not_depend_on_who_is_fast(web: Web, concurrency: int) -> None:
    for n in range(40):
        web.routes[f"/{n}"] = html("x", *(f"/{(n * k + 1) % 40}" for k in range(5)))
    web.routes["/"] = html("home", "/0")
    once = found(read(web.url, concurrency=1), web)
    assert len(once) == 41
    assert found(read(web.url, concurrency=concurrency), web) == once


def test_links_that_are_not_followed(web: Web) -> None:
    web.routes["/"] = Reply(
        b"""<a href="/a" rel="Nofollow noopener">x</a><a href="mailto:a@b.example">x</a>
        <a href="javascript:void(0)">x</a><a href="tel:+1">x</a><a>x</a><a href="">x</a>
        <a href="https://elsewhere.example/">x</a><a href="/b.PDF?x=1">x</a><a href="/c.jpg">x</a>
        <a href="http://[">x</a><link rel="next" href="/d"><img src="/e"><!-- <a href="/f"> -->
        <script>"<a href='/g'>"</script><area href="/map"><a href=" /good\n">x</a>"""
    )
    web.pages("/map", "/good")
    items = read(web.url)
    assert found(items, web) == ["/", "/map", "/good"]
    assert len(items) == 3


@pytest.mark.parametrize(
    ("head", "header", "followed"),
    [
        ('<meta name="robots" content="noindex">', "", True),
        ('<meta name="robots" content="noindex, NoFollow">', "", False),
        ('<meta name="ROBOTS" content="none">', "", False),
        ('<meta name="health-search-indexer" content="nofollow">', "", False),
        ('<meta name="otherbot" content="nofollow">', "", True),
        ("", "noindex", True),
        ("", "nofollow", False),
        ("", "none", False),
        ("", "otherbot: noindex, nofollow", True),
        ("", "unavailable_after: 25 Jun 2027 15:00:00 PST, nofollow", False),
    ],
)
def test_robots_metas_and_headers(web: Web, head: str, header: str, followed: bool) -> None:
    page = html("home", "/a", head=head)
    web.routes["/"] = page.having(X_Robots_Tag=header) if header else page
    web.pages("/a")
    items = read(web.url)
    assert (f"{web.url}/a" in {item.location for item in items}) == followed
    assert isinstance(items[0], PassedOver if header in ("noindex", "none") else Page)


def test_a_page_of_nothing_but_links(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MAX_LINKS", 3)
    web.routes["/"] = html("home", "/1", "/1", "/2", "/3", "/4")
    assert [item.location for item in read(web.url)][1:] == [f"{web.url}/{n}" for n in (1, 2, 3)]


def test_a_base(web: Web) -> None:
    web.routes["/"] = html("home", "a", head='<base href="/deep/">')
    web.pages("/deep/a")
    assert found(read(web.url), web) == ["/", "/deep/a"]


def test_a_calendar_without_end_meets_the_page_limit(web: Web) -> None:
    web.routes["/"] = html("home", "/day?n=1", "/article")
    web.pages("/article")
    for n in range(1, 60):
        web.routes[f"/day?n={n}"] = html("day", f"/day?n={n + 1}", f"/day?n={n}&view=week")
        web.routes[f"/day?n={n}&view=week"] = html("week", f"/day?n={n + 2}#x")
    reading = source(web.url, max_pages=20)
    items = list(reading.items())
    assert len(found(items, web)) == 20
    assert "/article" in found(items, web)
    (limit,) = (item for item in items if isinstance(item, Damaged))
    assert "limit of 20 pages" in limit.reason
    assert not reading.complete


def test_a_page_that_fails_makes_a_crawl_incomplete(web: Web) -> None:
    """What only it links to would count as gone."""
    web.routes["/"] = html("home", "/a", "/gone")
    web.routes["/a"] = Reply(b"", 503)
    reading = source(web.url)
    assert [type(item) for item in reading.items()] == [Page, Damaged, PassedOver]
    assert not reading.complete


def test_a_crawl_asks_unconditionally(web: Web) -> None:
    """A page that did not change comes without its links."""
    web.routes["/"] = html("home", "/a").having(ETag='"1"')
    web.pages("/a")
    known = Memory({f"{web.url}/": Visit(etag='"1"'), f"{web.url}/a": Visit(etag='"1"')})
    assert len(found(read(web.url, known=known), web)) == 2
    assert not any("if-none-match" in request.headers for request in web.requests)


def test_a_start_page_that_redirects(web: Web) -> None:
    www = f"http://www.clinic.example:{web.port}"
    web.routes["/"] = redirect(f"{www}/home")
    web.routes["/home"] = html("home", "/a")
    web.pages("/a")
    assert [item.location for item in read(web.url)] == [f"{www}/home", f"{www}/a"]


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_start_page_that_fails(web: Web, status: int) -> None:
    web.routes["/"] = Reply(b"", status)
    with pytest.raises(SourceError, match=f"answered {status}.*untouched"):
        read(web.url)


def test_links_of_pages_with_odd_content(web: Web) -> None:
    web.routes["/"] = html("home", *(f"/{n}" for n in range(7)))
    odd = [
        b"\0",
        b"<!-- -->",
        b"plain",
        bytes(range(256)),
        b"<a href='/x\xff'>",
        b"<",
        b"<a " * 5000,
    ]
    for n, content in enumerate(odd):
        web.routes[f"/{n}"] = Reply(content)
    assert len(read(web.url)) == 9


# Where the sitemaps of a site are


def test_sitemaps_of_robots_txt(web: Web) -> None:
    web.pages("/", "/a", "/b")
    web.sitemap("/a", at="/one.xml")
    web.sitemap("/b", at="/two.xml")
    web.routes["/robots.txt"] = Reply(
        f"User-agent: *\nDisallow: /one.xml\nSitemap: {web.url}/one.xml\nsitemap: /two.xml".encode()
    )
    reading = source(web.url)
    assert found(list(reading.items()), web) == ["/a", "/b"]
    assert reading.complete


def test_one_of_several_sitemaps_fails(web: Web) -> None:
    web.pages("/", "/a")
    web.sitemap("/a", at="/one.xml")
    lines = [f"{web.url}/one.xml", "https://elsewhere.example/two.xml", "/three.xml"]
    web.routes["/robots.txt"] = Reply("".join(f"Sitemap: {line}\n" for line in lines).encode())
    reading = source(web.url)
    items = list(reading.items())
    assert [type(item) for item in items] == [Page, Damaged, Damaged]
    assert not reading.complete


def test_the_only_sitemap_fails(web: Web) -> None:
    web.pages("/")
    web.routes["/robots.txt"] = Reply(b"Sitemap: https://elsewhere.example/s.xml")
    with pytest.raises(SourceError, match=r"on another host, elsewhere.example.*untouched"):
        read(web.url)


@pytest.mark.parametrize("place", ["/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml"])
def test_usual_places(web: Web, place: str) -> None:
    web.routes["/"] = html("home", "/linked")
    web.pages("/a", "/linked")
    # Soft errors: a page that says that there is nothing, and a way home.
    web.routes["/sitemap.xml"] = html("not found")
    web.routes["/sitemap_index.xml"] = redirect("/")
    web.sitemap("/a", at="/real.xml")
    web.routes[place] = xml(index(["/real.xml"]))
    assert found(read(web.url), web) == ["/a"]


def test_a_usual_place_elsewhere_is_none(web: Web) -> None:
    web.pages("/")
    web.routes["/sitemap.xml"] = redirect("https://elsewhere.example/s.xml")
    assert found(read(web.url), web) == ["/"]


def test_a_usual_place_that_cannot_be_told(web: Web) -> None:
    """A crawl instead of the sitemap would find other pages, and take the rest for gone."""
    web.pages("/")
    web.routes["/sitemap.xml"] = Reply(b"", 503)
    with pytest.raises(SourceError, match="answered 503"):
        read(web.url)


def test_a_usual_sitemap_that_is_cut_off(web: Web) -> None:
    web.pages("/")
    web.routes["/sitemap.xml"] = xml(urlset(["/a"])[:-5])
    with pytest.raises(SourceError, match="malformed or cut off"):
        read(web.url)
