"""Text → sentences, with the care that a health text needs: a wrong cut can lose a "not"."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.index.lexicon import load_words

_BREAKS = r"\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
"""What ``str.splitlines`` takes for the end of a line."""

_BOUNDARY = re.compile(
    # It begins with a set, to whose characters a search skips: three times as fast.
    rf"""
    [{_BREAKS}.!?…](?:
        (?<=[{_BREAKS}])                                 # the end of a line, or
      | (?<![.!?…]{{2}})[.!?…]*+["'”’»)\]]*+(?P<end>)     # the end of a sentence,
        [^\S{_BREAKS}]+                                  # white space,
        (?=["'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])                 # and no lower-case letter after it
    )
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[\"“«]+$")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_LONGEST_ABBREVIATION = 20
"""Letters before a full stop that are looked at; no abbreviation of the list is longer."""


class Sentence(NamedTuple):
    """A sentence, or a line that is none, such as a table row: ``text[start:end]``."""

    start: int
    end: int


class Spans(NamedTuple):
    """The sentences of a text: where each starts and ends, and whether it begins a line."""

    starts: list[int]
    ends: list[int]
    firsts: list[bool]


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of ``text`` in order, without the white space around them.

    A line break always ends a sentence: the blocks of an article stand on lines of their own.
    A full stop does not when an abbreviation or single letters stand before it ("St. John's",
    "J. Smith", "U.S. guidelines"): two sentences left together do no harm, one cut in two may.
    """
    starts, ends, _ = spans(text)
    yield from map(Sentence, starts, ends)


def spans(text: str) -> Spans:
    """Return the sentences of ``text`` all at once."""
    starts: list[int] = []
    ends: list[int] = []
    firsts: list[bool] = []
    begin, is_first = 0, True
    for boundary in _BOUNDARY.finditer(text):
        at, after = boundary.span()
        end = boundary.start("end")
        is_break = end < 0
        if is_break:
            end = at
        elif text[at] == "." and _is_abbreviation(text, begin, at):
            continue
        if piece := text[begin:end].strip():
            begin = text.index(piece, begin)
            starts.append(begin)
            ends.append(begin + len(piece))
            firsts.append(is_first)
        begin, is_first = after, is_break
    if piece := text[begin:].strip():
        starts.append(text.index(piece, begin))
        ends.append(starts[-1] + len(piece))
        firsts.append(is_first)
    return Spans(starts, ends, firsts)


def _is_abbreviation(text: str, begin: int, at: int) -> bool:
    """Return whether the full stop at ``at`` ends a shortened word, in what begins at ``begin``."""
    if text[at + 1] in ".!?…":
        return False
    before = text[max(begin, at - _LONGEST_ABBREVIATION) : at]
    if before[-_longest_listed() - 1 :].isalpha() and len(before) > _longest_listed():
        return False
    word = _LAST_WORD.search(before)
    if not word:
        return False
    last = word.group().lower()
    return bool(_LETTERS.fullmatch(last)) or last in load_words("abbreviations.txt")


@cache
def _longest_listed() -> int:
    return max(map(len, load_words("abbreviations.txt")))
