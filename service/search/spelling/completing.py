"""Words that are right elsewhere and a slip where they stand: the hart of a "hart attack".

A word that a list of everyday words has, or a name in another language, is no error by itself. It
is taken for one only if no article has it in any form in which it is looked for, and one slip less
makes of it and the words beside it a name of several words, or two words that often stand together;
and only if the articles have those. A medicine is neither changed nor put in.

Of the 3,156 right questions of ``python -m tests.bench spelling`` these rules change none.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from indexer.index.analysis import SNOWBALL, analyzer
from service.search.spelling.changeable import TypedWord
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.knowledge import Knowledge
from service.search.spelling.naming import Naming
from service.search.spelling.slips import effort
from service.search.spelling.sounds import sound_of

MIN_LETTERS = 4
"""Letters of a word that may be wrong: with three, any is one edit from a hundred others."""

SOUND_EDITS = 2
"""Errors in a word that sounds as it should: the soar of a "soar throat". In others is one."""

MIN_BESIDE = 5
BESIDE_SHARE = 0.1
MAX_EFFORT = 1.0
"""Articles in which two words that make no name must stand side by side, and their share of those
that have the rarer one (both judged); and the effort of a slip that makes such a pair: a plain one
in another letter than the first. "Blood gushing" is no "blood pushing"."""


class Completer:
    """Puts right what only its neighbours show to be wrong, by the words of one generation."""

    def __init__(
        self, dictionary: Dictionary, company: Company, knowledge: Knowledge, naming: Naming
    ) -> None:
        self._dictionary = dictionary
        self._company = company
        self._knowledge = knowledge
        self._naming = naming

    def suspicious(self, words: Sequence[TypedWord]) -> bool:
        """Return whether a word may be changed; looks words up and nothing else."""
        return len(words) > 1 and any(self._is_missing(word.term) for word in words)

    def completed(self, run: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Yield the places of wrong words, and the terms of the index that are meant there.

        Args:
            run: folded words that stand side by side in the query.
        """
        missing = [place for place, term in enumerate(run) if self._is_missing(term)]
        if len(run) < 2 or not missing:
            return
        left = self._naming.has_other_names(run)
        for place in missing:
            meant = "" if place in left else self._meant(run, place)
            if meant:
                yield place, meant

    def _is_missing(self, term: str) -> bool:
        """Return whether a word is one that no article has, and that may be changed."""
        if len(term) < MIN_LETTERS or not term.isalpha() or self._is_medicine(term):
            return False
        if self._dictionary.find(term) or is_function_word(term):
            return False
        return not self._dictionary.stemmed_frequency(term, self._naming.languages_of(term))

    def _is_medicine(self, term: str) -> bool:
        return term in self._knowledge.medicines.names

    def _meant(self, run: Sequence[str], place: int) -> str:
        """Return what a word stands for, if its neighbours leave no doubt; else nothing."""
        typed = run[place]
        runs = {each: [*run[:place], each, *run[place + 1 :]] for each in self._near(typed)}
        found = [word for run in runs.values() if (word := self._named(run, place))] or [
            each
            for each in runs
            if _is_easily_typed(typed, each) and self._is_usual(runs[each], place)
        ]
        best = found[0] if found else ""
        if not all(is_one_word(best, other) for other in found):
            return ""
        return best if self._knowledge.medicines.instead(typed, (best,)) == (best,) else ""

    def _near(self, term: str) -> Iterator[str]:
        """Yield the terms that may be meant and are one slip from a word, the best first."""
        sound = sound_of(term)
        for each in self._dictionary.near(term, SOUND_EDITS):
            is_near = each.edits == 1 or sound_of(each.term) == sound
            if is_near and self._may_be_meant(each.term):
                yield each.term

    def _may_be_meant(self, term: str) -> bool:
        return self._knowledge.is_allowed(term) and not self._is_medicine(term)

    def _named(self, run: Sequence[str], place: int) -> str:
        """Return a word as it stands in a name of several words that articles have, or nothing."""
        for called in self._naming.around(run, place):
            if self._is_held(called.name):
                return called.name[called.place]
            if self._is_held(called.words):
                return run[place]
        return ""

    def _is_held(self, words: Sequence[str]) -> bool:
        return all(self._company.neighbours(*pair) for pair in pairwise(words))

    def _is_usual(self, run: Sequence[str], place: int) -> bool:
        """Return whether a word and one beside it often stand together."""
        beside = run[max(place - 1, 0) : place + 2]
        return any(self._are_usual(*pair) for pair in pairwise(beside))

    def _are_usual(self, first: str, second: str) -> bool:
        rarer = min(self._dictionary.frequency(first), self._dictionary.frequency(second))
        least = max(MIN_BESIDE, BESIDE_SHARE * rarer)
        if rarer < least or is_function_word(first) or is_function_word(second):
            return False
        return self._company.neighbours(first, second) >= least


def _is_easily_typed(typed: str, meant: str) -> bool:
    """Return whether a word is a slip for another, and not its other ending: vulval, vulvar."""
    return not meant.startswith(typed[:-1]) and effort(typed, meant) <= MAX_EFFORT


@lru_cache(maxsize=10_000)
def is_function_word(term: str, languages: tuple[str, ...] = tuple(SNOWBALL)) -> bool:
    """Return whether a folded word is a function word of some of these languages."""
    return not all(analyzer(language).term(term) for language in languages)


def is_one_word(one: str, other: str) -> bool:
    """Return whether two folded words have one stem in some language."""
    return any(analyzer(each).term(one) == analyzer(each).term(other) for each in SNOWBALL)
