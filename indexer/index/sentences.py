"""Text → sentences, with the care that a health text needs: a wrong cut can lose a "not"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.index.lexicon import load_words

_BOUNDARY = re.compile(
    r"""
    (?<![.!?…])(?P<stop>[.!?…]++)["'”’»)\]]*+  # the end of one sentence
    \s+(?=["'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])        # white space, and no lower-case letter after it
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


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of ``text`` in order, without the white space around them.

    A line break always ends a sentence: the blocks of an article stand on lines of their own.
    A full stop does not when an abbreviation or single letters stand before it ("St. John's",
    "J. Smith", "U.S. guidelines"): two sentences left together do no harm, one cut in two may.
    """
    start = 0
    for line in text.splitlines(keepends=True):
        for begin, end in _cuts(line):
            piece = line[begin:end]
            body = piece.strip()
            if body:
                at = start + begin + len(piece) - len(piece.lstrip())
                yield Sentence(at, at + len(body))
        start += len(line)


def _cuts(line: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for boundary in _BOUNDARY.finditer(line):
        before = line[max(begin, boundary.start() - _LONGEST_ABBREVIATION) : boundary.start()]
        if boundary["stop"] == "." and _is_abbreviation(before):
            continue
        yield begin, boundary.end()
        begin = boundary.end()
    yield begin, len(line)


def _is_abbreviation(before: str) -> bool:
    word = _LAST_WORD.search(before)
    if not word:
        return False
    last = word.group().lower()
    return bool(_LETTERS.fullmatch(last)) or last in load_words("abbreviations.txt")
