"""Articles like one: those that share the words that tell most of it.

The words come from the article as those of feedback do from several, but fewer of them, and those
of its title count more: it says what the article is about. A word that no other article has finds
none.

Measured on MedQuAD by how many of the first five are on the same subject (400 articles with at
least three such): 0.44 with the words of feedback, 0.51 with half as many, 0.62 with twice the
weight for those of the title. More of that finds more of the same there, but on the sample corpus,
where no two articles have one subject, it finds what only shares a word of the title.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import NONE
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.feedback import Feedback, Terms
from service.search.ranking.selection import Place
from service.search.ranking.statistics import Statistics

TERMS = 15
"""Words of an article by which others are found."""

TITLE = 2.0
"""What words of its title count for beside the others."""

HELD_BY = 2
"""Articles that must have a word, the article itself included."""

LEAST_LIKE = 0.15
"""The share of what an article itself scores that one like it must reach. Set by judgement, on
thirty articles of the sample corpus: below it stand articles that share but some common words."""


class Likeness:
    """Finds what is like an article. Safe to use from several threads."""

    def __init__(
        self, segments: Sequence[SegmentColumns], statistics: Statistics, feedback: Feedback
    ) -> None:
        self._segments = segments
        self._statistics = statistics
        self._feedback = feedback

    def terms(self, place: Place) -> list[Terms]:
        """Return the words that tell most of an article; none of one without words."""
        itself = place._replace(score=1.0)
        for segment, space, places in self._feedback.by_language([itself]):
            keys, told = self._feedback.told(segment, space, places)
            told = np.where(np.isin(keys, self._titled(space, place)), TITLE * told, told)
            most = self._statistics.idf(space, HELD_BY)
            held = self._statistics.idfs(space, keys) <= most
            keys, told = keys[held], told[held]
            if len(keys):
                best = np.lexsort((keys, -told))[:TERMS]
                return [Terms(space, keys[best], told[best] / told[best].sum())]
        return []

    def _titled(self, space: str, place: Place) -> NDArray[np.uint64]:
        """Return the words of an article's title."""
        arrays = self._segments[place.segment].arrays
        start, end = arrays["doc.tokens"][place.document : place.document + 2].tolist()
        places = np.cumsum(arrays["token.step"][start:end].astype(np.int64))
        size = len(self._segments[place.segment].card(place.document).title.encode())
        stems = arrays["form.stem"][arrays["token.form"][start:end][places < size]]
        titled: NDArray[np.uint64] = arrays[f"{space}.hash"][stems[stems != NONE]]
        return titled
