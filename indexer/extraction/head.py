"""What a page says of itself in its head: meta, link and title elements."""

import re
from collections.abc import Mapping

import msgspec
from bs4 import BeautifulSoup

from indexer.extraction.text import tidy

# Robots names that this indexer obeys.
ROBOTS = ("robots",)
_REFUSALS = frozenset(("noindex", "none"))
_HEAD_END = re.compile(r"</head\b|<body\b", re.IGNORECASE)
# What is not closed goes to the end, as browsers read it, but for "noscript", which they do not.
_UNREAD = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)"
    r"|<noscript\b(?:(?!<noscript\b).)*?</noscript\s*>",
    re.IGNORECASE | re.DOTALL,
)
# Building a soup of what is not read here would take as long as the rest of the head. No tag
# reaches over the beginning of the next: each of thousands that nobody closed would be read to the
# end of the head.
_READ = re.compile(
    r"<(?:html|meta|base)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|<(?:html|meta|base)\b[^<>]*>"
    r"|<link\b(?![^<>]*\b(?:stylesheet|preload|prefetch|preconnect|icon)\b)[^<>]*>"
    r"|<title\b[^<>]*>(?:(?!<title\b).)*?</title\s*>",
    re.IGNORECASE | re.DOTALL,
)
# A page without head and body tags has its meta elements near the top.
_LONGEST_HEAD = 400_000


class Head(msgspec.Struct, frozen=True):
    """The head's elements.

    Attributes:
        title: text of the title element.
        language: ``lang`` of the html element, as written.
        base: ``href`` of the base element.
        metas: lower-case name, property or http-equiv -> contents in order.
        links: lower-case relation -> addresses in order.
    """

    title: str = ""
    language: str = ""
    base: str = ""
    metas: Mapping[str, tuple[str, ...]] = {}
    links: Mapping[str, tuple[str, ...]] = {}

    def first(self, *names: str) -> str:
        """Return the first content of the first of ``names`` that has one."""
        return next(iter(self.all(*names)), "")

    def all(self, *names: str) -> tuple[str, ...]:
        """Return the contents of the first of ``names`` that has any."""
        return next((found for name in names if (found := self.metas.get(name))), ())

    def link(self, relation: str) -> str:
        """Return the first address with this relation."""
        return next(iter(self.links.get(relation, ())), "")

    @property
    def refuses_indexing(self) -> bool:
        """Whether the page asks not to be indexed."""
        contents = [content for name in ROBOTS for content in self.metas.get(name, ())]
        directives = re.split(r"[\s,;]+", " ".join(contents).lower())
        return not _REFUSALS.isdisjoint(directives)


def read_head(text: str) -> Head:
    """Read the head of the page ``text``."""
    end = _HEAD_END.search(text)
    fragment = _UNREAD.sub("", text[: end.start() if end else _LONGEST_HEAD])
    soup = BeautifulSoup("".join(match[0] for match in _READ.finditer(fragment)), "lxml")
    metas: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    for tag in soup.find_all("meta"):
        content = tidy(_attribute(tag.get("content")))
        for key in ("name", "property", "http-equiv", "itemprop"):
            name = _attribute(tag.get(key)).strip().lower()
            if name and content and content not in metas.setdefault(name, []):
                metas[name].append(content)
    for tag in soup.find_all("link"):
        for relation in _attribute(tag.get("rel")).lower().split():
            links.setdefault(relation, []).append(_attribute(tag.get("href")).strip())
    title, html, base = soup.find("title"), soup.find("html"), soup.find("base")
    return Head(
        title=tidy(title.get_text()) if title else "",
        language=_attribute(html.get("lang") or html.get("xml:lang")) if html else "",
        base=_attribute(base.get("href")) if base else "",
        metas={name: tuple(contents) for name, contents in metas.items()},
        links={relation: tuple(addresses) for relation, addresses in links.items()},
    )


def _attribute(value: object) -> str:
    """Return an attribute as text; Beautiful Soup splits some into lists."""
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return value if isinstance(value, str) else ""
