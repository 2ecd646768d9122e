"""Pseudo-relevance feedback: where few articles match, those that are like the best of them.

The words that tell the best articles from all others are added to the query at little weight
(Rocchio, 1971; Lavrenko and Croft, 2001). Measured on NFCorpus and SciFact it gains where fewer
than ``FEW`` articles match, and there only by what it adds below them; with more, as many queries
lose as gain. So articles that match stay first, whatever feedback says.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.layout import FIELDS_OF, NONE
from indexer.index.columns.segment import SegmentColumns
from indexer.index.schema import K1
from service.search.postings import Postings
from service.search.runs import Scored
from service.search.selection import Place
from service.search.shards import Shard
from service.search.statistics import Statistics, TermRuns

FEW = 50
"""Matching articles from which on there is no feedback. On NFCorpus dev it gains 0.014 of nDCG@10
with 50, 100 or without a limit, and makes 3, 4 or 18% of the queries worse."""

ARTICLES = 15
"""Best articles whose words are taken; 10 and 20 gave the same to 0.002."""

TERMS = 50
"""Words that are added. With 10 the gain was smaller by 0.004; with 100 the same."""

WEIGHT = 2.0
"""What all of them are worth, beside one typed word's one; 1 to 4 gave the same to 0.002."""

MAX_WORDS = 2_000
"""Words of an article that are read."""

_LENGTH_NORM = 0.75
_FULL = len(FIELDS_OF[LANGUAGES[0]]) - 1
"""The place of the body among the fields of a language."""


class Term(NamedTuple):
    """A word that feedback adds: by its hash, for stems are not held as texts."""

    space: str
    key: int
    factor: float


class Feedback:
    """Finds what is like some articles. Safe to use from several threads."""

    def __init__(self, segments: Sequence[SegmentColumns], statistics: Statistics) -> None:
        self._segments = segments
        self._statistics = statistics

    def terms(self, best: Sequence[Place]) -> list[Term]:
        """Return the words that tell some articles, the best first, from all others."""
        total = sum(place.score for place in best)
        sums: dict[tuple[str, int], float] = {}
        for place in best:
            for space, keys, values in self._words(place):
                for key, value in zip(keys.tolist(), values.tolist(), strict=True):
                    name = space, key
                    sums[name] = sums.get(name, 0.0) + value * place.score / total
        first = sorted(sums.items(), key=lambda each: (-each[1], each[0]))[:TERMS]
        whole = sum(value for _, value in first)
        return [Term(*name, WEIGHT * value / whole) for name, value in first]

    def scores(self, shard: Shard, terms: Sequence[Term]) -> Scored:
        """Return the documents of a shard with any of some words, and what that is worth."""
        postings = Postings(shard, self._statistics)
        for term, runs in zip(terms, self._runs(terms), strict=True):
            fields = tuple(range(len(FIELDS_OF[term.space])))
            postings.add_runs(term.space, runs, fields, term.factor)
        return postings.found()

    def _runs(self, terms: Sequence[Term]) -> list[TermRuns]:
        return [self._statistics.runs_of_hash(term.space, term.key) for term in terms]

    def _words(self, place: Place) -> Iterator[tuple[str, NDArray[np.uint64], NDArray[np.float64]]]:
        """Yield an article's words by language, and how much each tells of it: as if BM25's."""
        arrays = self._segments[place.segment].arrays
        start, end = arrays["doc.tokens"][place.document : place.document + 2].tolist()
        found = arrays["token.form"][start : min(end, start + MAX_WORDS)]
        forms, counts = np.unique(found, return_counts=True)
        stems, languages = arrays["form.stem"][forms], arrays["form.language"][forms]
        for number, space in enumerate(LANGUAGES):
            held = (languages == number) & (stems != NONE)
            if not held.any():
                continue
            numbers, rows = np.unique(stems[held], return_inverse=True)
            frequencies = np.bincount(rows, counts[held]).astype(np.float64)
            keys = arrays[f"{space}.hash"][numbers]
            yield space, keys, self._told(space, keys, frequencies, len(found))

    def _told(
        self,
        space: str,
        keys: NDArray[np.uint64],
        frequencies: NDArray[np.float64],
        length: int,
    ) -> NDArray[np.float64]:
        average = self._statistics.averages[f"body_{space}"]
        norm = K1 * (1 - _LENGTH_NORM + _LENGTH_NORM * length / average)
        told = self._statistics.idfs(space, keys, _FULL) * frequencies / (frequencies + norm)
        size: NDArray[np.float64] = told / np.sqrt((told * told).sum())
        return size
