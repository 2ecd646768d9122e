"""Where a link to a heading must point: the id that brings a reader there."""

from indexer.extraction.document import Element, text_of

_ENCLOSING = frozenset(
    ("section", "div", "article", "details", "li", "header", "summary", "hgroup")
)


def anchor_of(heading: Element, root: Element) -> str:
    """Return the fragment identifier for ``heading``, or nothing.

    Looked for in this order: on the heading, inside it, in an empty anchor just before it, on what
    it opens (``<section id>``).
    """
    own = heading.get("id") or _inside(heading) or _before(heading)
    return own or _enclosing(heading, root)


def _inside(heading: Element) -> str:
    for child in heading.iterdescendants("*"):
        name = child.get("id") or (child.get("name") if child.tag == "a" else None)
        if name:
            return name
    return ""


def _before(element: Element) -> str:
    """Return the name of an empty element right before ``element``."""
    previous = element.getprevious()
    if previous is None or (previous.tail or "").strip() or len(previous) > 1:
        return ""
    if text_of(previous) or previous.tag not in ("a", "span", "p", "div"):
        return ""
    return _named(previous) or (_named(previous[0]) if len(previous) else "")


def _named(element: Element) -> str:
    return element.get("id") or (element.get("name") or "" if element.tag == "a" else "")


def _enclosing(heading: Element, root: Element) -> str:
    """Return the id of the nearest element that begins with ``heading``."""
    child = heading
    while child is not root:
        parent = child.getparent()
        if parent is None or parent is root or parent.tag not in _ENCLOSING or _follows_text(child):
            return ""
        name = parent.get("id") or _before(parent)
        if name:
            return name
        child = parent
    return ""


def _follows_text(element: Element) -> bool:
    parent = element.getparent()
    if parent is not None and (parent.text or "").strip():
        return True
    before = element.itersiblings("*", preceding=True)
    return any((each.tail or "").strip() or text_of(each) for each in before)
