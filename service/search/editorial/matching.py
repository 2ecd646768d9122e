"""Which patterns a query matches: many patterns, of which a query needs to try only a few."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from service.search.editorial.patterns import MIN_PREFIX, Pattern
from service.search.editorial.words import words_of

MIN_SLIP = 6
"""Letters of a word that is recognized with one of them wrong: shorter words are too near to
others ("chest", "cheat")."""


class Text:
    """A query as patterns are looked for in it.

    Attributes:
        words: normalized.
        line: the same with a space behind each.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.line = "".join(f"{word} " for word in words)


class Vocabulary:
    """The words that patterns are made of; it recognizes them with one slip in them."""

    def __init__(self, patterns: Iterable[Pattern], is_word: Callable[[str], bool]) -> None:
        """Take the patterns, and what tells whether a word is one, and therefore no slip."""
        self._is_word = is_word
        self._words = frozenset(word for pattern in patterns for word in pattern.words)
        near: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            if len(word) >= MIN_SLIP:
                for shape in _shapes(word):
                    near[shape].add(word)
        self._near: Mapping[str, set[str]] = dict(near)

    def read(self, text: str) -> Text:
        """Return a text with its slips mended, where only one word of the patterns may be meant."""
        return Text([self._meant(word) for word in words_of(text)])

    def _meant(self, word: str) -> str:
        if len(word) < MIN_SLIP or word in self._words:
            return word
        # Words one edit apart have a shape in common, if they are left out a letter or not.
        nearby = set().union(*(self._near.get(shape, ()) for shape in _shapes(word)))
        meant = [
            each
            for each in nearby
            if each[0] == word[0] and OSA.distance(each, word, score_cutoff=1) == 1
        ]
        return meant[0] if len(meant) == 1 and not self._is_word(word) else word


def _shapes(word: str) -> Iterator[str]:
    """Yield a word, and what is left of it without each of its letters."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


class PatternIndex:
    """Patterns by a word of theirs, so that a query tries those only whose word it has."""

    def __init__(self, patterns: Iterable[tuple[Pattern, int]]) -> None:
        """Take patterns, each with the number of what it belongs to."""
        by_key: dict[str, list[tuple[Pattern, int]]] = defaultdict(list)
        for pattern, number in patterns:
            for key in pattern.keys:
                by_key[key].append((pattern, number))
        self._by_key: Mapping[str, list[tuple[Pattern, int]]] = dict(by_key)
        starred = [len(key) - 1 for key in by_key if key.endswith("*")]
        self._lengths = range(min(starred, default=MIN_PREFIX), max(starred, default=0) + 1)

    def candidates(self, text: Text) -> Iterator[tuple[Pattern, int]]:
        """Yield the patterns that a text may match."""
        for word in dict.fromkeys(text.words):
            yield from self._by_key.get(word, ())
            for length in self._lengths:
                if length <= len(word):
                    yield from self._by_key.get(f"{word[:length]}*", ())
