"""The unstemmed terms of a generation, and those that are nearly what somebody typed.

All words are as analysis leaves them: folded, without apostrophes (``analyzer("exact").term``).
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec
import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.index.analysis import LANGUAGES, analyzer
from indexer.index.columns.layout import FIELDS_OF
from indexer.index.columns.letters import (
    HELD,
    LENGTH_SHIFT,
    MAX_LETTERS,
    MIN_LETTERS,
    lengths_of,
    letters_of,
)
from indexer.index.columns.segment import SegmentColumns
from indexer.index.schema import field_name
from indexer.index.withdrawals import Withdrawn
from service.search.spelling.vocabulary import Ids, Vocabulary
from service.search.spelling.written import written

TITLE_WORTH = 3
"""A title says what visitors look for: one counts as much as so many other articles."""

MAX_REMEMBERED = 20_000
"""Terms that are remembered; every word of every query is looked up, and most come again."""

MAX_BEGINNINGS = 300
"""Terms that are looked at for a beginning with errors: four letters with one error may begin a
twentieth of all words, and only the most frequent ones are ever shown."""


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A term of the index.

    Attributes:
        term: folded, as the index holds it.
        edits: how many letters were put in, left out, put for another or swapped with the next
            (optimal string alignment) to make what was typed of it.
        documents: how many live articles hold it in their bodies or, if more, in their titles.
        in_titles: how many hold it in their titles.
    """

    term: str
    edits: int
    documents: int
    in_titles: int

    @property
    def worth(self) -> int:
        """How much the articles are about it."""
        return self.documents + TITLE_WORTH * self.in_titles


