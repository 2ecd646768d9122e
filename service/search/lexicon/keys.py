"""What a word is compared by: its stem, so that ``heart attacks`` is a heart attack.

Stems are those of the index, which are the same for anaemia and anemia. Stop words have no stem and
are compared by their unstemmed form, so that ``shortness of breath`` needs its "of".
"""

from collections.abc import Iterator
from typing import NamedTuple

from indexer.index.analysis import SNOWBALL, Analyzer, Filter, analyzer, language_of, stem
from indexer.index.tokenizer import tokenize

Key = tuple[str, ...]
"""The words of a term, each as what it is compared by."""


ENDINGS = frozenset(
    ["", "s", "es", "e", "d", "ed", "ing", "y", "ies", "ied", "o", "a", "os", "as"],
)
"""Endings of the same word: numbers and genders of nouns, forms of verbs. English and Spanish are
not told apart, as words are compared that have the same stem. In the words of MedQuAD, NFCorpus and
HealthSearchQA, what shares the stem of a shipped term and differs otherwise is mostly another
thing: alcohol and alcoholism, medical and medication, sinus and sinusitis."""


class Piece(NamedTuple):
    """A part of a query's word that stands for itself: ``heart``, or ``x`` and ``ray`` of x-ray.

    Attributes:
        stem: what it is compared by.
        exact: its unstemmed form.
        capital: itself, if it is typed in capitals; else empty.
        word: the place of its word in the query.
        first: whether the word begins with it.
        last: whether the word ends with it.
    """

    stem: str
    exact: str
    capital: str
    word: int
    first: bool
    last: bool


class Keys:
    """Makes the keys of one language."""

    def __init__(self, language: str) -> None:
        self._stems: Analyzer = analyzer(language_of(language))
        self._exact: Analyzer = analyzer("exact")
        self._spelled: Filter = stem(language) if language in SNOWBALL else str

    def of(self, text: str) -> Key:
        """Return the stems of a term's words."""
        return tuple([self._stem(part) for part in parts(text)])

    def exact(self, text: str) -> Key:
        """Return the unstemmed forms of a term's words."""
        return tuple([self._exact.term(part) for part in parts(text)])

    def is_spelled_alike(self, one: str, other: str) -> bool:
        """Return whether two unstemmed words of one key are not two spellings of a word."""
        return self._spelled(one) == self._spelled(other)

    def pieces(self, word: str, typed: str, place: int) -> list[Piece]:
        """Return the pieces of a query's word; none if it has neither letters nor digits."""
        found = parts(word)
        capital = _capital(typed) if len(found) == 1 else ""
        last = len(found) - 1
        return [
            Piece(self._stem(part), self._exact.term(part), capital, place, at == 0, at == last)
            for at, part in enumerate(found)
        ]

    def _stem(self, part: str) -> str:
        return self._stems.term(part) or self._exact.term(part)


def unstemmed(exact: str) -> str:
    """Return the key of a word that is compared unstemmed: no stem is like it."""
    return f"={exact}"


def is_inflection(one: str, other: str) -> bool:
    """Return whether two words of the same stem differ by an inflection only."""
    pairs = zip(one, other, strict=False)
    common = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return one[common:] in ENDINGS and other[common:] in ENDINGS


def parts(text: str) -> list[str]:
    """Return the words of a text, compounds taken apart."""
    if text.replace(" ", "").isalpha():
        return text.split()
    return list(_apart(text))


def _apart(text: str) -> Iterator[str]:
    end = 0
    for token in tokenize(text):
        if token.start >= end:  # Else it is a compound's parts joined, which come after them.
            yield token.text
            end = token.end


def _capital(typed: str) -> str:
    """Return an acronym without the s of its plural, ``STDs``, or nothing for other words."""
    singular = typed.removesuffix("s")
    return singular if len(singular) > 1 and singular.isupper() else ""
