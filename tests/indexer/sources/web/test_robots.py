"""X-Robots-Tag and odd robots.txt files."""

import pytest

from indexer.sources import Page, PassedOver, SourceItem
from indexer.sources.web.robots import robots_tag
from tests.indexer.sources.web.server import Life, Reply, Web, read, redirect


@pytest.mark.parametrize(
    ("values", "directives"),
    [
        ([], set()),
        (["noindex"], {"noindex"}),
        (["NoIndex, NOFOLLOW"], {"noindex", "nofollow"}),
        (["noarchive", "noindex"], {"noarchive", "noindex"}),
        (["otherbot: noindex, nofollow"], set()),
        (["otherbot: noindex", "nofollow"], {"nofollow"}),
        (["health-search-indexer: noindex, none"], {"noindex", "none"}),
        (["otherbot: noindex, health-search-indexer: nofollow"], {"nofollow"}),
        (["unavailable_after: 25 Jun 2027 15:00:00 PST"], {"unavailable_after"}),
        (["max-snippet: 5, noindex"], {"max-snippet", "noindex"}),
    ],
)
def test_robots_tag(values: list[str], directives: set[str]) -> None:
    assert robots_tag(values) == directives


def kinds(items: list[SourceItem]) -> list[type]:
    return [type(item) for item in items]


@pytest.mark.parametrize(
    "robots",
    [
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /no",
        b"user-agent: *\rdisallow: /no # comment",
        b"User-agent: *\nDisallow: /*o$",
        b"User-agent: *\nDisallow: /\nAllow: /yes\nAllow: /sitemap",
        b"\xff\xfe\x00\nUser-agent: *\nDisallow: /no",
        b"User-agent: *\nDisallow: /no\n" + b"# x\n" * 200_000,
        b"User-agent: *\nDisallow: /no\nCrawl-delay: nan\nCrawl-delay: x\nCrawl-delay: -1",
        b"User-agent: *\nDisallow: /no\n" + b"User-agent: *\nDisallow: /yes"[:20],
    ],
)
def test_odd_files(web: Web, life: Life, robots: bytes) -> None:
    web.routes["/robots.txt"] = Reply(robots)
    web.pages("/yes", "/no")
    assert kinds(read(web.sitemap("/yes", "/no"), life)) == [Page, PassedOver]
    assert set(life.waits) == {0.25}


def test_rules_after_the_first_500_kilobytes_are_not_read(web: Web) -> None:
    web.routes["/robots.txt"] = Reply(b"#" * 500 * 1024 + b"\nUser-agent: *\nDisallow: /")
    web.pages("/yes")
    assert kinds(read(web.sitemap("/yes"))) == [Page]


def test_a_page_instead_of_a_robots_txt_allows_everything(web: Web) -> None:
    web.routes["/robots.txt"] = Reply(b"<!doctype html><title>Not found</title><p>Disallow: /")
    web.pages("/yes")
    assert kinds(read(web.sitemap("/yes"))) == [Page]


def test_a_robots_txt_that_redirects(web: Web) -> None:
    web.routes["/robots.txt"] = redirect("/real.txt")
    web.routes["/real.txt"] = Reply(b"User-agent: *\nDisallow: /no")
    web.pages("/yes", "/no")
    assert kinds(read(web.sitemap("/yes", "/no"))) == [Page, PassedOver]


def test_each_host_has_its_own(web: Web) -> None:
    web.pages("/a")
    web.routes["/robots.txt"] = [Reply(b""), Reply(b"User-agent: *\nDisallow: /")]
    www = f"http://www.clinic.example:{web.port}/a"
    web.sitemap("/a")
    web.routes["/sitemap.xml"] = Reply(
        f"<urlset><url><loc>{www}</loc></url><url><loc>/a</loc></url></urlset>".encode()
    )
    assert kinds(read(f"{web.url}/sitemap.xml")) == [PassedOver, Page]
    assert web.asked("/robots.txt") == 2