class Dictionary:
    """The unstemmed terms of one generation. Safe to use from several threads.

    Nothing is read until the first question.
    """

    def __init__(self, segments: Sequence[SegmentColumns], withdrawn: Withdrawn) -> None:
        """Take the segments, and what their deleted articles still count for."""
        self._segments = segments
        self._withdrawn = withdrawn
        self._known: dict[str, Candidate | None] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms by number."""
        return Vocabulary(self._segments, self._withdrawn)

    def find(self, term: str) -> Candidate | None:
        """Return a term with its frequencies, or None if no live article holds it."""
        try:
            return self._known[term]
        except KeyError:
            pass
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        number = self.vocabulary.id(term)
        found = self._candidate(number, term, 0) if number is not None else None
        held = self._known[term] = found if found and found.documents else None
        return held

    def frequency(self, term: str) -> int:
        """Return how many live articles hold a term."""
        found = self.find(term)
        return found.documents if found else 0

    def stemmed_frequency(self, word: str, languages: Iterable[str] = LANGUAGES) -> int:
        """Return how many live articles hold a word of the same stem, in some field and language.

        Of the fields and languages the one counts in which it is most.
        """
        return max((self._stem_frequency(each, word) for each in languages), default=0)

    def written(self, term: str) -> str:
        """Return how most texts write a term, with its accents, in lower case."""
        return written(self._segments, term)

    def near(self, word: str, edits: int, most: int | None = None) -> list[Candidate]:
        """Return the terms within so many edits of a word, the best first.

        Words with digits, of less than three letters or of more than forty are near to nothing.

        Args:
            word: folded.
            edits: how many.
            most: how many terms to look at, those of most worth among those that have about the
                same letters; all if None. Three edits of six letters leave a tenth of all words.
        """
        typed = letters_of([word])[0]
        if not typed:
            return []
        ids = self._alike(typed, edits)
        if most is not None and len(ids) > most:
            ids = self._most_worth(ids, most)
        texts = self.vocabulary.texts(ids)
        found = process.extract(
            word, texts, scorer=OSA.distance, processor=None, score_cutoff=edits, limit=None
        )
        return _best_first(
            self._candidate(int(ids[place]), term, int(distance)) for term, distance, place in found
        )

    def beginning_near(self, text: str, edits: int, limit: int) -> list[Candidate]:
        """Return at most ``limit`` terms that begin within so many edits of a text, the best first.

        ``Candidate.edits`` are those in the beginning. With edits, the first letter of a term must
        be the first or second of the text, only the ``MAX_BEGINNINGS`` terms of most worth that
        may begin so are looked at, and a text of less than three letters, or not only of letters,
        must be right.
        """
        vocabulary = self.vocabulary
        right = self._most_worth(vocabulary.beginning(text), limit)
        found = {term: self._candidate(n, term, 0) for term, n in self._named(right)}
        is_word = text.isalpha() and MIN_LETTERS <= len(text) <= MAX_LETTERS
        if is_word and edits and len(found) < limit:
            alike = self._named(
                self._most_worth(self._beginning_alike(text, edits), MAX_BEGINNINGS)
            )
            nearest = _beginnings_within(text, [term for term, _ in alike], edits)
            for term, number in alike:
                if term in nearest and term not in found:
                    found[term] = self._candidate(number, term, nearest[term])
        return _best_first(found.values())[:limit]

    def _named(self, ids: Ids) -> list[tuple[str, int]]:
        return list(zip(self.vocabulary.texts(ids), ids.tolist(), strict=True))

    def _most_worth(self, ids: Ids, count: int) -> Ids:
        """Return so many of some terms, those of most worth, in no order."""
        held = self.vocabulary
        worth = held.documents[ids] + TITLE_WORTH * held.in_titles[ids]
        # Terms of equal worth stand in the order of their hashes, so history does not matter.
        most: Ids = ids[np.lexsort((ids, -worth))[:count]]
        return most

    def _alike(self, typed: np.uint64, edits: int) -> Ids:
        """Return the live terms whose letters do not rule out that they are so near."""
        held = self.vocabulary
        differing = np.bitwise_count((held.letters ^ typed) & HELD)
        ids: Ids = (differing <= 2 * edits).nonzero()[0]
        letters = held.letters[ids]
        length = int(typed) >> LENGTH_SHIFT
        longer = lengths_of(letters).astype(np.int64) - length
        is_alike = np.bitwise_count(typed & ~letters & HELD) <= edits
        is_alike &= np.bitwise_count(letters & ~typed & HELD) <= edits
        is_alike &= (letters > 0) & (np.abs(longer) <= edits)
        is_alike &= held.documents[ids] > 0
        alike: Ids = ids[is_alike]
        return alike

    def _beginning_alike(self, text: str, edits: int) -> Ids:
        """Return the live terms whose letters do not rule out that they begin nearly so."""
        held = self.vocabulary
        ids = np.concatenate([held.beginning(letter) for letter in dict.fromkeys(text[:2])])
        letters = held.letters[ids]
        typed = letters_of([text])[0]
        is_alike = np.bitwise_count(typed & ~letters & HELD) <= edits
        is_alike &= lengths_of(letters) + edits >= len(text)
        alike: Ids = ids[is_alike]
        return alike

    def _candidate(self, number: int, term: str, edits: int) -> Candidate:
        held = self.vocabulary
        return Candidate(term, edits, int(held.documents[number]), int(held.in_titles[number]))

    def _stem_frequency(self, language: str, word: str) -> int:
        stem = analyzer(language).term(word)
        fields = FIELDS_OF[language]
        counts = np.zeros(len(fields), np.int64)
        for segment in self._segments:
            number = segment.number(language, stem) if stem else None
            if number is not None:
                first = number * len(fields)
                ptr = segment.arrays[f"{language}.ptr"][first : first + len(fields) + 1]
                counts += ptr[1:] - ptr[:-1]
        for place, name in enumerate(fields):
            gone = self._withdrawn.frequencies.get(field_name(name, language), {})
            counts[place] -= gone.get(stem, 0)
        return int(counts.max())


def _beginnings_within(text: str, terms: Sequence[str], edits: int) -> dict[str, int]:
    """Return the terms that begin within so many edits of a text, with the fewest edits."""
    found: dict[str, int] = {}
    for size in range(len(text) - edits, len(text) + edits + 1):
        beginnings = list({term[:size] for term in terms if len(term) >= size})
        near = process.extract(
            text, beginnings, scorer=OSA.distance, processor=None, score_cutoff=edits, limit=None
        )
        distances = {beginning: int(distance) for beginning, distance, _ in near}
        for term in terms:
            distance = distances.get(term[:size])
            if distance is not None and len(term) >= size:
                found[term] = min(distance, found.get(term, distance))
    return found


def _best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: (each.edits, -each.worth, each.term))
