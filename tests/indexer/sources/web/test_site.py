"""Whole sources against a real server: sitemaps, feeds, crawls, and what happens between."""

import gzip
import threading
from dataclasses import replace
from threading import Event
from typing import Any, BinaryIO

import pytest

from indexer.errors import SourceError
from indexer.sources import Damaged, Page, PassedOver, Source, SourceItem, Unchanged, Visit
from indexer.sources.web import WebOptions, WebSource, walk
from tests.indexer.sources.web.server import (
    OPTIONS,
    Life,
    Memory,
    Reply,
    Web,
    dribble,
    html,
    index,
    read,
    redirect,
    source,
    urlset,
    xml,
)


def kinds(items: list[SourceItem]) -> list[str]:
    return [type(item).__name__ for item in items]


def paths(items: list[SourceItem], web: Web) -> list[str]:
    return [item.location.removeprefix(web.url) for item in items]


def failure(url: str, life: Life | None = None, **changes: Any) -> str:
    with pytest.raises(SourceError) as caught:
        read(url, life, **changes)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith("The live generation is untouched.")
    return text


def reasons(items: list[SourceItem]) -> list[str]:
    return [item.reason for item in items if isinstance(item, PassedOver | Damaged)]


def test_it_is_a_source_and_asks_for_nothing_beforehand() -> None:
    made: Source = WebSource("https://clinic.nowhere/")
    assert made.size() is None
    assert not made.complete


# Sitemaps


def test_a_sitemap_gives_its_pages_in_its_order(web: Web) -> None:
    web.pages("/b", "/a", "/c")
    reading = source(web.sitemap("/b", "/a", "/c", "/a"))
    before = reading.complete
    items = list(reading.items())
    assert paths(items, web) == ["/b", "/a", "/c"]
    assert (before, reading.complete) == (False, True)
    assert items[0] == Page(
        location=f"{web.url}/b",
        url=f"{web.url}/b",
        content=html("/b").body,
        charset="utf-8",
    )


@pytest.mark.parametrize("concurrency", [1, 4])
def test_the_order_does_not_depend_on_who_is_fast(web: Web, concurrency: int) -> None:
    listed = [f"/{n}" for n in range(40)]
    web.pages(*listed)
    assert paths(read(web.sitemap(*listed), concurrency=concurrency), web) == listed


def test_the_user_agent_names_us_and_whom_to_ask(web: Web) -> None:
    web.pages("/a")
    read(web.sitemap("/a"), contact="https://clinic.example/bot")
    agents = {request.headers["user-agent"] for request in web.requests}
    assert len(agents) == 1
    (agent,) = agents
    assert agent.startswith("health-search-indexer/")
    assert agent.endswith(" (+https://clinic.example/bot)")


def test_indexes_within_indexes_packed_and_in_a_circle(web: Web) -> None:
    web.pages("/a", "/b", "/c")
    web.routes["/top.xml"] = xml(index([f"{web.url}/mid.xml.gz", "/leaf.xml.gz", "/top.xml"]))
    mid = index([f"{web.url}/top.xml", f"{web.url}/leaf.xml.gz"])
    web.routes["/mid.xml.gz"] = xml(gzip.compress(mid.encode()))
    leaf = gzip.compress(urlset(["/a", "/b"]).encode())
    # Packed as a file, and packed again for the way.
    web.routes["/leaf.xml.gz"] = xml(gzip.compress(leaf)).having(Content_Encoding="gzip")
    reading = source(f"{web.url}/top.xml")
    assert paths(list(reading.items()), web) == ["/a", "/b"]
    assert reading.complete
    assert web.asked("/leaf.xml.gz") == 1


def test_addresses_are_relative_to_the_sitemap_they_are_in(web: Web) -> None:
    web.pages("/deep/a")
    web.routes["/top.xml"] = redirect("/moved/top.xml")
    web.routes["/moved/top.xml"] = xml(index(["leaf.xml"]))
    web.routes["/moved/leaf.xml"] = redirect("/deep/leaf.xml")
    web.routes["/deep/leaf.xml"] = xml(urlset(["a"]))
    assert paths(read(f"{web.url}/top.xml"), web) == ["/deep/a"]


