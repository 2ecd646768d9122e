"""What a page says of itself in JSON-LD, flattened to the names this project uses."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from indexer.extraction.dates import is_filled_in, parse_date
from indexer.extraction.document import Element
from indexer.extraction.text import tidy

Node = dict[str, Any]
# The more a type says about an article, the earlier its fields are taken.
_TYPES = (
    ("MedicalWebPage", "MedicalScholarlyArticle"),
    (
        "Article",
        "NewsArticle",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "BlogPosting",
        "ScholarlyArticle",
        "TechArticle",
        "Report",
        "HealthTopicContent",
    ),
    ("WebPage", "FAQPage", "QAPage", "AboutPage", "ItemPage"),
)
_DEEPEST = 6
# Templates that write a list item by item leave one behind; no text of a page looks like this.
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_AUDIENCE_TYPES = frozenset(("Patient",))


class LinkedData(msgspec.Struct, frozen=True):
    """The fields of the nodes that describe the page.

    ``sections`` are what the site files it under, ``about`` what it speaks of.
    """

    headline: str = ""
    description: str = ""
    language: str = ""
    published: date | None = None
    modified: date | None = None
    last_reviewed: date | None = None
    authors: tuple[str, ...] = ()
    reviewer: str = ""
    publisher: str = ""
    sections: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()


def read_linked_data(tree: Element) -> LinkedData:
    """Read the JSON-LD scripts below ``tree``; broken ones are passed over."""
    nodes = [
        node
        for script in tree.iter("script")
        if _is_linked_data(script)
        for node in _nodes(script.text or "")
    ]
    named = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1
    }
    pages = [node for types in _TYPES for node in nodes if not _types(node).isdisjoint(types)]
    reader = _Reader(pages, named)
    return LinkedData(
        headline=reader.text("headline", "name"),
        description=reader.text("description"),
        language=reader.text("inLanguage"),
        published=reader.date("datePublished"),
        modified=reader.date("dateModified"),
        last_reviewed=None
        if is_filled_in(reader.text("lastReviewed"), reader.text("dateModified"))
        else reader.date("lastReviewed"),
        authors=reader.texts("author") or reader.texts("creator"),
        reviewer=reader.text("reviewedBy"),
        publisher=reader.text("publisher"),
        sections=reader.texts("articleSection", split=True),
        about=reader.texts("about"),
        tags=reader.texts("keywords", split=True),
        audience=reader.texts("audience") or reader.texts("medicalAudience"),
    )


def _is_linked_data(script: Element) -> bool:
    return script.get("type", "").strip().lower().startswith("application/ld+json")


def _nodes(text: str) -> Iterator[Node]:
    text = text.strip().rstrip(";")
    for version in (text, _TRAILING_COMMA.sub("", text)):
        try:
            value = json.loads(version, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _walk(value, _DEEPEST)
        return


def _walk(value: Any, depth: int) -> Iterator[Node]:
    """Yield objects in lists and graphs, and the page's main entity."""
    if not depth:
        return
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _walk(value.get(key), depth - 1)


def _types(node: Node) -> set[str]:
    found = node.get("@type", ())
    names = [found] if isinstance(found, str) else found
    return (
        {name.rpartition("/")[2] for name in names if isinstance(name, str)}
        if isinstance(names, list)
        else set()
    )


class _Reader:
    """Takes each field from the first node that has it."""

    def __init__(self, nodes: list[Node], named: dict[str, Node]) -> None:
        self._nodes = nodes
        self._named = named
        self._visited: set[tuple[str, int]] = set()

    def texts(self, field: str, *, split: bool = False) -> tuple[str, ...]:
        """Return the distinct texts of ``field``; ``split`` at commas."""
        for node in self._nodes:
            self._visited.clear()
            found = list(self._texts(node.get(field), 3))
            parts = [part for text in found for part in (text.split(",") if split else [text])]
            if kept := tuple(dict.fromkeys(text for part in parts if (text := tidy(part)))):
                return kept
        return ()

    def text(self, *fields: str) -> str:
        """Return the first text of the first of ``fields`` that has one."""
        return next((found[0] for field in fields if (found := self.texts(field))), "")

    def date(self, field: str) -> date | None:
        """Return the first readable date of ``field``."""
        return next((found for text in self.texts(field) if (found := parse_date(text))), None)

    def _texts(self, value: Any, depth: int) -> Iterator[str]:
        if isinstance(value, str):
            if not value.startswith(("http://", "https://")):
                yield value
        elif isinstance(value, list):
            for each in value:
                yield from self._texts(each, depth)
        elif isinstance(value, dict) and depth:
            node = value if "name" in value else self._referred(value, depth)
            named = node.get("name") or node.get("audienceType")
            yield from self._texts(named or _audience_type(node), depth - 1)

    def _referred(self, value: Node, depth: int) -> Node:
        """Return the node that a nameless one refers to by its id; each once, or they multiply."""
        place = (str(value.get("@id")), depth)
        if place[0] not in self._named:
            return value
        is_new = place not in self._visited
        self._visited.add(place)
        return self._named[place[0]] if is_new else {}


def _audience_type(node: Node) -> list[str]:
    """Return what a nameless audience is called by its type."""
    return sorted(_types(node) & _AUDIENCE_TYPES)
