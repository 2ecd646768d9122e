"""The links of a page that a crawl follows."""

import re
from urllib.parse import urlsplit

from lxml import etree

from indexer.sources.web.address import Address, parse_address
from indexer.sources.web.options import PRODUCT
from indexer.sources.web.trouble import NotWanted

MAX_LINKS = 5000
"""Of one page. The fullest index pages of real health sites have some hundreds."""

_NOT_FOLLOWED = frozenset(("nofollow", "none"))
# Names of files that are no pages. Others turn out by their Content-Type.
_FILE = re.compile(
    r"\.(7z|avi|bmp|css|csv|docx?|epub|exe|gif|gz|ico|ics|jpe?g|js|json|mov|mp[34]|ods|odt|ogg|"
    r"pdf|png|pptx?|rar|rtf|svg|tar|tiff?|txt|wav|webm|webp|woff2?|xlsx?|xml|zip)$",
    re.IGNORECASE,
)


def links_of(content: bytes, place: Address) -> tuple[Address, ...]:
    """Return the links of an HTML page in its order, each once, without those to other files.

    A page whose robots meta says ``nofollow`` has none, and neither has a link that says so.
    """
    try:
        root = etree.fromstring(content, etree.HTMLParser(no_network=True))
    except etree.XMLSyntaxError:
        return ()  # nothing in it
    if root is None or _refuses(root):
        return ()
    base = _base(root, place)
    found: dict[Address, None] = {}
    for link in root.iter("a", "area"):
        relations = link.get("rel", "").lower().split()
        # Of places on the page itself there are many, and they are not worth parsing.
        href = link.get("href", "#").strip()
        if href.startswith("#") or "nofollow" in relations:
            continue
        try:
            address = parse_address(href, base)
        except NotWanted:
            continue
        if not _FILE.search(urlsplit(address.target).path):
            found[address] = None
        if len(found) == MAX_LINKS:
            break
    return tuple(found)


def _base(root: etree._Element, place: Address) -> Address:
    """Return what relative links are relative to."""
    element = root.find(".//base[@href]")
    try:
        return place if element is None else parse_address(element.get("href", ""), place)
    except NotWanted:
        return place


def _refuses(root: etree._Element) -> bool:
    said: set[str] = set()
    for meta in root.iter("meta"):
        if meta.get("name", "").strip().lower() in ("robots", PRODUCT):
            said.update(re.split(r"[\s,;]+", meta.get("content", "").lower()))
    return not _NOT_FOLLOWED.isdisjoint(said)
