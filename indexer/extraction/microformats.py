"""Dates, author and categories that a theme marks with class names and link relations.

The names are those of hAtom (https://microformats.org/wiki/hatom) and h-entry
(https://microformats.org/wiki/h-entry), which the themes of the larger content systems use, and
the link types ``author`` and ``tag`` of HTML (https://html.spec.whatwg.org/#linkTypes).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from indexer.extraction.dates import parse_date
from indexer.extraction.document import Element, find_all, text_of

# Class names of a time element. hAtom's first theme left out the word "published".
_PUBLISHED = frozenset(("published", "dt-published", "entry-date", "pubdate"))
_MODIFIED = frozenset(("updated", "dt-updated", "modified"))
_ENTRIES = frozenset(("hentry", "h-entry"))
# "Follow @ann" and "View all posts (12)" are links of authors, too.
_NAME = re.compile(r"(?!Follow\b|View\b|Read\b|More\b)[^@\d()]{2,80}")


class Microformats(msgspec.Struct, frozen=True):
    """What the marks say of the article; nothing where they contradict each other."""

    published: date | None = None
    modified: date | None = None
    author: str = ""
    categories: tuple[str, ...] = ()


def read_microformats(tree: Element) -> Microformats:
    """Read the marks of the entry that holds the page's first ``h1``.

    A list of other articles beside it has the same marks, so those of other entries are left out,
    and a mark with two different values counts for nothing.
    """
    entries = _Entries()
    entry = entries.of(next(tree.iter("h1"), None))
    times = [time for time in tree.iter("time") if entries.of(time) is entry]
    authors = [
        link
        for link in find_all(tree, "//a[contains(concat(' ', @rel, ' '), ' author ')]")
        if entries.of(link) is entry
    ]
    categories = [
        link
        for link in find_all(tree, "//a[contains(@rel, 'category')]")
        if {"category", "tag"} <= set(link.get("rel", "").split()) and entries.of(link) is entry
    ]
    return Microformats(
        published=_day(time for time in times if _is_published(time)),
        modified=_day(time for time in times if not _MODIFIED.isdisjoint(_classes(time))),
        author=_only(_name(link) for link in authors),
        categories=_together(categories),
    )


class _Entries:
    """Knows the entry around each element that was asked for, and around those above it."""

    def __init__(self) -> None:
        self._around: dict[Element, Element | None] = {}

    def of(self, element: Element | None) -> Element | None:
        """Return the innermost entry; a comment on an article is one too, of its own."""
        passed: list[Element] = []
        entry = None
        for above in () if element is None else element.iterancestors():
            if above in self._around:
                entry = self._around[above]
                break
            passed.append(above)
            if above.tag == "article" or not _ENTRIES.isdisjoint(_classes(above)):
                entry = above
                break
        self._around |= dict.fromkeys(passed, entry)
        return entry


def _is_published(time: Element) -> bool:
    classes = _classes(time)
    if not _PUBLISHED.isdisjoint(classes) or "pubdate" in time.attrib:
        return _MODIFIED.isdisjoint(classes) or "published" in classes
    return False


def _day(times: Iterable[Element]) -> date | None:
    found = {parse_date(time.get("datetime") or text_of(time)) for time in times}
    return found.pop() if len(found) == 1 else None


def _name(link: Element) -> str:
    """Return the link's text without the letters and posts that follow a name."""
    return text_of(link).partition(",")[0].strip()


def _only(names: Iterable[str]) -> str:
    found = {name for name in names if name}
    name = found.pop() if len(found) == 1 else ""
    return name if _NAME.fullmatch(name) else ""


def _together(links: Sequence[Element]) -> tuple[str, ...]:
    """Return the texts of the links with ``rel="category tag"``, if they stand together."""
    if len({link.getparent() for link in links}) != 1:
        return ()
    return tuple(dict.fromkeys(text for link in links if (text := text_of(link))))


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").lower().split())
