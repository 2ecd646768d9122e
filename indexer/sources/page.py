"""What sources yield: pages, records, and what they had to pass over."""

from typing import Any, Protocol

import msgspec


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a web site said of a page when it was fetched; by it the next visit asks for news only.

    Attributes:
        etag: the response's ``ETag``, or empty.
        last_modified: the response's ``Last-Modified``, or empty.
        lastmod: the sitemap's ``lastmod``, or empty.
    """

    etag: str = ""
    last_modified: str = ""
    lastmod: str = ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """An HTML page as bytes.

    Attributes:
        location: where it came from, for reports: a path or an address.
        url: its address as far as the source knows it; the page's canonical link outranks it.
        content: the bytes as stored or received, after any gzip.
        charset: what the transport said (``Content-Type``), or empty.
        visit: what its site said of it, for pages from the web.
    """

    location: str
    url: str
    content: bytes
    charset: str = ""
    visit: Visit = Visit()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is almost an article: one line of JSONL.

    ``fields`` is the line's object as parsed: ``id`` or ``_id``, ``title``, ``text`` or ``html``,
    ``url``, and any metadata of Article.
    """

    location: str
    fields: dict[str, Any]


class PassedOver(msgspec.Struct, frozen=True, kw_only=True):
    """Something the source found that is not meant to be an article, and why.

    An article that came from there earlier is gone.
    """

    location: str
    reason: str


class Damaged(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was meant to be an article and cannot be read now, and why.

    An article that came from there earlier stays until it can.
    """

    location: str
    reason: str


class Unchanged(msgspec.Struct, frozen=True, kw_only=True):
    """A page that is, by its site's word, what it was when it was last fetched."""

    location: str
    visit: Visit


SourceItem = Page | Record | Unchanged | PassedOver | Damaged


class Known(Protocol):
    """What earlier jobs learned, as far as a source may use it."""

    def visit(self, location: str) -> Visit | None:
        """Return the last visit to a page, or None if its content is needed again."""
        ...


class _NothingKnown:
    """The first job of all knows nothing."""

    def visit(self, _location: str, /) -> Visit | None:
        """Return None."""
        return None


NOTHING_KNOWN: Known = _NothingKnown()
