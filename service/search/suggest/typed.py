"""What stands in a search box → words to complete."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import msgspec

from indexer.index.analysis import LANGUAGES, analyzer
from indexer.index.columns.titles import function_words, subject_at
from indexer.index.tokenizer import tokenize

MAX_WORDS = 12
"""Words that are looked at, the last ones: each costs a look into every segment."""

MAX_REMEMBERED = 10_000
"""Words whose stems are remembered."""

_PLAIN = re.compile(r"[A-Za-z\s.,:;?!()]*")
_LETTERS = re.compile(r"[A-Za-z]+")


class Word(NamedTuple):
    """A word of a text: its unstemmed term, and where it stands."""

    term: str
    start: int
    end: int


class Typed(NamedTuple):
    """Words as the index holds them, unstemmed.

    Attributes:
        words: those that are complete.
        begun: the last one, of which there may be only the beginning.
    """

    words: tuple[str, ...]
    begun: str

    @property
    def text(self) -> str:
        """All words, with a space between."""
        return " ".join((*self.words, self.begun))

    @property
    def is_function(self) -> bool:
        """Whether there is but one word, and it is a function word of some language."""
        return not self.words and self.begun in function_words()


class Worded(msgspec.Struct, frozen=True, dict=True):
    """A text with its words in order; compounds by their parts."""

    text: str
    words: tuple[Word, ...]

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The words without their places."""
        return tuple([word.term for word in self.words])

    @cached_property
    def sense(self) -> tuple[str, ...]:
        """What this shares with texts that say the same: the stems of its words, in any order.

        What stands before the subject does not count: "What is asthma?" is "Asthma". Which language
        it is does not matter here, so every word goes through both stemmers.
        """
        return tuple(sorted({_stem(term) for term in self.terms[subject_at(self.terms) :]}))

    @property
    def subject(self) -> str:
        """The words from the subject on, with a space between."""
        return " ".join(self.terms[subject_at(self.terms) :])

    def part(self, first: int, last: int) -> "Worded":
        """Return the text from one word to another."""
        start, end = self.words[first].start, self.words[last].end
        run = [Word(a, b - start, c - start) for a, b, c in self.words[first : last + 1]]
        return Worded(self.text[start:end], tuple(run))


def worded(text: str) -> Worded:
    """Take a text apart."""
    return Worded(text, tuple(_plain_words(text) if _PLAIN.fullmatch(text) else _words(text)))


def read_typed(text: str) -> Typed | None:
    """Return the words of what was typed, or None if there are none."""
    return _typed(worded(text).terms[-MAX_WORDS:])


def without(typed: Typed, words: Collection[str]) -> Typed | None:
    """Return what was typed without some words, or None if there are no others."""
    return _typed([word for word in (*typed.words, typed.begun) if word not in words])


def beginnings_of(typed: Typed) -> list[str]:
    """Return how the subject of a title may begin that begins as was typed."""
    words = [*typed.words, typed.begun]
    return list(dict.fromkeys([typed.text, " ".join(words[subject_at(words) :])]))


@lru_cache(maxsize=MAX_REMEMBERED)
def stems_of(word: str) -> frozenset[str]:
    """Return what a word is found by: itself, and its stem in each language."""
    stems = [analyzer(language).term(word) for language in LANGUAGES]
    return frozenset([word, *filter(None, stems)])


def _words(text: str) -> Iterator[Word]:
    term, before = analyzer("exact").term, -1
    for token in tokenize(text):
        if token.position > before:  # else it is the joined form of the words before
            before = token.position
            if word := term(token.text):
                yield Word(word, token.start, token.end)


def _plain_words(text: str) -> Iterator[Word]:
    """Yield the same for a text of nothing but unaccented letters and marks between them.

    Most titles are, and this takes a fifth of the time.
    """
    term = analyzer("exact").term
    for match in _LETTERS.finditer(text):
        yield Word(term(match[0]), *match.span())


@lru_cache(maxsize=MAX_REMEMBERED)
def _stem(term: str) -> str:
    stem = analyzer("en").term(term) or term
    return analyzer("es").term(stem) or stem


def _typed(words: Sequence[str]) -> Typed | None:
    return Typed(tuple(words[:-1]), words[-1]) if words else None
