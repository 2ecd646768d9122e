"""Highlights in the form that a caller asks for.

The engine marks with ``<mark>`` in escaped text. Everything else that looks like markup in it is
text, so that the tags can be told from it without doubt.
"""

import html
import re

from service.search.request import Highlight
from service.search.response import Highlights, Range

OPENING, CLOSING = "<mark>", "</mark>"

_MARK = re.compile(rf"{OPENING}(.*?){CLOSING}", re.DOTALL)


def marked_parts(highlight: str) -> list[tuple[str, bool]]:
    """Split a highlight into plain texts and whether each is marked."""
    pieces = _MARK.split(highlight)  # plain, marked, plain, marked, …
    return [(html.unescape(text), index % 2 == 1) for index, text in enumerate(pieces) if text]


def shown_as(highlights: Highlights, form: Highlight) -> Highlights:
    """Return highlights in another form than the engine's."""
    match form:
        case "mark":
            return highlights
        case "none" | "offsets":
            return _plain(highlights, with_ranges=form == "offsets")
        case tag:
            return Highlights(
                tuple(_retagged(each, tag) for each in highlights.title),
                tuple(_retagged(each, tag) for each in highlights.body),
            )


def _retagged(highlight: str, tag: str) -> str:
    return highlight.replace(OPENING, f"<{tag}>").replace(CLOSING, f"</{tag}>")


def _plain(highlights: Highlights, *, with_ranges: bool) -> Highlights:
    title, body = map(_texts_and_ranges, (highlights.title, highlights.body))
    ranges = (title[1], body[1]) if with_ranges else ((), ())
    return Highlights(title[0], body[0], *ranges)


def _texts_and_ranges(
    highlights: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[tuple[Range, ...], ...]]:
    texts, ranges = [], []
    for highlight in highlights:
        text, marked = "", []
        for part, is_marked in marked_parts(highlight):
            if is_marked:
                marked.append(Range(len(text), len(text) + len(part)))
            text += part
        texts.append(text)
        ranges.append(tuple(marked))
    return tuple(texts), tuple(ranges)
