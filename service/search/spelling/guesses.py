"""What may be meant by a word that the index hardly has.

A guess is found in three ways: by edits, by its sound, and with a space that was left out. The best
is what is easily mistyped so and much used, above all in articles with the other words of the
query: the noisy channel of Kernighan, Church and Gale (1990), in decimal logarithms:

    log10(worth + TOGETHER_WORTH * articles with other words) - EDIT_COST * effort

How a limit was found is said as (a, b, c): titles put right with a slip in them, and with two, of
500 each, and right questions changed, of 3,156, where it is otherwise; ``python -m tests.bench
spelling`` prints these. As it is, they are (441, 379, 51).
"""

from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log10

from rapidfuzz.distance import OSA

from indexer.index.analysis import SNOWBALL, analyzer
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Candidate, Dictionary
from service.search.spelling.slips import effort
from service.search.spelling.sounds import sound_of

TWO_EDITS = 6
"""Letters of a word in which two errors are looked for. From 7 letters: (442, 372, 50)."""

SOUND_EDITS = (2, 3, 4)
LETTERS_OF_SOUND_EDITS = (6, 11)
SOUND_LETTERS = 6
"""Errors in words that sound alike: two in fewer than 6 letters, four in 11 and more; and the
letters that what is meant must have. Sounds may differ in one place."""

SOUND_WORTH = 0.75
"""What is left of the effort where words sound the same. 0.6: (439, 378, 54), 1: (441, 381, 49),
but one misspelling less of the list is put right."""

EDIT_COST = 2.0
"""1.6: (440, 378, 56), 2.4: (443, 376, 49)."""

TOGETHER_WORTH = 20
"""0: (439, 377, 50), 100: (441, 380, 52)."""

SPACE = 0.5
"""The effort of a space too few: the parts must stand side by side in the texts."""

LEAST_SCORE = 2.0
SCORE_BY_LETTER = 0.6
"""A guess must have this score for a word of no letters, less by so much for each letter: short
words have more neighbours, and are more often right and just not in the index. 1.4: (441, 379, 55),
2.6: (439, 375, 47)."""

MARGIN = 0.4
"""So much more likely than any other word must be what is guessed: dysphonia is no guess for
dysphoria where there is dysphagia. 0: (444, 388, 61), 0.2: (441, 387, 56), 0.6: (437, 373, 51)."""

MIN_WORTH = 2
"""What a guess must be worth: a word that only one body holds may itself be an error."""

RARE_SHARE = 100
"""A word that some articles hold is changed only to what is worth so many times as much, by one
edit: there are words for illnesses that are as near, and rare. 20: (442, 379, 51)."""

MIN_PART = 3
MAX_SPLITS = 3
"""Letters of each of two words, and the places at which a space is looked for in the texts."""

MAX_ALIKE, MAX_HEARD, MAX_WEIGHED, MAX_COMPARED = 500, 100, 30, 5
"""Candidates of two to four errors whose letters are compared, whose sound is, whose
effort is found, whose company is."""

MAX_AROUND, COMMON_SHARE = 2, 0.2
"""The other words whose company counts, the rarest, and the share of all articles that they may
have."""


@dataclass(frozen=True)
class Guess:
    """What may be meant.

    Attributes:
        terms: one, or two.
        edits: as in ``Candidate``; a space is one.
        score: the higher, the likelier.
    """

    terms: tuple[str, ...]
    edits: int
    score: float


@dataclass(frozen=True)
class _Weighed:
    """A candidate, and how easily what was typed is written for it."""

    candidate: Candidate
    effort: float

    def score(self, together: int = 0) -> float:
        return log10(self.candidate.worth + TOGETHER_WORTH * together) - EDIT_COST * self.effort


