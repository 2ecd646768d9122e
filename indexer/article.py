"""The one record that everything passes on: an article with its sections.

Extraction makes it, the writer stores it, the searcher reads it back for snippets.
"""

from datetime import date
from hashlib import blake2b

import msgspec

UNDETERMINED = "und"
"""The language of an article whose page does not say it (ISO 639-2 'undetermined')."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an article below one heading; ``body[start:end]`` is its text.

    The heading stands in the body too, on a line of its own just before ``start``. What comes
    before the first heading is a section with an empty heading and level 0.
    """

    heading: str
    start: int
    end: int
    level: int = 0
    anchor: str = ""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article of a site. Texts are plain: no markup, NFC, one block a line.

    Attributes:
        id: stable name, unique in an index; from the record, or made by ``article_id(url)``.
        url: canonical address, or what is best known.
        title: the article's title without the site's name.
        body: headings and text; a block is a paragraph, heading, list item or table row.
        sections: in order, not overlapping, together all of the body but its headings.
        language: lower-case ISO 639 code (``en``), or ``und``.
        last_reviewed: when a person last checked the content, which ``modified`` is not.
        words: how many words the body has.
        reading_grade: the estimated school grade from which the running text can be read, by a
            formula for its language; None where there is none, or too little text.
    """

    id: str
    url: str
    title: str
    body: str
    sections: tuple[Section, ...] = ()
    description: str = ""
    language: str = UNDETERMINED
    published: date | None = None
    modified: date | None = None
    last_reviewed: date | None = None
    authors: tuple[str, ...] = ()
    reviewer: str = ""
    publisher: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    words: int = 0
    reading_grade: float | None = None


def article_id(url: str) -> str:
    """Return a short, stable, URL-safe name for the article at ``url`` (80 bits, hex)."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def content_hash(article: Article) -> str:
    """Return the hash by which a reindex sees that an article has changed (128 bits, hex)."""
    return blake2b(msgspec.msgpack.encode(article), digest_size=16).hexdigest()
