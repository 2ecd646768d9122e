"""Which lines in the article's element are not the article's: title, date, credits, self-praise."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from indexer.extraction.metadata import Metadata
from indexer.extraction.patterns import patterns
from indexer.extraction.text import Line
from indexer.extraction.title import same_words

# A title stands at the top; the same words further down are a section.
TOP_LINES = 4
# A page of which more than this is about its publisher is an article about it.
PRAISE_SHARE = 0.4
# Longer lines are paragraphs.
LONGEST_CALL = 480
# Room for what stands before and after the name in a title.
_AROUND_NAME_CHARS = 20


def article_lines(lines: Sequence[Line], metadata: Metadata) -> list[Line]:
    """Return the lines without those that repeat the metadata, call to share, or praise the site.

    Headings without text at the end go too.
    """
    kept = [line for line in lines if line.level or not _is_call(line.text)]
    top = [line for line in kept[:TOP_LINES] if not _repeats(line, metadata)]
    rest = [
        line
        for line in kept[TOP_LINES:]
        if line.level != 1 or not same_words(line.text, metadata.title)
    ]
    found = _without_praise(top + rest, _own_names(metadata))
    while found and found[-1].level:
        found.pop()
    return found


def _is_call(text: str) -> bool:
    """Say whether a line sends readers elsewhere, or is a credit, a date, a notice."""
    if len(text) > LONGEST_CALL:
        return False
    return bool(patterns().lines.fullmatch(text) or patterns().calls.search(text))


def _repeats(line: Line, metadata: Metadata) -> bool:
    """Say whether a line at the top is known from the metadata.

    A heading with the words of the description is a standfirst and opens no section.
    """
    if same_words(line.text, metadata.title) or patterns().top_lines.fullmatch(line.text):
        return True
    return line.level > 0 and same_words(line.text, metadata.description)


def _own_names(metadata: Metadata) -> list[str]:
    """Return what the site may call itself: its publisher's name, and the longest of its host's."""
    labels = (urlsplit(metadata.url).hostname or "").removeprefix("www.").split(".")[:-1]
    names = [metadata.publisher, max(labels, key=len, default="")]
    return [name for name in names if len(name) > 2]


def _without_praise(lines: list[Line], names: Sequence[str]) -> list[Line]:
    """Return ``lines`` without what the site says of itself at the end."""
    for name in names:
        start = _praise_begins(lines, name)
        said = sum(len(line.text) for line in lines[start:])
        if 0 < said <= PRAISE_SHARE * sum(len(line.text) for line in lines) and _is_name(
            name, lines
        ):
            lines = lines[:start]
    return lines


def _is_name(name: str, lines: Sequence[Line]) -> bool:
    """Say whether the body never writes ``name`` as a word: at asthma.example "asthma is" one."""
    word = re.compile(rf"(?<![\w.@/-]){re.escape(name.lower())}(?![\w@/]|\.\w)")
    return not any(word.search(line.text) for line in lines)


def _praise_begins(lines: Sequence[Line], name: str) -> int:
    """Return the index of the first line at the end that is about ``name``."""
    known, start = patterns(), len(lines)
    while start and known.own_praise.fullmatch(_with_placeholder(lines[start - 1], name)):
        start -= 1
    for at, line in reversed(list(enumerate(lines))):
        if len(line.text) <= len(name) + _AROUND_NAME_CHARS and known.own_titles.fullmatch(
            _with_placeholder(line, name)
        ):
            return at
        if line.level:
            break
    return start


def _with_placeholder(line: Line, name: str) -> str:
    """Return the text of ``line`` with NAME for the name that it begins with, or nearly so."""
    text = line.text
    at = text[: len(name) + _AROUND_NAME_CHARS].lower().find(name.lower())
    return text if at < 0 else f"{text[:at]}NAME{text[at + len(name) :]}"