def test_too_many_sitemaps(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_SITEMAPS", 3)
    web.pages("/a", "/b", "/c")
    web.routes["/top.xml"] = xml(index(["/1.xml", "/2.xml", "/3.xml"]))
    for number, path in enumerate(("/a", "/b", "/c"), start=1):
        web.sitemap(path, at=f"/{number}.xml")
    reading = source(f"{web.url}/top.xml")
    assert kinds(list(reading.items())) == ["Page", "Page", "Damaged"]
    assert not reading.complete


def test_indexes_too_deep(web: Web) -> None:
    web.pages("/a")
    for level in range(5):
        web.routes[f"/{level}.xml"] = xml(index([f"/{level + 1}.xml"]))
    web.routes["/5.xml"] = xml(urlset(["/a"]))
    reading = source(f"{web.url}/0.xml")
    (item,) = reading.items()
    assert isinstance(item, Damaged)
    assert "more than 3 levels" in item.reason
    assert not reading.complete


@pytest.mark.parametrize(
    "broken",
    [
        Reply(b"later", 503),
        Reply(b"gone", 404),
        xml(urlset(["/b"])[:-12]),
        xml("<html>"),
        redirect("https://elsewhere.example/s.xml"),
        xml(b"\x1f\x8b\x08broken"),
    ],
    ids=["503", "404", "cut off", "html", "elsewhere", "gzip"],
)
def test_a_part_that_cannot_be_read_leaves_its_articles_alone(web: Web, broken: Reply) -> None:
    web.pages("/a", "/c")
    web.routes["/top.xml"] = xml(index(["/1.xml", "/2.xml", "/3.xml"]))
    web.sitemap("/a", at="/1.xml")
    web.routes["/2.xml"] = broken
    web.sitemap("/c", at="/3.xml")
    reading = source(f"{web.url}/top.xml")
    items = list(reading.items())
    assert kinds(items) == ["Page", "Damaged", "Page"]
    assert not reading.complete


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (xml(urlset(["/a"])[:-12]), "malformed or cut off XML"),
        (xml("<urlset><url>"), "malformed or cut off XML"),
        (xml(urlset([])), "lists no page"),
        (xml("<data/>"), "is no source"),
        (xml("not xml"), "is no source"),
        (xml(""), "is no source"),
        (Reply(b"", 404), "answered 404"),
        (Reply(b"", 403), "answered 403"),
        (Reply(b"", 500), "answered 500"),
        (redirect("https://elsewhere.example/"), "on another host, elsewhere.example"),
        (xml(gzip.compress(urlset(["/a"]).encode())[:-9]), "cut off"),
        (xml(gzip.compress(bytes(51 * 1024**2))), "larger than 50 MB"),
    ],
)
def test_a_sitemap_that_is_none(web: Web, reply: Reply, reason: str) -> None:
    web.pages("/a")
    web.routes["/sitemap.xml"] = reply
    assert reason in failure(f"{web.url}/sitemap.xml")


def test_pages_of_other_hosts_are_named_and_not_asked_for(web: Web, life: Life) -> None:
    web.pages("/a")
    listed = ["https://elsewhere.example/x", f"http://www.clinic.example:{web.port}/a"]
    listed += [
        f"http://me:secret@clinic.example:{web.port}/",
        "ftp://clinic.example/",
        "http://[::",
    ]
    listed += ["http://clinic.example:1/", "http:/\n/x", f"{web.url}/{'a' * 2100}"]
    web.routes["/sitemap.xml"] = xml(urlset(listed))
    items = read(f"{web.url}/sitemap.xml", life)
    assert kinds(items) == ["PassedOver", "Page", *["PassedOver"] * 6]
    assert reasons(items) == [
        "on another host, elsewhere.example",
        "user name or password in the address",
        "not a web address",
        "not a web address",
        "on another port, clinic.example:1",
        "on another host, x",
        "address longer than 2,048 characters",
    ]
    assert not any("\n" in item.location or len(item.location) > 200 for item in items)
    assert "elsewhere.example" not in life.looked_up


def test_a_sitemap_of_another_site_only(web: Web) -> None:
    web.routes["/sitemap.xml"] = xml(urlset(["https://elsewhere.example/x"]))
    assert "lists no page" in failure(f"{web.url}/sitemap.xml")


def test_further_hosts(web: Web) -> None:
    web.pages("/a")
    url = f"http://help.example:{web.port}/a"
    web.routes["/sitemap.xml"] = xml(urlset([url]))
    assert kinds(read(f"{web.url}/sitemap.xml", hosts=("Help.Example.",))) == ["Page"]


