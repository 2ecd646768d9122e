"""Everything of an article but its text, from wherever the page says it."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urljoin, urlsplit

import msgspec

from indexer.extraction.dates import parse_date
from indexer.extraction.document import Element, text_of
from indexer.extraction.head import Head
from indexer.extraction.language import primary_subtag
from indexer.extraction.linked_data import LinkedData, read_linked_data
from indexer.extraction.microdata import read_microdata
from indexer.extraction.provenance import Provenance, read_provenance, telling_lines
from indexer.extraction.title import choose_title

_PUBLISHED = (
    *("article:published_time", "datepublished", "dcterms.issued", "dc.date.issued"),
    *("dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "citation_publication_date"),
    *("date", "pubdate", "publish-date", "publication_date"),
)
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *("dc.date.modified", "last-modified", "last_modified", "modified", "last-updated"),
)
_REVIEWED = (
    "lastreviewed",
    "last-reviewed",
    "last_reviewed",
    "date-reviewed",
    "dcterms.reviewed",
    "reviewed",
    "dc.date.reviewed",
)
_AUTHORS = ("author", "dc.creator", "dcterms.creator", "citation_author", "article:author")
_DESCRIPTIONS = (
    "description",
    "og:description",
    "dcterms.description",
    "dc.description",
    "twitter:description",
)
_TITLES = ("twitter:title", "dcterms.title", "dc.title")
_PUBLISHERS = ("dcterms.publisher", "dc.publisher", "publisher")
_SUBJECTS = ("dcterms.subject", "dc.subject")
_KEYWORDS = ("keywords", "news_keywords")
_AUDIENCES = ("audience", "dcterms.audience", "dc.audience")
_LANGUAGES = ("content-language", "og:locale", "dcterms.language", "dc.language")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LONGEST_NAME = 120


class Metadata(msgspec.Struct, frozen=True):
    """The fields of an article that are not its text."""

    url: str
    title: str
    description: str
    language: str
    published: date | None
    modified: date | None
    last_reviewed: date | None
    authors: tuple[str, ...]
    reviewer: str
    publisher: str
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    audience: tuple[str, ...]


def read_metadata(head: Head, tree: Element, address: str) -> Metadata:
    """Gather the metadata of a page.

    Args:
        head: the head, as read.
        tree: the whole page.
        address: where the page was found, as far as known.
    """
    linked, marked = read_linked_data(tree), read_microdata(tree)
    told = read_provenance(telling_lines(tree))
    url = canonical_url(head, address)
    published = _date(head.all(*_PUBLISHED), marked.get("datePublished"))
    modified = _date(head.all(*_MODIFIED), marked.get("dateModified"))
    reviewed = _date(head.all(*_REVIEWED), marked.get("lastReviewed"))
    return Metadata(
        url=url,
        title=_title(head, tree, linked, url),
        description=head.first(*_DESCRIPTIONS) or linked.description,
        language=_language(head, tree, linked),
        published=linked.published or published or told.published,
        modified=linked.modified or modified or told.modified,
        last_reviewed=linked.last_reviewed or reviewed or told.last_reviewed,
        authors=_authors(head, linked, marked.get("author", ""), told),
        reviewer=linked.reviewer or marked.get("reviewedBy", "") or told.reviewer,
        publisher=linked.publisher or head.first("og:site_name", *_PUBLISHERS),
        topics=linked.topics or head.all("article:section") or _split(head.all(*_SUBJECTS)),
        tags=head.all("article:tag") or linked.tags or _split(head.all(*_KEYWORDS)),
        audience=linked.audience or _split(head.all(*_AUDIENCES)),
    )


def canonical_url(head: Head, address: str) -> str:
    """Return the absolute address that the page gives itself, or else ``address``."""
    base = joined(address, head.base)
    for candidate in (head.link("canonical"), head.first("og:url")):
        if candidate and is_web_address(url := joined(base, candidate)):
            return url
    return address


def is_web_address(url: str) -> bool:
    """Say whether ``url`` is absolute, with a scheme that browsers fetch."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def joined(base: str, address: str) -> str:
    """Return ``address`` as seen from ``base``, or nothing if one of them is malformed."""
    try:
        return urlsplit(urljoin(base, address)).geturl()
    except ValueError:
        return ""


def _language(head: Head, tree: Element, linked: LinkedData) -> str:
    on_page = tree.get("lang") or tree.get(_XML_LANG) or head.language
    in_head = [head.first(name) for name in _LANGUAGES]
    return primary_subtag(on_page, *in_head[:2], linked.language, *in_head[2:])


def _title(head: Head, tree: Element, linked: LinkedData, url: str) -> str:
    headings = [text for heading in tree.iter("h1") if (text := text_of(heading))]
    titles = [*head.all("og:title"), linked.headline, head.title, *head.all(*_TITLES)]
    site = head.first("og:site_name") or linked.publisher or head.first(*_PUBLISHERS)
    return choose_title(headings, [title for title in titles if title], site, url)


def _date(contents: Sequence[str], marked: str | None) -> date | None:
    return next((found for text in [*contents, marked or ""] if (found := parse_date(text))), None)


def _authors(head: Head, linked: LinkedData, marked: str, told: Provenance) -> tuple[str, ...]:
    in_head = [
        name
        for name in head.all(*_AUTHORS)
        if not is_web_address(name) and len(name) <= _LONGEST_NAME
    ]
    return (
        linked.authors
        or tuple(in_head)
        or ((marked,) if 0 < len(marked) <= _LONGEST_NAME else ())
        or told.authors
    )


def _split(contents: Sequence[str]) -> tuple[str, ...]:
    parts = [part.strip() for content in contents for part in content.replace(";", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))
