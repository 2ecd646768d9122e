"""What WordPress does to a post's content before it shows it, as far as its text depends on it.

The order and the meaning are those of its filters ``do_blocks``, ``wpautop`` and
``do_shortcode`` (https://developer.wordpress.org/reference/functions/wpautop/,
https://codex.wordpress.org/Shortcode_API); nothing is executed here.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape, unescape
from importlib.resources import files

import msgspec

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BLOCKS = re.compile(r"<!--\s*wp:")
_CLASSIC_BLOCK = re.compile(r"<!--\s*wp:freeform\s*-->(.*?)<!--\s*/wp:freeform\s*-->", re.DOTALL)
_SHORTCODE_BLOCK = re.compile(
    r"<!--\s*wp:shortcode\s*-->\s*\[[^\[\]]*\]\s*<!--\s*/wp:shortcode\s*-->"
)
_ATTRIBUTE = (
    r"(?:[\w-]+\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\[\]\"']+)|\"[^\"\n]*\"|[^\s\[\]\"'=]+)"
)
_SHORTCODE = re.compile(
    rf"(?<!\[)\[(?P<close>/)?(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:\s+{_ATTRIBUTE})*)"
    r"\s*(?P<slash>/)?\](?!\])"
)
_TITLE = re.compile(r"(?<![\w-])title\s*=\s*(?:\"([^\"]*\w[^\"]*)\"|'([^']*\w[^']*)')")
_QUOTED_VALUE = re.compile(r"=\s*[\"']")
_ESCAPED = re.compile(r"\[(\[[A-Za-z/][^\[\]]*\])\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_UNTOUCHED = re.compile(
    r"<(pre|script|style|textarea|svg|math)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
# A private character, which no text has, stands for what is put back at the end.
_MARK = "\ue000"
_KEPT = re.compile(rf"<hr {_MARK}(\d+)>|{_MARK}(\d+);")
_BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")
# What holds paragraphs, what is one, and what holds neither.
_HOLDERS = "address|article|aside|blockquote|body|center|details|div|fieldset|figure|footer|form"
_HOLDERS += "|header|main|nav|section|li|dd|td|th"
_LEAVES = "p|h[1-6]|dt|caption|figcaption|legend|summary|option|button|label"
_FRAMES = "ul|ol|dl|menu|table|thead|tbody|tfoot|tr|colgroup|hgroup"
_STANDALONE = "hr|col"
_BLOCK_TAG = re.compile(
    rf"(</?(?:{_HOLDERS}|{_LEAVES}|{_FRAMES}|{_STANDALONE})(?=[\s/>])[^<>]*>)", re.IGNORECASE
)
_NAME = re.compile(r"</?([A-Za-z0-9]+)")
_IS_LEAF = re.compile(_LEAVES)
_IS_FRAME = re.compile(_FRAMES)
_IS_STANDALONE = re.compile(_STANDALONE)
# These hold one line more often than paragraphs.
_TIGHT = frozenset(("li", "dd", "td", "th"))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hidden_types: list[str]
    no_category: frozenset[str]
    descriptions: list[str]
    alone: frozenset[str]
    textless: frozenset[str]
    noindex: Mapping[str, str]


@cache
def word_lists() -> _File:
    """Return the lists of ``wordpress.toml``."""
    raw = files("indexer.sources").joinpath("wordpress.toml").read_bytes()
    return msgspec.toml.decode(raw, type=_File)


def content_html(content: str) -> str:
    """Return a post's content as the HTML of its text.

    The comments of the block editor go, shortcodes are taken out of the text, and what the classic
    editor wrote without markup gets its paragraphs and line breaks.
    """
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    if _BLOCKS.search(text):
        text = _SHORTCODE_BLOCK.sub("", text)
        text = _CLASSIC_BLOCK.sub(lambda match: paragraphs(match[1]), text)
        return without_shortcodes(_COMMENT.sub("", text))
    return paragraphs(without_shortcodes(_COMMENT.sub("", text)))


def without_shortcodes(text: str) -> str:
    """Return ``text`` without shortcodes; what an enclosing one encloses stays, below its title.

    Brackets in prose stay: a shortcode has a closing partner, an attribute with a quoted value, a
    slash at its end, an underscore in its name, or is a known one.
    """
    closed = {match["name"].lower() for match in _SHORTCODE.finditer(text) if match["close"]}
    for name in sorted(closed & word_lists().textless):
        whole = rf"\[{re.escape(name)}(?:\s[^\[\]]*)?\].*?\[/{re.escape(name)}\]"
        text = re.sub(whole, "", text, flags=re.DOTALL | re.IGNORECASE)

    def replaced(match: re.Match[str]) -> str:
        if not _is_shortcode(match, closed):
            return match.group()
        return _title(match["attributes"]) if match["name"].lower() in closed else ""

    return _ESCAPED.sub(r"\1", _SHORTCODE.sub(replaced, text))


def _title(attributes: str) -> str:
    """Return the heading that accordions, tabs and boxes have in an attribute of theirs."""
    title = _TITLE.search(attributes)
    return f"\n\n<h3>{escape(unescape(title[1] or title[2]))}</h3>\n\n" if title else ""


def _is_shortcode(match: re.Match[str], closed: set[str]) -> bool:
    name = match["name"].lower()
    attributes = match["attributes"]
    return bool(
        name in closed
        or match["close"]
        or match["slash"]
        or attributes.endswith("/")
        or "_" in name
        or _QUOTED_VALUE.search(attributes)
        # "[more information]" and "[hazard ratio HR=0.8]" are prose.
        or ("-" in name and "=" in attributes)
        or (name in word_lists().alone and (not attributes or "=" in attributes))
    )


def paragraphs(text: str) -> str:
    """Return ``text`` with a ``p`` for what blank lines set apart and a ``br`` for a line's end.

    Inside ``pre`` and its like, and between the rows of a table or the items of a list, line ends
    mean nothing; a cell or an item gets paragraphs only if it has several.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        is_block = match[1].lower() == "pre"
        return f"<hr {_MARK}{len(kept) - 1}>" if is_block else f"{_MARK}{len(kept) - 1};"

    text = _UNTOUCHED.sub(keep, _COMMENT.sub("", text.replace(_MARK, "")).strip())
    text = _TAG.sub(lambda match: match.group().replace("\n", " "), text)
    text = _BREAK.sub("\n", text)
    done = "".join(_pieces(text))
    return _KEPT.sub(lambda match: kept[int(match[1] or match[2])], done)


def _pieces(text: str) -> Iterator[str]:
    """Yield block tags as they are and the text between them by what it stands in."""
    around: list[str] = []
    for piece in _BLOCK_TAG.split(text):
        if not _BLOCK_TAG.fullmatch(piece):
            yield _filled(piece, around[-1] if around else "")
            continue
        yield piece
        named = _NAME.match(piece)
        name = named[1].lower() if named else ""
        if piece.startswith("</"):
            if name in around:
                while around.pop() != name:
                    pass
        elif not _IS_STANDALONE.fullmatch(name) and not piece.endswith("/>"):
            around.append(name)


def _filled(text: str, parent: str) -> str:
    parts = [part for each in _BLANK.split(text) if (part := each.strip("\n\t \xa0"))]
    if not parts or _IS_FRAME.fullmatch(parent):
        return text
    lines = [part.replace("\n", "<br />\n") for part in parts]
    if _IS_LEAF.fullmatch(parent):
        return "<br />\n".join(lines)
    if parent in _TIGHT and len(lines) == 1:
        return lines[0]
    return "".join(f"<p>{line}</p>\n" for line in lines)