def test_the_page_limit(web: Web) -> None:
    listed = [f"/{n}" for n in range(9)]
    web.pages(*listed)
    reading = source(web.sitemap(*listed), max_pages=4)
    items = list(reading.items())
    assert kinds(items) == ["Page"] * 4 + ["Damaged"]
    assert paths(items, web) == listed[:5]
    assert "limit of 4 pages" in reasons(items)[0]
    assert not reading.complete
    assert len(web.paths) == 1 + 4
    exact = source(web.sitemap(*listed), max_pages=9)
    assert kinds(list(exact.items())) == ["Page"] * 9
    assert exact.complete


# What comes of a page


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        (Reply(b"", 404), PassedOver, "gone (404)"),
        (Reply(b"", 410), PassedOver, "gone (410)"),
        (Reply(b"", 451), PassedOver, "gone (451)"),
        (Reply(b"", 401), Damaged, "answered 401"),
        (Reply(b"", 403), Damaged, "answered 403"),
        (Reply(b"", 500), Damaged, "answered 500"),
        (Reply(b"", 503), Damaged, "answered 503"),
        (Reply(b"", 429), Damaged, "answered 429"),
        (Reply(b"", 304), Damaged, "answered 304"),
        (Reply(b"", 204), Damaged, "answered 204"),
        (Reply(b"<p>part", 206), Damaged, "answered 206"),
        (Reply(b" \n"), Damaged, "empty page"),
        (Reply(b"%PDF", headers=(("Content-Type", "application/pdf"),)), PassedOver, "not HTML"),
        (Reply(b"x", headers=(("Content-Type", "text/plain"),)), PassedOver, "(text/plain)"),
        (html("x").having(X_Robots_Tag="noindex"), PassedOver, "X-Robots-Tag: noindex"),
        (html("x").having(X_Robots_Tag="none"), PassedOver, "X-Robots-Tag: noindex"),
        (redirect("/b"), Damaged, "redirects in a circle"),
        (redirect(""), Damaged, "to nowhere"),
        (redirect("https://elsewhere.example/"), PassedOver, "on another host, elsewhere.example"),
        (redirect("javascript:alert(1)"), PassedOver, "not a web address"),
        (redirect("http://clinic.example:22/"), PassedOver, "on another port"),
        (redirect("/secret"), PassedOver, "robots.txt disallows it"),
    ],
)
def test_what_is_no_page_now_or_ever(
    web: Web, reply: Reply, kind: type[SourceItem], reason: str
) -> None:
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /secret")
    web.pages("/a", "/c", "/secret")
    web.routes["/b"] = reply
    reading = source(web.sitemap("/a", "/b", "/c"))
    before, item, after = reading.items()
    assert isinstance(before, Page)
    assert isinstance(after, Page)
    assert isinstance(item, kind)
    assert item.location == f"{web.url}/b"
    assert reason in reasons([item])[0]
    assert reading.complete
    assert web.asked("/secret") == 0


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html", ""),
        ("text/html; charset=ISO-8859-1", "ISO-8859-1"),
        ('TEXT/HTML;Charset="utf-8"', "utf-8"),
        ("application/xhtml+xml; x=y; charset = nonsense ", "nonsense"),
        ("text/html, text/html; charset=utf-8", "utf-8"),
        ("", ""),
    ],
)
def test_the_charset_is_handed_on_as_it_was_said(web: Web, content_type: str, charset: str) -> None:
    headers = (("Content-Type", content_type),) if content_type else ()
    web.routes["/a"] = Reply(b"<p>\xe9", headers=headers)
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Page)
    assert item.charset == charset
    assert item.content == b"<p>\xe9"


def test_a_binary_file_said_to_be_html_is_offered_as_it_is(web: Web) -> None:
    web.routes["/a"] = Reply(bytes(range(256)))
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Page)
    assert item.content == bytes(range(256))


def test_a_page_knows_where_its_redirects_led(web: Web) -> None:
    web.routes["/old"] = redirect("/older", 301)
    web.routes["/older"] = redirect(f"HTTP://CLINIC.example.:{web.port}/x/../new#part", 308)
    web.pages("/new")
    (item,) = read(web.sitemap("/old"))
    assert isinstance(item, Page)
    assert item.location == f"{web.url}/old"
    assert item.url == f"{web.url}/new"


def test_of_two_addresses_of_a_page_the_first_has_it(web: Web) -> None:
    web.routes["/old"] = redirect("/new")
    web.pages("/new")
    items = read(web.sitemap("/old", "/new"))
    assert kinds(items) == ["Page", "PassedOver"]
    assert reasons(items) == [f"leads to {web.url}/old too"]


