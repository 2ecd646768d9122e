"""Markup nested deeper than libxml2 reads (2,048 elements), made shallow."""

import re

from lxml import etree

# Far deeper than any page that people wrote, and well below what libxml2 reads.
DEEPEST = 1_000

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"}
    | {"wbr", "param"}
)
# A second one closes the first (HTML standard, "optional tags").
_CLOSED_BY_NEXT = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "option"))
# What is not closed goes to the end, as browsers read it.
_CODE = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL
)
# Looks at each character once: thousands of tags that nobody closed would else take hours.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)[^<>]*+>")


def is_too_deep(parser: etree.HTMLParser) -> bool:
    """Say whether ``parser`` gave up because elements were nested too deeply."""
    error = parser.error_log.last_error
    return error is not None and error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def flatten(text: str, blocks: frozenset[str]) -> str:
    """Return the page ``text`` without the tags of what is nested too deeply; all words stay.

    Args:
        text: the page.
        blocks: the tags that begin a line, and leave a line break.
    """
    opened: list[tuple[str, bool]] = []
    counts: dict[str, int] = {}

    def rewritten(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in _VOID:
            return match[0]
        mark = "<br>" if name in blocks else ""
        if match[1]:
            if not counts.get(name):
                return ""
            return match[0] if _close(name, opened, counts) else mark
        if name in _CLOSED_BY_NEXT and opened and opened[-1][0] == name:
            _close(name, opened, counts)
        is_kept = len(opened) < DEEPEST
        opened.append((name, is_kept))
        counts[name] = counts.get(name, 0) + 1
        return match[0] if is_kept else mark

    return _TAG.sub(rewritten, _CODE.sub("", text))


def _close(name: str, opened: list[tuple[str, bool]], counts: dict[str, int]) -> bool:
    """Close the last element called ``name`` and all in it; say whether its tag was kept."""
    while True:
        closed, was_kept = opened.pop()
        counts[closed] -= 1
        if closed == name:
            return was_kept
