"""Feeds: RSS 2.0 and its predecessors, RSS 1.0, Atom (RFC 4287)."""

from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from indexer.sources.web.markup import child_text, elements, local_name
from indexer.sources.web.sitemap import MAX_ENTRIES

ROOTS = ("rss", "RDF", "feed")

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def read_feed(document: bytes) -> Iterator[str]:
    """Yield the addresses of a feed's entries in its order, maybe relative.

    Raises:
        Trouble: the rest is malformed or cut off. The parser could go on, but then it drops
            ampersands from addresses.
    """
    found = 0
    for element in elements(document, "item", "entry"):
        address = _item(element) if local_name(element) == "item" else _entry(element)
        if address:
            found += 1
            yield address
        if found == MAX_ENTRIES:
            return


def _item(item: etree._Element) -> str:
    """Return the address of an item of RSS."""
    guid = item.find("guid")
    if link := child_text(item, "link"):
        return _based(link, item)
    if guid is not None and guid.get("isPermaLink", "true") == "true":
        return _based((guid.text or "").strip(), item)
    return _based(item.get(_RDF_ABOUT, ""), item)


def _entry(entry: etree._Element) -> str:
    """Return the address of an entry of Atom: its link that has no other purpose."""
    for link in entry:
        is_link = local_name(link) == "link"
        if is_link and link.get("rel", "alternate") == "alternate" and link.get("href"):
            return _based(link.get("href", "").strip(), link)
    return ""


def _based(address: str, element: etree._Element) -> str:
    """Return an address joined with the ``xml:base`` of an element and of those around it."""
    place: etree._Element | None = element
    while address and place is not None:
        if base := place.get(_XML_BASE):
            try:
                address = urljoin(base, address)
            except ValueError:
                return ""
        place = place.getparent()
    return address
