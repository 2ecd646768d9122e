"""The small language in which editors say which queries they mean.

    i want to die                 these words, side by side, in this order
    (too many|a lot of) pills     one of these words, or groups of words
    suicid*                       a word that begins so
    my chest really? hurts        a word, or a group, that may be missing
    took ... pills                up to four other words in between
    chest pain & arm              both, in any order, anywhere in the query
    {pills}                       one of the words of the list of that name in the file

Case, accents and apostrophes mean nothing: ``can't`` is ``cant``. Up to two small words, which the
file names, may stand between any two words or groups of a pattern, so that ``bleeding stopped`` is
in "bleeding that is stopped". A pattern is found anywhere in a query, unless its place in the file
says otherwise. Where the file says that a word is spelled in several ways, patterns and queries are
read alike: with ``cant`` for ``can not``, either is found by either.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from service.search.editorial.words import respelled, words_of

GAP = 4
"""Words that ``...`` stands for at most: "took my whole week's worth of pills" is already rare."""

MAX_SMALL = 2
"""Small words that may stand between two others of a pattern: "in my", "that is"."""

MAX_GAPS = 3
"""In one pattern: with more of them, a long query has too many ways to be read."""

MAX_MISSING = 4
"""Words of one part that may be missing. Each more takes six times as long to see that a query of
the longest sort has nothing of it: with four it takes 15 ms, with eight 17 s."""

MIN_PREFIX = 4
"""Letters before a star; with fewer, most of what begins so is meant otherwise."""

_TOKEN = re.compile(r"\((?P<group>[^()]*)\)(?P<maybe>\?)?|(?P<gap>\.\.\.)|(?P<word>[^\s()]+)")
_LIST = re.compile(r"\{(?P<name>\w+)\}")
_WRITTEN = re.compile(r"[^\W_]+(?:['’.,-]+[^\W_]+)*\*?")
_GAP = f"(?:[^ ]+ ){{0,{GAP}}}?"

Lists = Mapping[str, Sequence[str]]

Spellings = Mapping[str, Sequence[str]]
"""The words as which a normalized word is read: ``cant`` → ``can not``."""

NO_SPELLINGS: Spellings = MappingProxyType({})


class PatternError(ValueError):
    """A pattern is malformed; the text says what is wrong with it."""


class _Element(NamedTuple):
    """What stands in one place of a pattern.

    Attributes:
        regex: matches it, with a space behind each word.
        keys: a word for each of its alternatives; one of them is in every text it matches. A star
            behind it says that it is the beginning of one.
        words: all words of it, a star behind those that begin one.
    """

    regex: str
    keys: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def may_be_missing(self) -> bool:
        """Whether a text may do without these words."""
        return bool(self.words) and not self.keys


@dataclass(frozen=True, eq=False)
class Pattern:
    """A pattern, ready to be looked for; it equals nothing but itself, which is soon told.

    Attributes:
        text: as it was written.
        keys: of each of its elements that must be there; one of these words is in every text
            that it matches, or begins a word of it if it ends with a star.
        words: all words that it is made of; a star is behind those that begin one.
        regexes: of its parts, all of which must be found.
    """

    text: str
    keys: tuple[frozenset[str], ...]
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


def compile_pattern(
    text: str, lists: Lists, small: Iterable[str] = (), spellings: Spellings = NO_SPELLINGS
) -> Pattern:
    """Return the pattern that a text is.

    Args:
        text: as an editor wrote it.
        lists: words that stand for each other, by the name by which patterns call them.
        small: normalized words that may stand between the words of it.
        spellings: how words are read.

    Raises:
        PatternError: it is malformed.
    """
    if text.count("...") > MAX_GAPS:
        raise PatternError(f"expected {MAX_GAPS} gaps (...) at most")
    parts = [list(_elements(part, lists, spellings)) for part in text.split("&")]
    if not all(any(element.keys for element in part) for part in parts):
        raise PatternError("expected a word that must be there")
    if any(sum(element.may_be_missing for element in part) > MAX_MISSING for part in parts):
        raise PatternError(f"expected {MAX_MISSING} words at most that may be missing (word?)")
    some = f"(?:(?:{'|'.join(map(re.escape, small))}) ){{0,{MAX_SMALL}}}" if small else ""
    regexes = [some.join(element.regex for element in part) for part in parts]
    every = [element for part in parts for element in part]
    words = frozenset(word for element in every for word in element.words)
    anchored = tuple(f"(?:^|(?<= )){regex}" for regex in regexes)
    return Pattern(text, tuple(e.keys for e in every if e.keys), words, anchored)


def rarity(keys: frozenset[str]) -> tuple[int, int]:
    """Return how rare the words of an element are, as far as their length and number tell."""
    return min(map(len, keys)), -len(keys)


def _elements(text: str, lists: Lists, spellings: Spellings) -> Iterator[_Element]:
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
        yield _element(phrases_of(inside, lists), spellings, is_optional=maybe)


def _element(phrases: Iterable[str], spellings: Spellings, *, is_optional: bool) -> _Element:
    forms = list({each.regex: each for each in (_form(p, spellings) for p in phrases)}.values())
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


def _form(phrase: str, spellings: Spellings) -> _Element:
    """Return what some words side by side are."""
    regex = ""
    keys: set[str] = set()
    every: set[str] = set()
    for written in phrase.split():
        words = words_of(written)
        if not words or not _WRITTEN.fullmatch(written):
            raise PatternError(f"expected words of letters and digits, found {written!r}")
        if not written.endswith("*"):
            words = respelled(words, spellings)
        regex += " ".join(map(re.escape, words))
        if written.endswith("*"):
            if len(words) > 1 or len(words[0]) < MIN_PREFIX:
                raise PatternError(f"expected {MIN_PREFIX} letters or more before *")
            regex += "[^ ]*"
            keys.add(f"{words[0]}*")
            every.add(f"{words[0]}*")
        else:
            keys.update(words)
            every.update(words)
        regex += " "
    if not keys:
        raise PatternError("expected words on both sides of |")
    return _Element(regex, frozenset(keys), frozenset(every))
