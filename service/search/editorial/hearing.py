"""Which notices the words of a query call, in one language."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.index.analysis import SNOWBALL
from service.search.editorial.matching import PatternIndex, Text, Vocabulary
from service.search.editorial.patterns import NO_SPELLINGS, Pattern, Spellings
from service.search.lexicon.everyday import is_everyday

WAYS = ("always", "phrases", "alone", "unless")
"""The lists of patterns that a notice has in a language."""

EVERY = -1
"""Stands for all notices of a language."""


@dataclass(frozen=True)
class Wording:
    """A notice in one language, and the queries that it is for.

    Attributes:
        title: its title.
        text: its text, in which ``{emergency}`` stands for the number to call.
        prevention: a query whose best articles are raised, or empty.
        always: patterns of queries that it is for.
        phrases: patterns of queries that it is for unless one of ``unless`` is there.
        alone: patterns of queries that it is for if they say nothing else.
        unless: patterns.
    """

    title: str
    text: str
    prevention: str
    always: tuple[Pattern, ...]
    phrases: tuple[Pattern, ...]
    alone: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]

    def patterns(self) -> Iterator[Pattern]:
        """Yield the patterns that call it."""
        yield from (*self.always, *self.phrases, *self.alone)

    def words(self) -> Iterator[str]:
        """Yield the words of all its patterns."""
        for pattern in (*self.patterns(), *self.unless):
            yield from pattern.words


@dataclass(frozen=True)
class Habits:
    """What holds for all notices in a language.

    Attributes:
        spellings: how words are read.
        unless: patterns that keep every notice's ``phrases`` from calling it.
    """

    spellings: Spellings
    unless: tuple[Pattern, ...]


NO_HABITS = Habits(NO_SPELLINGS, ())


class _Place(NamedTuple):
    """The notice to which a pattern belongs, by its number, and in which of its lists it stands."""

    number: int
    way: str


_Found = Mapping[_Place, Sequence[Pattern]]


class Ear:
    """All patterns of a language. It is never changed, and may be used from any thread."""

    def __init__(
        self, wordings: Mapping[int, Wording], habits: Habits, known: frozenset[str]
    ) -> None:
        """Take the notices in the language, by their numbers, and what holds for all.

        Args:
            wordings: the notices in the language, by their numbers.
            habits: what holds for all of them.
            known: the words of the patterns of every language, which are no slips.
        """
        placed = [
            (pattern, _Place(number, way))
            for number, wording in wordings.items()
            for way in WAYS
            for pattern in getattr(wording, way)
        ]
        placed += [(pattern, _Place(EVERY, "unless")) for pattern in habits.unless]
        self._index = PatternIndex(placed)
        patterns = [pattern for pattern, _ in placed]
        self._known = known
        self._vocabulary = Vocabulary(patterns, self._is_word, habits.spellings)

    def familiar(self, words: Sequence[str]) -> int:
        """Return how many of some words stand in its patterns as they are."""
        return sum(word in self._vocabulary for word in words)

    def called(self, words: Sequence[str]) -> dict[int, Pattern]:
        """Return the notices that some normalized words call, by number, and by which pattern."""
        text, found = self._read(words)
        called: dict[int, Pattern] = {}
        for number in sorted({place.number for place in found} - {EVERY}):
            pattern = _sure(text, found, number)
            if pattern is None and (likely := _first(text, found, number, "phrases")) is not None:
                pattern = None if _stopping(text, found, number) else likely
            if pattern is not None:
                called[number] = pattern
        return called

    def stopped(self, words: Sequence[str]) -> dict[int, Pattern]:
        """Return the notices that some words would call but for a pattern, and that pattern."""
        text, found = self._read(words)
        stopped: dict[int, Pattern] = {}
        for number in sorted({place.number for place in found} - {EVERY}):
            stop = _stopping(text, found, number)
            if stop is None or _sure(text, found, number) is not None:
                continue
            if _first(text, found, number, "phrases") is not None:
                stopped[number] = stop
        return stopped

    def _is_word(self, word: str) -> bool:
        """Return whether a word is one of any language, and therefore no slip of this one."""
        return word in self._known or any(is_everyday(word, language) for language in SNOWBALL)

    def _read(self, words: Sequence[str]) -> tuple[Text, _Found]:
        text = self._vocabulary.read(words)
        found: dict[_Place, list[Pattern]] = defaultdict(list)
        for pattern, place in self._index.candidates(text):
            found[place].append(pattern)
        return text, found


def _sure(text: Text, found: _Found, number: int) -> Pattern | None:
    """Return the pattern that calls a notice whatever keeps its phrases from it."""
    always = _first(text, found, number, "always")
    if always is not None:
        return always
    alone = found.get(_Place(number, "alone"), ())
    return next((each for each in alone if each.is_all_of(text.line)), None)


def _stopping(text: Text, found: _Found, number: int) -> Pattern | None:
    own = _first(text, found, number, "unless")
    return own if own is not None else _first(text, found, EVERY, "unless")


def _first(text: Text, found: _Found, number: int, way: str) -> Pattern | None:
    patterns = found.get(_Place(number, way), ())
    return next((each for each in patterns if each.is_in(text.line)), None)