class Guesser:
    """Guesses what words stand for, by the words of one generation."""

    def __init__(
        self,
        dictionary: Dictionary,
        company: Company,
        drugs: frozenset[str],
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._dictionary = dictionary
        self._company = company
        self._drugs = drugs
        self._allowed = allowed

    def guess(self, term: str, held: int, others: Sequence[str]) -> tuple[str, ...]:
        """Return the term or two terms that are most likely meant, or nothing.

        Args:
            term: folded, a word of letters.
            held: how many live articles hold it, or a word of its stem.
            others: the other words of the query.
        """
        guesses = [*self._near(term, held, others), *([] if held else self._splits(term))]
        if not guesses:
            return ()
        best = max(guesses, key=lambda guess: guess.score)
        others_meant = [guess for guess in guesses if not _is_one_word(guess, best)]
        least = max(guess.score for guess in others_meant) + MARGIN if others_meant else best.score
        if best.score < max(least, LEAST_SCORE - SCORE_BY_LETTER * len(term)):
            return ()
        return () if self._is_between_drugs(best, guesses) else best.terms

    def _is_between_drugs(self, best: Guess, guesses: Sequence[Guess]) -> bool:
        """Return whether the best guess is a medicine, and another medicine is as near."""
        near = [guess.terms[0] for guess in guesses if guess.edits <= best.edits]
        return best.terms[0] in self._drugs and sum(term in self._drugs for term in near) > 1

    def _near(self, term: str, held: int, others: Sequence[str]) -> list[Guess]:
        weighed = [_weighed(term, candidate) for candidate in self._candidates(term, held)]
        weighed.sort(key=lambda each: (-each.score(), each.candidate.term))
        compared = weighed[:MAX_COMPARED]
        together = self._together([each.candidate.term for each in compared], others)
        return [
            Guess((each.candidate.term,), each.candidate.edits, each.score(count))
            for each, count in zip(compared, together, strict=True)
        ]

    def _candidates(self, term: str, held: int) -> list[Candidate]:
        edits = 2 if len(term) >= TWO_EDITS and not held else 1
        found = [
            candidate
            for candidate in self._dictionary.near(term, edits)
            if candidate.term != term and candidate.worth >= max(MIN_WORTH, RARE_SHARE * held)
        ]
        found = found[:MAX_WEIGHED] + ([] if held else self._sounding(term, edits))
        return [candidate for candidate in found if self._allowed(candidate.term)]

    def _sounding(self, term: str, edits: int) -> list[Candidate]:
        """Return the terms of more edits that sound the same."""
        sound = sound_of(term)
        reach = SOUND_EDITS[bisect(LETTERS_OF_SOUND_EDITS, len(term))]
        near = self._dictionary.near(term, reach, MAX_ALIKE)
        further = [
            candidate
            for candidate in near
            if candidate.edits > edits
            and len(candidate.term) >= SOUND_LETTERS
            and candidate.worth >= MIN_WORTH
        ]
        further.sort(key=lambda candidate: -candidate.worth)
        return [each for each in further[:MAX_HEARD] if _is_like(sound_of(each.term), sound)]

    def _together(self, terms: Sequence[str], others: Sequence[str]) -> list[int]:
        """Return in how many articles each term stands with the rarest of the other words."""
        held = {other: self._dictionary.frequency(other) for other in others}
        most = COMMON_SHARE * self._company.documents
        known = sorted((other for other in held if 0 < held[other] <= most), key=held.__getitem__)
        if len(terms) < 2 or not known:
            return [0] * len(terms)
        return self._company.together(terms, known[:MAX_AROUND])

    def _splits(self, term: str) -> Iterator[Guess]:
        places = range(MIN_PART, len(term) - MIN_PART + 1)
        pairs = [(term[:at], term[at:]) for at in places]
        held = {pair: min(map(self._dictionary.frequency, pair)) for pair in pairs}
        for pair in sorted(pairs, key=lambda pair: -held[pair])[:MAX_SPLITS]:
            found = self._company.neighbours(*pair) if held[pair] >= MIN_WORTH else 0
            if found:
                yield Guess(pair, 1, log10(found) - EDIT_COST * SPACE)


def _weighed(term: str, candidate: Candidate) -> _Weighed:
    cost = effort(term, candidate.term)
    is_heard = sound_of(term) == sound_of(candidate.term)
    return _Weighed(candidate, cost * SOUND_WORTH if is_heard else cost)


def _is_one_word(guess: Guess, other: Guess) -> bool:
    """Return whether two guesses are one word in some language: itself, or in another form."""
    if len(guess.terms) != len(other.terms):
        return False
    return guess == other or any(
        all(stem(a) == stem(b) for a, b in zip(guess.terms, other.terms, strict=True))
        for stem in (analyzer(language).term for language in SNOWBALL)
    )


def _is_like(sound: str, other: str) -> bool:
    return bool(OSA.distance(sound, other, score_cutoff=1) <= 1)
