"""A word typed with a tilde → the words of the index that are spelled nearly so."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.search.spelling.dictionary import Dictionary

MAX_TERMS = 10
"""Words that are searched beside the one that was typed."""

LONG = 6
"""Letters from which on two may be wrong; below, one."""


@dataclass(frozen=True)
class SpelledAlike:
    """Finds terms of like spelling in a generation."""

    dictionary: Dictionary

    def __call__(self, term: str) -> Sequence[tuple[str, float]]:
        """Return the terms nearest to an unstemmed one, and what each is worth beside it."""
        found = self.dictionary.near(term, 2 if len(term) >= LONG else 1)
        return [(each.term, 1 / (1 + each.edits)) for each in found[:MAX_TERMS]]