def test_robots_txt_is_obeyed(web: Web) -> None:
    web.routes["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /\n\nUser-agent: Health-Search-Indexer\nDisallow: /no\n"
    )
    web.pages("/a", "/no", "/no/b")
    items = read(web.sitemap("/a", "/no", "/no/b"))
    assert kinds(items) == ["Page", "PassedOver", "PassedOver"]
    assert set(reasons(items)) == {"robots.txt disallows it"}
    assert web.paths == ["/sitemap.xml", "/a"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_cannot_be_read_forbids_everything(web: Web, status: int) -> None:
    web.pages("/a")
    url = web.sitemap("/a")
    web.routes["/robots.txt"] = Reply(b"", status)
    text = failure(url)
    assert "/robots.txt cannot be read, which forbids everything" in text
    assert web.paths == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows_everything(web: Web, status: int) -> None:
    web.pages("/a")
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /", status)
    assert kinds(read(web.sitemap("/a"))) == ["Page"]


def test_the_start_address_may_be_forbidden(web: Web) -> None:
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /")
    assert "robots.txt disallows it" in failure(web.sitemap("/a"))


def test_a_crawl_delay_is_kept(web: Web, life: Life) -> None:
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7")
    web.pages("/a", "/b")
    read(web.sitemap("/a", "/b"), life)
    # between robots.txt, the sitemap, and two pages
    assert life.waits == [7.0] * 3


def test_our_own_pace(web: Web, life: Life) -> None:
    web.pages("/a", "/b")
    read(web.sitemap("/a", "/b"), life, rate_per_second=2.0)
    assert life.waits == [0.5] * 3


# Conditional requests


def test_a_page_that_did_not_change(web: Web) -> None:
    page = html("a").having(ETag='"1"', Last_Modified="Fri, 01 May 2026 10:00:00 GMT")
    web.routes["/a"] = [page, Reply(b"", 304, (("ETag", '"2"'),))]
    web.routes["/sitemap.xml"] = xml(urlset([f"{web.url}/a"], "2026-05-01"))
    memory = Memory()
    (first,) = read(f"{web.url}/sitemap.xml", known=memory)
    assert isinstance(first, Page)
    assert first.visit == Visit(
        etag='"1"', last_modified="Fri, 01 May 2026 10:00:00 GMT", lastmod="2026-05-01"
    )
    memory.visits[first.location] = first.visit
    web.routes["/sitemap.xml"] = xml(urlset([f"{web.url}/a"], "2026-05-02"))
    (second,) = read(f"{web.url}/sitemap.xml", known=memory)
    assert second == Unchanged(
        location=first.location,
        visit=Visit(
            etag='"2"', last_modified="Fri, 01 May 2026 10:00:00 GMT", lastmod="2026-05-02"
        ),
    )
    asked = [request.headers for request in web.requests if request.path == "/a"]
    assert "if-none-match" not in asked[0]
    assert asked[1]["if-none-match"] == '"1"'
    assert asked[1]["if-modified-since"] == "Fri, 01 May 2026 10:00:00 GMT"


def test_a_visit_without_validators_asks_for_all(web: Web) -> None:
    web.pages("/a")
    memory = Memory({f"{web.url}/a": Visit(lastmod="2026-05-01")})
    assert kinds(read(web.sitemap("/a"), known=memory)) == ["Page"]
    assert not {"if-none-match", "if-modified-since"} & set(web.requests[-1].headers)


@pytest.mark.parametrize("etag", ["x" * 2000, "\xe9", "a\tb"])
def test_a_validator_that_is_none_is_not_remembered(web: Web, etag: str) -> None:
    web.routes["/a"] = html("a").having(ETag=etag, Last_Modified="1")
    (item,) = read(web.sitemap("/a"))
    assert isinstance(item, Page)
    assert item.visit == Visit(last_modified="1")


def test_unchanged_at_the_end_of_a_redirect(web: Web) -> None:
    web.routes["/old"] = redirect("/new")
    web.routes["/new"] = Reply(b"", 304)
    memory = Memory({f"{web.url}/old": Visit(etag='"1"'), f"{web.url}/new": Visit(etag='"1"')})
    items = read(web.sitemap("/old", "/new"), known=memory)
    assert items == [
        Unchanged(location=f"{web.url}/old", visit=Visit(etag='"1"')),
        PassedOver(location=f"{web.url}/new", reason=f"leads to {web.url}/old too"),
    ]


def test_lastmod_is_trusted_only_where_that_was_asked_for(web: Web) -> None:
    web.pages("/same", "/other", "/none")
    urls = [f"{web.url}/{name}" for name in ("same", "other", "none")]
    entries = urlset(urls[:1], "2026-05-01") + urlset(urls[1:2], "2026-05-02") + urlset(urls[2:])
    web.routes["/sitemap.xml"] = xml(f"<urlset>{entries}</urlset>")
    memory = Memory(
        {
            urls[0]: Visit(lastmod="2026-05-01"),
            urls[1]: Visit(lastmod="2026-05-01"),
            urls[2]: Visit(lastmod=""),
        }
    )
    trusting = read(f"{web.url}/sitemap.xml", known=memory, trust_lastmod=True)
    assert kinds(trusting) == ["Unchanged", "Page", "Page"]
    assert kinds(read(f"{web.url}/sitemap.xml", known=memory)) == ["Page"] * 3


# A server that goes away


def test_a_server_that_goes_away_is_left_alone(web: Web) -> None:
    listed = [f"/{n}" for n in range(60)]
    web.pages(*listed[:5])
    web.routes.update({path: Reply(b"", 403) for path in listed[5:]})
    reading = source(web.sitemap(*listed))
    seen: list[SourceItem] = []
    with pytest.raises(SourceError, match=r"20 pages failed in a row .*answered 403.*untouched\.$"):
        seen.extend(reading.items())
    assert not reading.complete
    assert len(web.paths) <= 2 + 5 + 20 + 2


def test_failures_that_are_not_in_a_row(web: Web) -> None:
    listed = [f"/{n}" for n in range(50)]
    web.pages(*listed)
    web.routes.update({path: Reply(b"", 403) for path in listed if not path.endswith("9")})
    assert kinds(read(web.sitemap(*listed))).count("Damaged") == 45


def test_pages_that_lead_in_circles_are_not_a_server_that_went_away(web: Web) -> None:
    listed = [f"/{n}" for n in range(30)]
    web.routes.update({path: redirect(path) for path in listed})
    assert kinds(read(web.sitemap(*listed))) == ["Damaged"] * 30


def test_pages_that_were_not_asked_for_say_nothing_of_the_server(web: Web) -> None:
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /no")
    listed = [path for n in range(30) for path in (f"/{n}", f"/no/{n}")]
    web.routes.update({path: Reply(b"", 403) for path in listed})
    assert "20 pages failed in a row" in failure(web.sitemap(*listed))


def test_a_host_that_does_not_exist() -> None:
    assert "clinic.nowhere cannot be resolved" in failure("https://clinic.nowhere/")


def test_a_reader_that_stops_early_leaves_no_threads_behind(web: Web) -> None:
    listed = [f"/{n}" for n in range(100)]
    web.pages(*listed)
    stream = source(web.sitemap(*listed), concurrency=4).items()
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert len(web.requests) < 20
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("web")]


