"""Text → tokens: words, numbers and hyphenated compounds with their places in the text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.index.lexicon import load_words

_APOSTROPHES = "'’ʼ"
_HYPHENS = "-‐‑"


class Token(NamedTuple):
    """A word as it stands in the text: ``text[start:end]``, or the parts of a compound joined.

    ``position`` counts words. A compound such as ``COVID-19`` gives its parts, ``COVID`` and
    ``19``, and then the joined form ``COVID19`` at the position of its first part, so that all
    three spellings find each other.
    """

    text: str
    position: int
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` in order; the joined form of a compound follows its parts.

    Only letters, digits and the marks that combine with them make words. A number keeps its
    decimal point (``2.5``) and loses its thousands separators (``1,000`` → ``1000``). A number and
    a unit written together are a compound (``500mg`` is ``500``, ``mg`` and ``500mg``). An
    apostrophe inside a word belongs to it; analysis removes it.
    """
    position = 0
    for compound in _compound_pattern().finditer(text):
        offset = compound.start()
        parts = _word_pattern().finditer(compound.group())
        first = position
        words = []
        for part in parts:
            word = part.group()
            if "," in word:
                word = word.replace(",", "")
            words.append(word)
            yield Token(word, position, offset + part.start(), offset + part.end())
            position += 1
        if len(words) > 1:
            yield Token("".join(words), first, offset, compound.end())


@cache
def _combining_marks() -> str:
    """The combining marks of the basic plane as the inside of a character class.

    ``re`` has no class for them. Without them a decomposed accent or an Arabic or Indic vowel
    sign would end a word.
    """
    marks = [c for c in range(0x10000) if unicodedata.category(chr(c))[0] == "M"]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{low:04x}-\\u{high:04x}" for low, high in ranges)


@cache
def _word() -> str:
    letter = rf"(?:[^\W_][{_combining_marks()}]*)"
    # No number has more groups; without a limit a long list such as 111,222,… is read n² times.
    thousands = r"\d{1,3}(?:,\d{3}){1,6}(?![\d,])(?:\.\d+)?"
    decimal = r"\d+\.\d+(?![\d.])"
    dose = rf"\d+(?=(?i:{_units()})(?!\w))"
    plain = rf"{letter}+(?:[{_APOSTROPHES}]{letter}+)*"
    return rf"(?:{thousands}|{decimal}|{dose}|{plain})"


@cache
def _units() -> str:
    return "|".join(sorted(map(re.escape, load_words("units.txt")), key=len, reverse=True))


@cache
def _word_pattern() -> re.Pattern[str]:
    return re.compile(_word())


@cache
def _compound_pattern() -> re.Pattern[str]:
    number = r"(?:\d{1,3}(?:,\d{3}){1,6}|\d+)(?:\.\d+)?"
    dose = rf"{number}(?i:{_units()})(?!\w)"
    return re.compile(rf"{dose}|{_word()}(?:[{_HYPHENS}]{_word()})*")
