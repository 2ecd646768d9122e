"""Text to tree, and the few things every other module does with a tree."""

import re
from collections.abc import Iterator

from lxml import etree

from indexer.errors import PageSkipped
from indexer.extraction.nesting import flatten, is_too_deep

# lxml-stubs knows the public name of the class only.
Element = etree._Element  # noqa: SLF001

# Never text of an article, whatever is inside.
INVISIBLE = frozenset(
    {"script", "style", "template", "noscript", "svg", "canvas", "iframe", "object", "embed"}
    | {"audio", "video", "map", "head", "link", "meta", "base"}
    | {"input", "select", "textarea", "datalist", "output", "progress", "meter"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | frozenset(
    {"html", "body", "main", "article", "section", "aside", "header", "footer", "nav", "search"}
    | {"div", "p", "pre", "blockquote", "address", "center", "hgroup", "hr", "figure", "figcaption"}
    | {"ul", "ol", "li", "dl", "dt", "dd", "dir", "menu", "details", "summary", "dialog"}
    | {"table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"}
    | {"form", "fieldset", "legend", "option", "optgroup"}
)


MAX_ATTRIBUTES = 2_000
# A tag with so many attributes has at least four characters for each.
_LONG_TAG_CHARS = 4 * MAX_ATTRIBUTES
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def _is_crowded(text: str) -> bool:
    """Say whether a tag has too many attributes; what is between two "<" is a tag and its text."""
    long_pieces = [piece for piece in text.split("<") if len(piece) >= _LONG_TAG_CHARS]
    tags = [piece.partition(">")[0] for piece in long_pieces if piece[0].isalpha()]
    return any(len(tag) >= _LONG_TAG_CHARS and _attributes(tag) > MAX_ATTRIBUTES for tag in tags)


def _attributes(tag: str) -> int:
    return len(_QUOTED.sub("", tag).split()) - 1


def parse(text: str) -> Element:
    """Return the root of the page's tree, however broken the markup is.

    Raises:
        PageSkipped: there is no element at all, or one has thousands of attributes: libxml2 reads
            them n² times, 100,000 in ten seconds.
    """
    if _is_crowded(text):
        raise PageSkipped(f"no article found: a tag with more than {MAX_ATTRIBUTES} attributes")
    try:
        parser, root = _parse(text)
        if is_too_deep(parser):
            _, root = _parse(flatten(text, BLOCKS))
    except (etree.LxmlError, ValueError) as error:
        raise PageSkipped(f"no article found: unreadable markup ({error})") from error
    if root is None:
        raise PageSkipped("no article found: no markup")
    return root


def _parse(text: str) -> tuple[etree.HTMLParser, Element | None]:
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, remove_pis=True, remove_comments=True
    )
    return parser, etree.fromstring(text.encode("utf-8"), parser)


def remove(element: Element) -> None:
    """Take ``element`` out of the tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def text_of(element: Element) -> str:
    """Return all text below ``element``, white space collapsed."""
    return " ".join("".join(pieces(element)).split())


def text_within(element: Element, most: int) -> str:
    """Return all text below ``element`` like ``text_of``, but nothing if it is far too long.

    Elements that hold each other would else be read as often as they are deep.

    Args:
        element: where to look.
        most: characters, and pieces of text, that are read.
    """
    read: list[str] = []
    for piece in pieces(element):
        most -= max(len(piece.strip()), 1)
        if most < 0:
            return ""
        read.append(piece)
    return " ".join("".join(read).split())


def pieces(element: Element) -> Iterator[str]:
    """Yield the texts below ``element`` as they stand."""
    for piece in element.itertext():
        yield str(piece)


def find_all(root: Element, path: str) -> list[Element]:
    """Return the elements that an XPath expression finds below ``root``."""
    found = root.xpath(path)
    return [each for each in found if isinstance(each, Element)] if isinstance(found, list) else []
