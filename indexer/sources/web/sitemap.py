"""Sitemaps and sitemap indexes (sitemaps.org)."""

import msgspec

from indexer.sources.web.markup import child_text, elements, local_name, root_name
from indexer.sources.web.trouble import Trouble

MAX_ENTRIES = 50_000
"""Of one sitemap or sitemap index (sitemaps.org)."""

MAX_DATE = 64
"""Characters of a date (W3C-DTF has 35 at most)."""

ROOTS = ("urlset", "sitemapindex")


class Entry(msgspec.Struct, frozen=True):
    """An address in a sitemap as it is written there, and when what is there last changed."""

    address: str
    lastmod: str = ""


class Sitemap(msgspec.Struct, frozen=True):
    """The pages that a sitemap lists, and the further sitemaps."""

    pages: tuple[Entry, ...]
    sitemaps: tuple[Entry, ...]


def read_sitemap(document: bytes) -> Sitemap:
    """Return what a sitemap or a sitemap index lists, in its order.

    Raises:
        Trouble: it is none, malformed, cut off, or longer than the protocol allows.
    """
    if root_name(document) not in ROOTS:
        raise Trouble("not a sitemap")
    found: dict[str, list[Entry]] = {"url": [], "sitemap": []}
    for number, element in enumerate(elements(document, *found), start=1):
        if number > MAX_ENTRIES:
            raise Trouble(f"a sitemap of more than {MAX_ENTRIES:,} entries")
        address = child_text(element, "loc")
        if address:
            found[local_name(element)].append(
                Entry(address, child_text(element, "lastmod")[:MAX_DATE])
            )
    return Sitemap(tuple(found["url"]), tuple(found["sitemap"]))
