"""Text → sentences, with the care that a health text needs: a wrong cut can lose a "not"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.index.lexicon import load_words

_BOUNDARY = re.compile(
    r"""
    (?P<stop>[.!?…]+)["'”’»)\]]*        # the end of one sentence
    \s+(?=["'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])  # white space, and no lower-case letter after it
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[\"“«]+$")


class Sentence(NamedTuple):
    """A sentence, or a line that is none, such as a table row: ``text[start:end]``."""

    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of ``text`` in order, without the white space around them.

    A line break always ends a sentence: the blocks of an article stand on lines of their own.
    A full stop does not when an abbreviation or a single letter stands before it ("St. John's",
    "J. Smith"): two sentences left together do no harm, one cut in two may.
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
        if boundary["stop"] == "." and _is_abbreviation(line[begin : boundary.start()]):
            continue
        yield begin, boundary.end()
        begin = boundary.end()
    yield begin, len(line)


def _is_abbreviation(before: str) -> bool:
    word = _LAST_WORD.search(before)
    if not word:
        return False
    last = word.group().lower()
    return (len(last) == 1 and last.isalpha()) or last in load_words("abbreviations.txt")
