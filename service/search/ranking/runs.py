"""Terms that stand side by side → the documents that hold them so, and what that is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT, FIELDS_OF
from service.search.plan import Leaf, Name, Run
from service.search.ranking.phrases import BODY, TITLE, holds_run
from service.search.ranking.postings import Postings
from service.search.ranking.shards import Documents, Shard, looked_up
from service.search.ranking.statistics import Statistics

READ_AT_ONCE = 2_000
"""Documents in whose texts a run is looked for at once: some ten megabytes of numbers."""

Scored = tuple[Documents, NDArray[np.float64]]
"""Documents in order, and what they are worth."""


@dataclass(frozen=True)
class RunReader:
    """Finds runs in one shard.

    Attributes:
        shard: the segments.
        statistics: of the generation.
        check_time: called before each piece of work; it may raise.
    """

    shard: Shard
    statistics: Statistics
    check_time: Callable[[], None] = lambda: None

    def find(self, run: Run | Name) -> Scored:
        """Return the documents that hold a run, and the sum of what its terms are worth there."""
        return self._phrase(run) if isinstance(run, Run) else self._name(run)

    def _phrase(self, run: Run) -> Scored:
        """A phrase must stand in a single field; a word that stands in it twice counts twice."""
        total = np.zeros(self.shard.documents)
        for field in run.fields:
            leaves = [Leaf(EXACT, term, (field,)) for term in run.terms]
            documents, worth = self._with_all(leaves)
            held = self._holds(documents, (field,), run.terms, EXACT)
            total[documents[held]] += worth[held]
        found = total.nonzero()[0]
        return found, total[found]

    def _name(self, name: Name) -> Scored:
        fields = tuple(range(len(FIELDS_OF[name.space])))
        leaves = [Leaf(name.space, term, fields, name.factor) for term in name.terms if term]
        documents, worth = self._with_all(leaves)
        held = self._holds(documents, (TITLE, BODY), name.terms, name.space)
        return documents[held], worth[held]

    def _with_all(self, leaves: Sequence[Leaf]) -> Scored:
        """Return the documents with all of some terms, and the sums."""
        found = sorted(map(self._with, leaves), key=lambda each: len(each[0]))
        documents, worth = found[0]
        for others, more in found[1:]:
            held, at = looked_up(documents, others)
            documents, worth = documents[held], worth[held] + more[at]
        return documents, worth

    def _with(self, leaf: Leaf) -> Scored:
        postings = Postings(self.shard, self.statistics)
        postings.add(leaf)
        return postings.found()

    def _holds(
        self, documents: Documents, parts: Sequence[int], terms: tuple[str, ...], space: str
    ) -> NDArray[np.bool_]:
        held = np.zeros(len(documents), np.bool_)
        for part, inside in self.shard.split(documents):
            for start in range(inside.start, inside.stop, READ_AT_ONCE):
                self.check_time()
                piece = slice(start, min(start + READ_AT_ONCE, inside.stop))
                some = documents[piece] - part.base
                for each in parts:
                    held[piece] |= holds_run(part.columns, some, each, terms, space)
        return held
