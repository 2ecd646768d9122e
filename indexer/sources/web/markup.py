"""Reading XML as a stream, without entities, DTDs or network."""

from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from indexer.sources.web.trouble import Trouble
from indexer.sources.web.unpacking import GZIP_MAGIC, gunzip

MAX_XML_BYTES = 50 * 1024 * 1024
"""Of a sitemap, unpacked (sitemaps.org)."""

_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
}


def plain_xml(body: bytes) -> bytes:
    """Return a document unpacked, and without blank lines at its top, which XML does not allow.

    Raises:
        Trouble: it has more than ``MAX_XML_BYTES``, or is no whole gzip.
    """
    return (gunzip(body, MAX_XML_BYTES) if body.startswith(GZIP_MAGIC) else body).strip()


def root_name(document: bytes) -> str:
    """Return the local name of a document's root element, or empty if it is no XML."""
    parser = etree.iterparse(BytesIO(document), events=("start",), **_SAFE)
    try:
        _, root = next(iter(parser))
    except (etree.XMLSyntaxError, StopIteration):
        return ""
    return local_name(root)


def elements(document: bytes, *names: str) -> Iterator[etree._Element]:
    """Yield the elements with one of these local names, each gone when the next one comes.

    Args:
        document: XML.
        names: local names.

    Raises:
        Trouble: the document is malformed or cut off.
    """
    parser = etree.iterparse(BytesIO(document), events=("end",), **_SAFE)
    try:
        for _, element in parser:
            if local_name(element) in names:
                yield element
            elif any(local_name(around) in names for around in element.iterancestors()):
                continue
            _discard(element)
    except etree.XMLSyntaxError as error:
        line = f"line {error.lineno}" if error.lineno else "its start"
        raise Trouble(f"malformed or cut off XML at {line}") from error


def _discard(element: etree._Element) -> None:
    """Free what has been read; the tree would grow with the document."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; comments and the like have none."""
    # The stubs do not know that the tag of a comment is a function.
    tag: object = element.tag
    # Not etree.QName, which refuses names that the parser let pass.
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_text(element: etree._Element, name: str) -> str:
    """Return the text of the first child of this name in the element's own namespace."""
    namespace, brace, _ = element.tag.rpartition("}")
    child = element.find(namespace + brace + name)
    return (child.text or "").strip() if child is not None else ""
