"""What there is at the address that an operator named: a sitemap, a feed, or a site."""

from collections.abc import Iterator

from indexer.errors import SourceError
from indexer.sources.page import Damaged
from indexer.sources.web.address import Address, parse_address
from indexer.sources.web.client import Client
from indexer.sources.web.feed import ROOTS as FEED_ROOTS
from indexer.sources.web.feed import read_feed
from indexer.sources.web.fetching import Answer
from indexer.sources.web.listing import CrawledPages, Ledger, ListedPages, Listing
from indexer.sources.web.markup import plain_xml, root_name
from indexer.sources.web.robots import RobotsBook
from indexer.sources.web.sitemap import ROOTS as SITEMAP_ROOTS
from indexer.sources.web.sitemap import Entry
from indexer.sources.web.trouble import NotWanted, Trouble
from indexer.sources.web.walk import XML_ASK, Named, SitemapWalk

USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
"""Where sitemaps are when robots.txt names none."""


def discover(start: Address, client: Client, robots: RobotsBook, ledger: Ledger) -> Listing:
    """Return the pages to read for a start address.

    Raises:
        Trouble: what is there cannot be read, or cannot be told.
        NotWanted: robots.txt forbids to look.
        SourceError: there is something else.
    """
    answer = client.get(start, XML_ASK, robots.admit)
    if answer.status != 200:
        raise Trouble(f"answered {answer.status}")
    document = plain_xml(answer.body)
    root = root_name(document)
    walk = SitemapWalk(client)
    if root in SITEMAP_ROOTS:
        walk.hold(start, answer)
        return ListedPages(walk.entries([start.url], start), ledger, complete=True)
    if root in FEED_ROOTS:
        return ListedPages(_feed(document, answer.address), ledger, complete=False)
    if not _is_page(answer, document):
        raise SourceError(
            f"{start.url} is no source: expected a site's start page, a sitemap or a feed "
            "(RSS, Atom), and it is none, or malformed. The live generation is untouched."
        )
    home = answer.address
    sitemaps = robots.sitemaps(home) or _usual(home, client, robots, walk)
    if sitemaps:
        return ListedPages(walk.entries(sitemaps, home), ledger, complete=True)
    return CrawledPages(home, ledger)


def _feed(document: bytes, place: Address) -> Iterator[Named | Damaged]:
    try:
        for address in read_feed(document):
            yield Entry(address), place
    except Trouble as error:
        yield Damaged(location=place.url, reason=f"feed not read to its end: {error}")


def _is_page(answer: Answer, document: bytes) -> bool:
    said = answer.headers.get("Content-Type", "").lower()
    return "html" in said or (not said and b"<html" in document[:2000].lower())


def _usual(home: Address, client: Client, robots: RobotsBook, walk: SitemapWalk) -> list[str]:
    """Return the first of the usual places that has a sitemap.

    Raises:
        Trouble: that cannot be told now. A crawl instead would find another set of pages.
    """
    for target in USUAL_SITEMAPS:
        place = parse_address(target, home)
        try:
            answer = client.get(place, XML_ASK, robots.admit)
        except NotWanted:
            continue
        # A missing one has no body, or is a page that says so.
        if root_name(plain_xml(answer.body)) in SITEMAP_ROOTS:
            walk.hold(place, answer)
            return [place.url]
    return []
