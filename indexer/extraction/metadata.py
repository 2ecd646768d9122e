"""Everything of an article but its text, from wherever the page says it."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from urllib.parse import urljoin, urlsplit

import msgspec

from indexer.extraction.dates import is_filled_in, parse_date
from indexer.extraction.document import Element, text_of
from indexer.extraction.head import Head
from indexer.extraction.language import primary_subtag
from indexer.extraction.linked_data import LinkedData, read_linked_data
from indexer.extraction.microdata import read_microdata
from indexer.extraction.microformats import read_microformats
from indexer.extraction.names import people, person, topics
from indexer.extraction.provenance import read_provenance, telling_lines
from indexer.extraction.site_name import site_name
from indexer.extraction.title import MOST_TITLES, choose_title, title_parts

_PUBLISHED = (
    *("article:published_time", "datepublished", "dcterms.issued", "dc.date.issued"),
    *("dcterms.created", "dc.date.created", "citation_publication_date"),
    *("pubdate", "publish-date", "publication_date"),
)
# The day of "an event in the lifecycle of the resource" (dublincore.org, DCMI Metadata Terms).
_SOME_DAY = ("dc.date", "dcterms.date", "date")
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *("dc.date.modified", "last-modified", "last_modified", "modified", "last-updated", "revised"),
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
    themed, told = read_microformats(tree), read_provenance(telling_lines(tree))
    url = canonical_url(head, address)
    published = linked.published or _date(head.all(*_PUBLISHED), marked.get("datePublished"))
    modified = linked.modified or _date(head.all(*_MODIFIED), marked.get("dateModified"))
    modified = modified or themed.modified or told.modified
    reviewed = linked.last_reviewed or _reviewed(head, marked) or told.last_reviewed
    published = published or themed.published or told.published
    return Metadata(
        url=url,
        title=_title(head, tree, linked, url),
        description=head.first(*_DESCRIPTIONS) or linked.description,
        language=_language(head, tree, linked),
        published=published or _before(_date(head.all(*_SOME_DAY), None), modified, reviewed),
        # A day before publication is that of a draft.
        modified=None if modified and published and modified < published else modified,
        last_reviewed=reviewed,
        authors=people(linked.authors)
        or people(head.all(*_AUTHORS))
        or people((marked.get("author", ""),))
        or people((themed.author,))
        or told.authors,
        reviewer=person(linked.reviewer or marked.get("reviewedBy", "") or told.reviewer),
        publisher=_publisher(head, tree, linked, url),
        topics=topics(linked.sections)
        or topics(_split(head.all("article:section")))
        or topics(themed.categories)
        or linked.about
        or _split(head.all(*_SUBJECTS)),
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
    texts = (text for heading in tree.iter("h1") if (text := text_of(heading)))
    headings = list(islice(texts, MOST_TITLES))
    titles = [*head.all("og:title"), linked.headline, head.title, *head.all(*_TITLES)]
    site = head.first("og:site_name") or linked.publisher or head.first(*_PUBLISHERS)
    return choose_title(headings, [title for title in titles if title], site, url)


def _date(contents: Sequence[str], marked: str | None) -> date | None:
    return next((found for text in [*contents, marked or ""] if (found := parse_date(text))), None)


def _reviewed(head: Head, marked: dict[str, str]) -> date | None:
    day = marked.get("lastReviewed", "")
    is_review = not is_filled_in(day, marked.get("dateModified", ""))
    return _date(head.all(*_REVIEWED) if is_review else (), day if is_review else None)


def _before(day: date | None, *others: date | None) -> date | None:
    """Return ``day`` if the page could have been published on it: before anything else it names."""
    return day if day and all(day < other for other in others if other) else None


def _publisher(head: Head, tree: Element, linked: LinkedData, url: str) -> str:
    """Return the publisher, by the site's name if the JSON-LD gives quite another one.

    Templates often name themselves there, or the agency that the text is from.
    """
    # What follows a site's name is its motto; "@clinic" is its account elsewhere.
    site = next(iter(title_parts(head.first("og:site_name"))), "").lstrip("@")
    named = next(iter(title_parts(linked.publisher)), "")
    one, other = (re.sub(r"\W", "", name.lower()) for name in (site, named))
    if named and (one in other or other in one):
        return named
    return site or head.first(*_PUBLISHERS) or site_name(head.title, tree, url)


def _split(contents: Sequence[str]) -> tuple[str, ...]:
    parts = [part.strip() for content in contents for part in content.replace(";", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))
