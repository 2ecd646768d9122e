"""What sources yield: pages, records, and what they had to pass over."""

from typing import Any

import msgspec


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """An HTML page as bytes.

    Attributes:
        location: where it came from, for reports: a path or an address.
        url: its address as far as the source knows it; the page's canonical link outranks it.
        content: the bytes as stored or received, after any gzip.
        charset: what the transport said (``Content-Type``), or empty.
    """

    location: str
    url: str
    content: bytes
    charset: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is almost an article: one line of JSONL.

    ``fields`` is the line's object as parsed: ``id`` or ``_id``, ``title``, ``text`` or ``html``,
    ``url``, and any metadata of Article.
    """

    location: str
    fields: dict[str, Any]


class PassedOver(msgspec.Struct, frozen=True, kw_only=True):
    """Something the source found but could not offer as a page, and why."""

    location: str
    reason: str


class Damaged(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was meant to be a page and is malformed, and how."""

    location: str
    reason: str


SourceItem = Page | Record | PassedOver | Damaged
