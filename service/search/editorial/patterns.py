"""The small language in which editors say which queries they mean.

    i want to die                 these words, side by side, in this order
    (too many|a lot of) pills     one of these words, or groups of words
    suicid*                       a word that begins so
    my chest really? hurts        a word, or a group, that may be missing
    took ... pills                up to three other words in between
    chest pain & arm              both, in any order, anywhere in the query
    {pills}                       one of the words of the list of that name in the file

Case, accents and apostrophes mean nothing: ``can't`` is ``cant``. Up to two small words, which the
file names, may stand between any two words or groups of a pattern, so that ``bleeding stopped`` is
in "bleeding that is stopped". A pattern is found anywhere in a query, unless its place in the file
says otherwise.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from service.search.editorial.words import words_of

GAP = 3
"""Words that ``...`` stands for at most: "took my whole week's worth of pills" is already rare."""

MAX_SMALL = 2
"""Small words that may stand between two others of a pattern: "in my", "that is"."""

MAX_GAPS = 3
"""In one pattern: with more of them, a long query has too many ways to be read."""

MIN_PREFIX = 4
"""Letters before a star; with fewer, most of what begins so is meant otherwise."""

_TOKEN = re.compile(r"\((?P<group>[^()]*)\)(?P<maybe>\?)?|(?P<gap>\.\.\.)|(?P<word>[^\s()]+)")
_LIST = re.compile(r"\{(?P<name>\w+)\}")
_WRITTEN = re.compile(r"[^\W_]+(?:['’.,-]+[^\W_]+)*\*?")
_GAP = f"(?:[^ ]+ ){{0,{GAP}}}?"

Lists = Mapping[str, Sequence[str]]


class PatternError(ValueError):
    """A pattern is malformed; the text says what is wrong with it."""


class _Element(NamedTuple):
    """What stands in one place of a pattern.

    Attributes:
        regex: matches it, with a space behind each word.
        keys: a word for each of its alternatives; one of them is in every text it matches. A star
            behind it says that it is the beginning of one.
        words: all whole words of it.
    """

    regex: str
    keys: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pattern:
    """A pattern, ready to be looked for.

    Attributes:
        text: as it was written.
        keys: one of these words is in every text that it matches, or begins a word of it if it
            ends with a star.
        words: all whole words that it is made of.
        regexes: of its parts, all of which must be found.
    """

    text: str
    keys: frozenset[str]
    words: frozenset[str]
    regexes: tuple[str, ...]

    @cached_property
    def _parts(self) -> tuple[re.Pattern[str], ...]:
        """Compiled when a query has a word of it: most patterns wait long for that."""
        return tuple(map(re.compile, self.regexes))

    def is_in(self, line: str) -> bool:
        """Return whether it is found in a text's words, each of which has a space behind it."""
        return all(part.search(line) for part in self._parts)

    def is_all_of(self, line: str) -> bool:
        """Return whether it is all that is in a text's words."""
        return all(part.fullmatch(line) for part in self._parts)


def compile_pattern(text: str, lists: Lists, small: Iterable[str] = ()) -> Pattern:
    """Return the pattern that a text is.

    Args:
        text: as an editor wrote it.
        lists: words that stand for each other, by the name by which patterns call them.
        small: normalized words that may stand between the words of it.

    Raises:
        PatternError: it is malformed.
    """
    if text.count("...") > MAX_GAPS:
        raise PatternError(f"expected {MAX_GAPS} gaps (...) at most")
    parts = [list(_elements(part, lists)) for part in text.split("&")]
    best = [max((e.keys for e in part if e.keys), key=_rarity, default=None) for part in parts]
    keys = [each for each in best if each is not None]
    if len(keys) < len(parts):
        raise PatternError("expected a word that must be there")
    some = f"(?:(?:{'|'.join(map(re.escape, small))}) ){{0,{MAX_SMALL}}}" if small else ""
    regexes = [some.join(element.regex for element in part) for part in parts]
    words = frozenset(word for part in parts for element in part for word in element.words)
    anchored = tuple(f"(?:^|(?<= )){regex}" for regex in regexes)
    return Pattern(text, max(keys, key=_rarity), words, anchored)


def _rarity(keys: frozenset[str]) -> tuple[int, int]:
    """Return how rare the words of an element are, as far as their length and number tell."""
    return min(map(len, keys)), -len(keys)


def _elements(text: str, lists: Lists) -> Iterator[_Element]:
    """Yield what a part of a pattern is made of, from left to right."""
    if _TOKEN.sub("", text).strip():
        raise PatternError("expected every bracket to be closed, and none inside another")
    for token in _TOKEN.finditer(text):
        if token["gap"]:
            yield _Element(_GAP)
            continue
        inside, maybe = token["group"], bool(token["maybe"])
        if inside is None:
            if "|" in token["word"] and text.strip() != token["word"]:
                raise PatternError("expected brackets around what | joins, as in (a|b) c")
            inside, maybe = token["word"].removesuffix("?"), token["word"].endswith("?")
        yield _element(inside, lists, is_optional=maybe)


def _element(text: str, lists: Lists, *, is_optional: bool) -> _Element:
    phrases = phrases_of(text, lists)
    forms = [_form(phrase) for phrase in phrases]
    regex = f"(?:{'|'.join(form.regex for form in forms)})"
    words = frozenset(word for form in forms for word in form.words)
    if is_optional:
        return _Element(f"{regex}?", words=words)
    return _Element(regex, frozenset(max(form.keys, key=len) for form in forms), words)


def phrases_of(text: str, lists: Lists) -> list[str]:
    """Return the phrases of which a text such as ``pills|{drugs}|sleeping tablets`` wants one.

    Raises:
        PatternError: there is no such list.
    """
    phrases: list[str] = []
    for written in map(str.strip, text.split("|")):
        named = _LIST.fullmatch(written)
        if not named:
            phrases.append(written)
        elif named["name"] in lists:
            phrases += lists[named["name"]]
        else:
            raise PatternError(f"there is no list {named['name']!r} above")
    return phrases


def _form(phrase: str) -> _Element:
    """Return what some words side by side are."""
    regex = ""
    keys: set[str] = set()
    whole: set[str] = set()
    for written in phrase.split():
        words = words_of(written)
        if not words or not _WRITTEN.fullmatch(written):
            raise PatternError(f"expected words of letters and digits, found {written!r}")
        regex += " ".join(map(re.escape, words))
        if written.endswith("*"):
            if len(words) > 1 or len(words[0]) < MIN_PREFIX:
                raise PatternError(f"expected {MIN_PREFIX} letters or more before *")
            regex += "[^ ]*"
            keys.add(f"{words[0]}*")
        else:
            keys.update(words)
            whole.update(words)
        regex += " "
    if not keys:
        raise PatternError("expected words on both sides of |")
    return _Element(regex, frozenset(keys), frozenset(whole))
