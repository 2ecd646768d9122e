"""Names of medicines that a word may stand for, whether the index has them or not.

A misspelt medicine must not become another word, let alone another medicine, because the index
happens to hold that: "lipator" is Lipitor, or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_LETTERS = 5
TWO_EDITS = 7
"""Letters from which on one or two may be wrong in a medicine's name; shorter ones are near to
too much."""


@dataclass(frozen=True)
class Medicines:
    """The medicines that are known.

    Attributes:
        names: folded.
        is_found: whether the index has a medicine, by this or another name.
    """

    names: frozenset[str] = frozenset()
    is_found: Callable[[str], bool] = lambda _: False

    def instead(self, term: str, guess: tuple[str, ...]) -> tuple[str, ...]:
        """Return what a misspelt word stands for, beside what the words of the index suggest.

        It is the guess, unless a medicine is as near: then that, if it is the only one and found in
        the index, else nothing.
        """
        reach = 0 if len(term) < MIN_LETTERS else 1 + (len(term) >= TWO_EDITS)
        if len(guess) == 1:
            if guess[0] in self.names:
                return guess
            reach = min(reach, int(OSA.distance(term, guess[0])))
        if not reach:
            return guess
        near = process.extract(
            term, self.names, scorer=OSA.distance, processor=None, score_cutoff=reach, limit=3
        )
        if not near:
            return guess
        nearest = [name for name, edits, _ in near if edits == near[0][1]]
        return (nearest[0],) if len(nearest) == 1 and self.is_found(nearest[0]) else ()
