"""Pseudo-relevance feedback: where few articles match, those that are like the best of them.

The words that tell the best articles from all others are added to the query at little weight
(Rocchio, 1971; Lavrenko and Croft, 2001). Measured on NFCorpus and SciFact it gains where fewer
than ``FEW`` articles match, by what it adds below them; with more, nothing is gained. So articles
that match stay first, whatever feedback says.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.layout import FIELDS_OF, NONE
from indexer.index.columns.segment import SegmentColumns
from indexer.index.schema import K1
from service.search.ranking.postings import Postings, sums
from service.search.ranking.runs import Scored
from service.search.ranking.selection import Place
from service.search.ranking.shards import Shard
from service.search.ranking.statistics import Statistics

FEW = 50
"""Matching articles from which on there is no feedback. On NFCorpus dev 20 and 200 differ by less
than 0.001 of nDCG@10 (`python -m tests.quality.constants`), and more is only more work."""

ARTICLES = 15
"""Best articles whose words are taken; with 5 and 30 nDCG@10 is the same to 0.002."""

TERMS = 30
"""Words that are added; with 10 and 100 nDCG@10 is the same to 0.003."""

WEIGHT = 2.0
"""What all of them are worth, beside one typed word's one; 1 to 4 gave the same to 0.002."""

MAX_WORDS = 2_000
"""Words of an article that are read."""

_LENGTH_NORM = 0.75
_LEAST = 1e-9


class Terms(NamedTuple):
    """Words of a language that feedback adds: by their hashes, for stems are not held as texts."""

    space: str
    keys: NDArray[np.uint64]
    factors: NDArray[np.float64]


class Feedback:
    """Finds what is like some articles. Safe to use from several threads."""

    def __init__(self, segments: Sequence[SegmentColumns], statistics: Statistics) -> None:
        self._segments = segments
        self._statistics = statistics

    def terms(self, best: Sequence[Place]) -> list[Terms]:
        """Return the words that tell some articles, the best first, from all others."""
        found = [
            (space, *self.told(segment, space, places))
            for segment, space, places in self.by_language(best)
        ]
        merged = [_merged(space, found) for space in dict.fromkeys(each[0] for each in found)]
        if not merged:
            return []
        told = np.concatenate([terms.factors for terms in merged])
        least = np.partition(told, -TERMS)[-TERMS] if len(told) > TERMS else 0.0
        whole = max(float(told[told >= least].sum()), _LEAST)
        return [
            Terms(space, keys[factors >= least], WEIGHT * factors[factors >= least] / whole)
            for space, keys, factors in merged
        ]

    def scores(self, shard: Shard, terms: Sequence[Terms]) -> Scored:
        """Return the documents of a shard with any of some words, and what that is worth."""
        postings = Postings(shard, self._statistics)
        for space, keys, factors in terms:
            fields = tuple(range(len(FIELDS_OF[space])))
            runs = self._statistics.runs_of_hashes(space, keys)
            for term, factor in zip(runs, factors.tolist(), strict=True):
                postings.add_runs(space, term, fields, factor)
        return postings.found()

    def by_language(self, best: Sequence[Place]) -> Iterator[tuple[int, str, list[Place]]]:
        """Yield articles by segment and language; those without words are left out."""
        groups: dict[tuple[int, str], list[Place]] = {}
        for place in best:
            arrays = self._segments[place.segment].arrays
            start, end = arrays["doc.tokens"][place.document : place.document + 2].tolist()
            if start < end:
                # All forms of an article are of its language.
                language = LANGUAGES[arrays["form.language"][arrays["token.form"][start]]]
                groups.setdefault((place.segment, language), []).append(place)
        for (segment, language), places in groups.items():
            yield segment, language, places

    def told(
        self, segment: int, space: str, places: Sequence[Place]
    ) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
        """Return the words of articles of a segment, and how much each tells of them, as in BM25.

        An article's words are a vector of length one, times its score.
        """
        arrays = self._segments[segment].arrays
        starts = arrays["doc.tokens"][[place.document for place in places]].astype(np.intp)
        ends = arrays["doc.tokens"][[place.document + 1 for place in places]].astype(np.intp)
        sizes = np.minimum(ends - starts, MAX_WORDS)
        bounds = zip(starts.tolist(), (starts + sizes).tolist(), strict=True)
        forms = np.concatenate([arrays["token.form"][start:end] for start, end in bounds])
        stems = arrays["form.stem"][forms].astype(np.int64)
        rows = np.arange(len(places)).repeat(sizes)
        held = stems != NONE
        width = len(arrays[f"{space}.hash"])
        pairs, counts = np.unique(rows[held] * width + stems[held], return_counts=True)
        rows, numbers = np.divmod(pairs, width)
        numbers, terms = np.unique(numbers, return_inverse=True)
        keys = arrays[f"{space}.hash"][numbers]
        idfs = self._statistics.idfs(space, keys)
        average = self._statistics.averages[f"body_{space}"]
        norms = K1 * (1 - _LENGTH_NORM + _LENGTH_NORM * sizes / average)
        told = idfs[terms] * counts / (counts + norms[rows])
        lengths = np.sqrt(np.bincount(rows, told * told, len(places)))
        worth = np.array([place.score for place in places]) / np.maximum(lengths, _LEAST)
        return keys, sums(terms, told * worth[rows], len(keys))


def _merged(
    space: str, found: Sequence[tuple[str, NDArray[np.uint64], NDArray[np.float64]]]
) -> Terms:
    """Return the words that several segments have told of a language, each once."""
    mine = [(keys, told) for of, keys, told in found if of == space]
    if len(mine) == 1:
        return Terms(space, *mine[0])
    keys, rows = np.unique(np.concatenate([keys for keys, _ in mine]), return_inverse=True)
    told = np.concatenate([told for _, told in mine])
    return Terms(space, keys, sums(rows, told, len(keys)))
