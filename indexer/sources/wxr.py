"""A WordPress export ("WXR", Tools → Export): an RSS file with the site's posts and pages.

The format is what ``export_wp()`` writes (wp-admin/includes/export.php). Its files are of any size
and often not quite XML: control characters stand in posts that were pasted from elsewhere.
"""

import gzip
import html
import re
import stat
import zlib
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from indexer.errors import SourceError
from indexer.sources.files import MAX_PAGE_BYTES, open_bytes, shown
from indexer.sources.page import NOTHING_KNOWN, Known, PassedOver, Record, SourceItem
from indexer.sources.wordpress import content_html, word_lists
from indexer.sources.wxr_items import Element, read_items

_HEAD = 1 << 16
_NAMESPACE = b"wordpress.org/export/"
_TOPIC_DOMAIN = re.compile(r"(?:.*[_-])?(?:cat|category|categories|topics?)")
_TAG_DOMAIN = re.compile(r"(?:.*[_-])?tags?")
_MARKUP = re.compile(r"<[^>]*>")
_VARIABLE = re.compile(r"%\w+%|%%|#\w+_")
# Older and later dates are placeholders.
_YEARS = range(1950, 2101)


def is_wxr(path: Path) -> bool:
    """Return whether a file is a WordPress export, by its name and its first bytes."""
    if not path.name.lower().removesuffix(".gz").endswith(".xml"):
        return False
    try:
        # Reading a named pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with open_bytes(path) as file:
            head = file.read(_HEAD).replace(b"\0", b"")
    except (OSError, EOFError, zlib.error, gzip.BadGzipFile):
        return False
    return b"<rss" in head and _NAMESPACE in head


class WxrSource:
    """Yields the published posts and pages of an export, and why others had to be passed over.

    What is no page of a site (menus, images, templates) is not looked at.
    """

    complete = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def size(self) -> int | None:
        """Return None: most items of an export are no pages."""
        return None

    def items(self, _known: Known = NOTHING_KNOWN, /) -> Iterator[SourceItem]:
        """Yield a record for every published post, in the order of the file.

        Raises:
            SourceError: the file cannot be read, or ends early: half an export would look like a
                site that has lost half of its pages.
        """
        location = shown(self._path)
        site: _Site | None = None
        empty = True
        try:
            for item in read_items(self._path):
                site = site or _read_site(item)
                found = _offered(_Post(item), site, location)
                if found is not None:
                    empty = False
                    yield found
        except (OSError, EOFError, zlib.error, gzip.BadGzipFile, etree.LxmlError) as error:
            raise SourceError(f"{location} cannot be read to its end: {error}.") from error
        if empty:
            yield PassedOver(location=location, reason="no posts or pages in the export")


class _Site(msgspec.Struct, frozen=True):
    """What the export says of the site and its authors (login → display name)."""

    title: str
    link: str
    language: str
    authors: dict[str, str]


def _read_site(item: Element) -> _Site:
    channel = item.getparent()
    if channel is None:
        return _Site("", "", "", {})
    fields = _Post(channel)
    authors = {}
    for child in channel:
        if _local(child) == "author":
            author = _Post(child)
            name = author.plain("author_display_name")
            full = f"{author.plain('author_first_name')} {author.plain('author_last_name')}".strip()
            authors[author.text("author_login")] = name or full
    return _Site(fields.plain("title"), fields.text("link"), fields.text("language"), authors)


def _local(element: Element) -> str:
    return etree.QName(element).localname


class _Post:
    """The children of an element by their local names; ``encoded`` by its namespace, too."""

    def __init__(self, element: Element) -> None:
        self.categories: list[tuple[str, str, str]] = []
        self.meta: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        for child in element:
            self._add(child, _local(child))

    def _add(self, child: Element, name: str) -> None:
        if name == "category":
            domain, slug = child.get("domain", "category"), child.get("nicename", "")
            self.categories.append((domain, slug, _plain(child.text or "")))
        elif name == "postmeta":
            pair = {_local(each): each.text or "" for each in child}
            self.meta[pair.get("meta_key", "")] = pair.get("meta_value", "")
        else:
            is_excerpt = name == "encoded" and "excerpt" in str(child.tag)
            self._texts.setdefault("excerpt" if is_excerpt else name, child.text or "")

    def raw(self, name: str) -> str:
        """Return a child's text as it is."""
        return self._texts.get(name, "")

    def text(self, name: str) -> str:
        """Return a child's text without white space around it."""
        return self.raw(name).strip()

    def plain(self, name: str) -> str:
        """Return a child's text without markup."""
        return _plain(self.raw(name))

    def day(self, *names: str) -> str:
        """Return the first of these children that is a date, as ISO."""
        for name in names:
            try:
                found = datetime.strptime(self.text(name)[:10], "%Y-%m-%d")  # noqa: DTZ007
            except ValueError:
                continue
            if found.year in _YEARS:
                return found.date().isoformat()
        return ""


def _plain(text: str) -> str:
    """Return ``text`` without markup: WordPress stores "&" in names and titles as an entity."""
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())


def _offered(post: _Post, site: _Site, location: str) -> SourceItem | None:
    """Return the record of a post, why it is passed over, or nothing if it is no page."""
    kind = post.text("post_type") or "post"
    if any(fnmatchcase(kind, hidden) for hidden in word_lists().hidden_types):
        return None
    location = f"{location}#{post.text('post_id') or post.text('link')}"
    if reason := _refusal(post):
        return PassedOver(location=location, reason=reason)
    fields = {name: value for name, value in _fields(post, site).items() if value}
    return Record(location=location, fields=fields)


def _refusal(post: _Post) -> str:
    status = post.text("status") or "publish"
    if status != "publish":
        return f"not published (status {status})"
    if post.text("post_password"):
        return "protected by a password"
    if any(value in post.meta.get(key, "") for key, value in word_lists().noindex.items()):
        return "noindex: the page asks not to be indexed"
    if len(post.raw("encoded")) > MAX_PAGE_BYTES:
        return f"larger than {MAX_PAGE_BYTES // 1024**2} MB"
    return "" if post.text("encoded") else "no content in the export"


def _fields(post: _Post, site: _Site) -> dict[str, Any]:
    login = post.text("creator")
    address = post.text("link") or f"{site.link.rstrip('/')}/?p={post.text('post_id')}"
    author = site.authors.get(login, login)
    return {
        "url": address,
        "html": content_html(post.raw("encoded")),
        "title": post.plain("title"),
        "description": _description(post),
        "published": post.day("post_date", "post_date_gmt"),
        "modified": post.day("post_modified", "post_modified_gmt"),
        "authors": [author] if author else [],
        "topics": _terms(post, _TOPIC_DOMAIN),
        "tags": _terms(post, _TAG_DOMAIN),
        "language": _language(post) or site.language,
        "publisher": site.title,
    }


def _description(post: _Post) -> str:
    texts = [post.plain("excerpt"), *(_plain(post.meta.get(k, "")) for k in _description_keys())]
    return next((text for text in texts if text and not _VARIABLE.search(text)), "")


def _description_keys() -> list[str]:
    return word_lists().descriptions


def _terms(post: _Post, domain: re.Pattern[str]) -> list[str]:
    names = [name for kind, _, name in post.categories if domain.fullmatch(kind) and name]
    return [name for name in dict.fromkeys(names) if name.lower() not in word_lists().no_category]


def _language(post: _Post) -> str:
    """Return the language that a plugin for translations (Polylang) gave the post."""
    return next((slug for domain, slug, _ in post.categories if domain == "language"), "")