def test_a_reader_that_stops_early_does_not_wait_for_a_slow_page(web: Web) -> None:
    """As on Ctrl-C. Nothing else would end this before an hour has passed."""
    web.pages("/a")
    begun = Event()
    endless = dribble(web, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x")

    def begin(file: BinaryIO) -> None:
        begun.set()
        endless(file)

    web.routes["/b"] = begin
    stream = source(web.sitemap("/a", "/b"), page_timeout_seconds=3600).items()
    next(stream)
    begun.wait()
    stream.close()  # type: ignore[attr-defined]


def test_a_reader_that_stops_early_waits_for_nobodys_turn(web: Web, life: Life) -> None:
    web.pages("/a", "/b")
    url = web.sitemap("/a", "/b")

    def wait(stop: Event, seconds: float) -> None:
        if web.asked("/a"):
            stop.wait()  # a pause without end: if nothing ends it, neither does this test
        life.wait(stop, seconds)

    stream = WebSource(url, OPTIONS, replace(life.world, wait=wait)).items()
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert web.asked("/b") == 0


@pytest.mark.parametrize(
    "url",
    ["", "clinic.example", "ftp://clinic.example/", "http://", "http://a b/", "http://me@h/", "/a"],
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(SourceError, match="cannot be a source"):
        source(url)


def test_a_further_host_that_is_none() -> None:
    with pytest.raises(SourceError, match="cannot be a source"):
        source("https://clinic.example/", hosts=("no host",))


def test_by_default_nothing_private_is_connected_to(web: Web, life: Life) -> None:
    web.pages("/a")
    web.sitemap("/a")
    for host in ("127.0.0.1", "clinic.example"):
        url = f"http://{host}:{web.port}/sitemap.xml"
        assert "is not on the public internet (127.0.0.1)" in failure(
            url, life, options=WebOptions()
        )
    assert web.requests == []
