"""Feeds of all kinds."""

import pytest

from indexer.sources import Damaged, Page, PassedOver
from indexer.sources.web.feed import read_feed
from tests.indexer.sources.web.server import Web, read, source, xml

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel>
<link>/channel</link><a:link rel="self" href="/feed"/>
<item><title>A &amp; B</title><link> /a?x=1&amp;y=2 </link><guid>/guid</guid></item>
<item><a:link href="/atom"/><link>/b</link></item>
<item><guid>/c</guid></item>
<item><guid isPermaLink="false">urn:d</guid></item>
<item><title>No link</title></item>
</channel></rss>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><channel rdf:about="/x"><link>/channel</link></channel>
<item rdf:about="/about"><link>/a</link></item><item rdf:about="/b"/></rdf:RDF>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/base/"><link href="/site"/>
<entry><link rel="self" href="/self"/><link rel="alternate" href="a"/><link href="later"/></entry>
<entry xml:base="deep/"><link href=" b "/></entry>
<entry><link rel="enclosure" href="/c.mp3"/></entry>
<entry><link xml:base="/other/" href="d"/></entry>
</feed>"""


@pytest.mark.parametrize(
    ("document", "addresses"),
    [
        (RSS, ["/a?x=1&y=2", "/b", "/c"]),
        (RDF, ["/a", "/b"]),
        (ATOM, ["/base/a", "/base/deep/b", "/other/d"]),
        (ATOM.replace('"/base/"', '"base/"'), ["base/a", "base/deep/b", "/other/d"]),
        ('<rss><item xml:base="/x/"><link>a</link></item></rss>', ["/x/a"]),
        ('<rss><item xml:base="http://["><link>a</link></item></rss>', []),
        ('<rss version="0.91"><channel><item><link>/a</link></item></channel></rss>', ["/a"]),
    ],
    ids=["rss", "rdf", "atom", "atom, relative", "rss, based", "no base", "old"],
)
def test_what_a_feed_lists(document: str, addresses: list[str]) -> None:
    assert list(read_feed(document.encode())) == addresses


@pytest.mark.parametrize("document", [RSS, ATOM], ids=["rss", "atom"])
def test_a_feed_is_never_complete(web: Web, document: str) -> None:
    for path in ("/a?x=1&y=2", "/b", "/c", "/base/a", "/base/deep/b", "/other/d"):
        web.pages(path)
    web.routes["/news/feed"] = xml("\n\n" + document)
    reading = source(f"{web.url}/news/feed")
    items = list(reading.items())
    assert [type(item) for item in items] == [Page] * 3
    assert not reading.complete


def test_a_feed_without_entries_is_no_error(web: Web) -> None:
    web.routes["/feed"] = xml("<rss><channel/></rss>")
    assert read(f"{web.url}/feed") == []


def test_links_to_elsewhere(web: Web) -> None:
    web.routes["/feed"] = xml("<rss><item><link>https://elsewhere.example/a</link></item></rss>")
    (item,) = read(f"{web.url}/feed")
    assert item == PassedOver(
        location="https://elsewhere.example/a", reason="on another host, elsewhere.example"
    )


@pytest.mark.parametrize(
    "document",
    [RSS.replace("<title>No link", "<title>A & B"), RSS[: RSS.index("<item><title>No link")]],
    ids=["stray ampersand", "cut off"],
)
def test_a_feed_is_read_up_to_its_first_fault(web: Web, document: str) -> None:
    """A parser that goes on drops ampersands from addresses: other pages would be asked for."""
    for path in ("/a?x=1&y=2", "/b", "/c"):
        web.pages(path)
    web.routes["/feed"] = xml(document)
    items = read(f"{web.url}/feed")
    assert [type(item) for item in items] == [Page, Page, Page, Damaged]
    assert items[3].location == f"{web.url}/feed"
