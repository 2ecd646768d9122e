"""Dates and people that a page marks with ``itemprop`` in its text."""

from indexer.extraction.document import Element, find_all, text_of

_NAMES = frozenset(
    ("datePublished", "dateModified", "lastReviewed", "author", "reviewedBy", "headline")
)


def read_microdata(tree: Element) -> dict[str, str]:
    """Return the first value of each property that an article has."""
    found: dict[str, str] = {}
    for element in find_all(tree, "//*[@itemprop]"):
        for name in element.get("itemprop", "").split():
            if name in _NAMES and name not in found and (value := _value(element)):
                found[name] = value
    return found


def _value(element: Element) -> str:
    written = element.get("content") or element.get("datetime")
    if written:
        return written.strip()
    named = find_all(element, ".//*[@itemprop='name']")
    return text_of(named[0] if named else element)
