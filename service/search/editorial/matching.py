"""Which patterns a query matches: many patterns, of which a query needs to try only a few."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz.distance import OSA

from service.search.editorial.patterns import MIN_PREFIX, NO_SPELLINGS, Pattern, Spellings, rarity
from service.search.editorial.words import respelled

T = TypeVar("T")

MIN_SLIP = 6
"""Letters of a word that is recognized with one of them wrong: shorter words are too near to
others ("chest", "cheat")."""

MAX_REMEMBERED = 10_000
"""Words of queries of which it is remembered what they are meant to be."""

_SOUNDS = str.maketrans("vkz", "bcs")
"""Letters that begin a word alike in the ears of many who write Spanish: "bomitar", "kiero"."""


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

    def __init__(
        self,
        patterns: Iterable[Pattern],
        is_word: Callable[[str], bool],
        spellings: Spellings = NO_SPELLINGS,
    ) -> None:
        """Take the patterns, what tells whether a word is one and no slip, and other spellings."""
        self._is_word = is_word
        self._spellings = spellings
        self._words = Counter(word for pattern in patterns for word in pattern.words)
        self._words.update(spellings.keys())
        near: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            if len(word) >= MIN_SLIP and not word.endswith("*"):
                for shape in _shapes(word):
                    near[shape].add(word)
        self._mended = lru_cache(MAX_REMEMBERED)(self._mend)
        self._near: Mapping[str, set[str]] = dict(near)

    def __contains__(self, word: str) -> bool:
        """Return whether a word is one of them, or a known spelling of one."""
        return word in self._words

    def read(self, words: Iterable[str]) -> Text:
        """Return a text with its words as patterns have them.

        Spellings are put right, and slips mended, of several words in favour of that in most
        patterns.
        """
        return Text(respelled(map(self._meant, words), self._spellings))

    def _meant(self, word: str) -> str:
        known = len(word) < MIN_SLIP - 1 or word in self._words
        return word if known else self._mended(word)

    def _mend(self, word: str) -> str:
        # Words one edit apart have a shape in common, if they are left out a letter or not.
        nearby = set().union(*(self._near.get(shape, ()) for shape in _shapes(word)))
        meant = [
            each
            for each in nearby
            if _begins(each) == _begins(word) and OSA.distance(each, word, score_cutoff=1) == 1
        ]
        if not meant or self._is_word(word):
            return word
        return max(meant, key=lambda each: (self._words[each], each))


def _begins(word: str) -> str:
    """Return the sound with which a word begins: slips are rare there, but for those of the ear."""
    return (word.removeprefix("h") or word)[0].translate(_SOUNDS)


def _shapes(word: str) -> Iterator[str]:
    """Yield a word, and what is left of it without each of its letters."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


class PatternIndex(Generic[T]):
    """Patterns by their words, so that a query tries those only of which it has every element."""

    def __init__(self, patterns: Iterable[tuple[Pattern, T]]) -> None:
        """Take patterns, each with what it belongs to."""
        elements: dict[frozenset[str], int] = {}
        by_element: dict[int, list[tuple[frozenset[int], Pattern, T]]] = defaultdict(list)
        for pattern, owner in patterns:
            numbers = [elements.setdefault(keys, len(elements)) for keys in pattern.keys]
            rarest = elements[max(pattern.keys, key=rarity)]
            by_element[rarest].append((frozenset(numbers), pattern, owner))
        by_word: dict[str, list[int]] = defaultdict(list)
        by_beginning: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for keys, number in elements.items():
            for key in keys:
                if key.endswith("*"):
                    by_beginning[key[:MIN_PREFIX]].append((key[:-1], number))
                else:
                    by_word[key].append(number)
        self._by_word: Mapping[str, list[int]] = dict(by_word)
        self._by_beginning: Mapping[str, list[tuple[str, int]]] = dict(by_beginning)
        self._by_element: Mapping[int, list[tuple[frozenset[int], Pattern, T]]] = dict(by_element)

    def candidates(self, text: Text) -> Iterator[tuple[Pattern, T]]:
        """Yield the patterns that a text may match."""
        found: set[int] = set()
        for word in text.words:
            found.update(self._by_word.get(word, ()))
            for beginning, number in self._by_beginning.get(word[:MIN_PREFIX], ()):
                if word.startswith(beginning):
                    found.add(number)
        for element in sorted(found & self._by_element.keys()):
            for elements, pattern, owner in self._by_element[element]:
                if elements <= found:
                    yield pattern, owner
