"""Who wrote and checked a page, and when, read from its visible lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
from lxml import etree

from indexer.extraction.dates import BEFORE_DATE, DATE, parse_date
from indexer.extraction.document import BLOCKS, INVISIBLE, Element, text_of
from indexer.extraction.text import lines_of

SHORTEST_TRIGGER = len("issue")
# Longer lines are prose, which speaks of other people's reviews.
LONGEST_LINE = 300
# Of the blocks that tell something, with what is in them: 304 real pages have 1,331 at most.
MOST_ELEMENTS = 20_000
_PARTICLES = "de|del|la|las|los|van|von|der|den|da|di|y|and|of|e|the"
_TITLES = r"(?:(?:Dra?|Prof|Profa|Mrs|Mr|Ms|Sra|Sr|Mx)\.? )*"
_WORD = r"(?:(?:[A-ZÀ-ÖØ-Þ]\.)+|[A-ZÀ-ÖØ-Þ][\w'’-]*)"
_PERSON = rf"(?-i:{_TITLES}{_WORD}(?: (?:(?:{_PARTICLES}) )*{_WORD}){{0,6}})"
# What follows a name: letters after it, a post, a hospital.
_NAME = rf"(?:the |la |el )?(?P<name>{_PERSON})(?:,? [^|;:]{{0,60}}?)?"
_Value = TypeVar("_Value")
_BEGIN = r"(?:^|[.|•·;–—]\s*|\)\s*)"


class Provenance(msgspec.Struct, frozen=True):
    """What the lines say; nothing where they do not."""

    published: date | None = None
    modified: date | None = None
    last_reviewed: date | None = None
    authors: tuple[str, ...] = ()
    reviewer: str = ""


class _Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reviewed: list[str]
    reviewers: list[str]
    modified: list[str]
    published: list[str]
    authors: list[str]
    labels: list[str]
    name_ends: list[str]


class _Expressions(msgspec.Struct, frozen=True):
    reviewed: tuple[re.Pattern[str], ...]
    reviewers: tuple[re.Pattern[str], ...]
    modified: tuple[re.Pattern[str], ...]
    published: tuple[re.Pattern[str], ...]
    authors: tuple[re.Pattern[str], ...]
    labels: re.Pattern[str]
    name_end: re.Pattern[str]
    any_trigger: re.Pattern[str]


def telling_lines(tree: Element) -> list[str]:
    """Return the lines of a page that hold one of the words of ``provenance.toml``.

    Each is followed by the next line of the page, which may be the value to its label.
    """
    blocks: dict[Element, None] = {}
    trigger = _expressions().any_trigger
    for element in tree.iter("*"):
        text, tail = element.text, element.tail
        if text and _tells(text, trigger) and element.tag not in INVISIBLE:
            blocks[_block_around(element)] = None
        if tail and _tells(tail, trigger):
            blocks[_block_around(element, outside=True)] = None
    read = list(_affordable(blocks))
    lines = [line for block in read for part in _with_next(block) for line in _texts(part)]
    return [*lines, *(line for block in read for line in _inline_texts(block, trigger))]


def _affordable(blocks: Iterable[Element]) -> Iterator[Element]:
    """Yield the first blocks: those in each other would be read as often as they are deep."""
    left = MOST_ELEMENTS
    for block in blocks:
        if left <= 0:
            return
        yield block
        left -= sum(sum(1 for _ in part.iter()) for part in _with_next(block))


def _inline_texts(block: Element, trigger: re.Pattern[str]) -> list[str]:
    """Return the texts of inline elements that say something of their own.

    Themes set "By A", "Updated B" and "Reviewed by C" beside each other without a sign between.
    """
    inline = [text_of(child) for child in block if child.tag not in BLOCKS | INVISIBLE]
    return [text for text in inline if _tells(text, trigger)]


def _tells(text: str, trigger: re.Pattern[str]) -> bool:
    is_line = SHORTEST_TRIGGER <= len(text) < LONGEST_LINE
    return is_line and trigger.search(text.lower()) is not None


def _block_around(element: Element, *, outside: bool = False) -> Element:
    """Return the block that ``element``, or the text after it, stands in."""
    if element.tag in BLOCKS and not outside:
        return element
    return next(element.iterancestors(*BLOCKS), element)


def _texts(block: Element) -> list[str]:
    """Return the lines of a block; inline elements beside each other are words of their own."""
    if any(True for _ in block.iter("br", *BLOCKS - {block.tag})):
        return [line.text for line in lines_of(block)]
    return [" ".join(" ".join(_spoken(block)).split())]


def _spoken(block: Element) -> Iterator[str]:
    """Yield the texts of a block; for a time whose text may be two days, the day it names."""
    inside: Element | None = None
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "end":
            inside = None if element is inside else inside
            if inside is None and element is not block:
                yield element.tail or ""
        elif inside is None:
            is_open = element.tag == "time" and parse_date(text_of(element)) is None
            if is_open and (day := parse_date(element.get("datetime", ""))):
                inside = element
                yield day.isoformat()
            else:
                yield element.text or ""


def _with_next(block: Element) -> list[Element]:
    following = block.getnext()
    return [block] if following is None else [block, following]


def read_provenance(lines: Sequence[str]) -> Provenance:
    """Read the visible ``lines`` of a page."""
    known = _expressions()
    short = _with_values(lines, known.labels)
    told = [line for line in short if known.any_trigger.search(line.lower())]
    authors = _name(known.authors, told)
    return Provenance(
        published=_date(known.published, told),
        modified=_date(known.modified, told),
        last_reviewed=_date(known.reviewed, told),
        authors=(authors,) if authors else (),
        reviewer=_name(known.reviewers, told),
    )


def _with_values(lines: Sequence[str], labels: re.Pattern[str]) -> list[str]:
    """Return the short lines; one that is only a label is joined with the next."""
    joined = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if len(line) < LONGEST_LINE:
            joined.append(f"{line} {following}" if labels.fullmatch(line.rstrip(" :")) else line)
    return [line for line in joined if len(line) < LONGEST_LINE]


def _date(expressions: Sequence[re.Pattern[str]], lines: Sequence[str]) -> date | None:
    for expression in expressions:
        found = {parse_date(match["date"]) for match in _matches(expression, lines)} - {None}
        if found:
            return _agreed(found)
    return None


def _name(expressions: Sequence[re.Pattern[str]], lines: Sequence[str]) -> str:
    for expression in expressions:
        found = {
            _expressions().name_end.split(match["name"])[0].rstrip(" .,-")
            for match in _matches(expression, lines)
        }
        if found:
            return _agreed(found) or ""
    return ""


def _matches(expression: re.Pattern[str], lines: Sequence[str]) -> list[re.Match[str]]:
    return [match for line in lines if (match := expression.search(line))]


def _agreed(found: set[_Value]) -> _Value | None:
    """Return what all lines say: where they differ, most of them speak of other articles."""
    return next(iter(found)) if len(found) == 1 else None


@cache
def _expressions() -> _Expressions:
    raw = files("indexer.extraction").joinpath("provenance.toml").read_bytes()
    read = msgspec.toml.decode(raw, type=_Phrases)
    return _Expressions(
        reviewed=_compiled(read.reviewed),
        reviewers=_compiled(read.reviewers),
        modified=_compiled(read.modified),
        published=_compiled(read.published),
        authors=_compiled(read.authors),
        labels=re.compile("|".join(read.labels), re.IGNORECASE),
        name_end=re.compile(rf"\s+(?:{'|'.join(read.name_ends)})\b", re.IGNORECASE),
        # A cheap look before the dear ones, at lower-case text: ignoring case takes thrice as long.
        any_trigger=re.compile(
            "review|checked|updat|modif|publi|posted|issue|written|words by|author"
            "|revis|verific|actuali|escrit|redact|autor"
        ),
    )


def _compiled(phrases: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(
            _BEGIN
            + phrase.replace("NAME", _NAME).replace("DATE", f"{BEFORE_DATE}(?P<date>{DATE})"),
            re.IGNORECASE,
        )
        for phrase in phrases
    )
