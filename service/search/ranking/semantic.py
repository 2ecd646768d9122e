"""Ranking again by meaning: the best by their words, in the order of words and meaning together.

The cosine of the query's vector and an article's likest passage is stretched to the range of the
scores, and each score moves towards it by a share. The index need not have vectors of all articles:
one without (in another language, or changed since the last job) stays in the place that its words
gave it.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.article import UNDETERMINED
from indexer.index.analysis import analyzer
from indexer.index.generation import Generation
from indexer.index.vectors.embedder import DIMENSIONS, LANGUAGE, Embedder, Vector
from indexer.index.vectors.store import Packed, SegmentVectors, open_vectors, vectors_file
from service.search.ranking.selection import DECIMALS, Place

DEPTH = 100
"""Places that are ranked again. On NFCorpus dev and SciFact train, 50 lose 0.002 and 0.004 of
nDCG@10 against these; 200 changed it by 0.001 or less in a trial with one passage an article."""

SHARE = 0.7
"""How far scores move. nDCG@10 on NFCorpus dev and SciFact train over BM25F alone (0.297, 0.684):
0.319 and 0.726 with 0.5, 0.321 and 0.732 with 0.6, 0.324 and 0.732 with 0.7, 0.322 and 0.730 with
0.8, 0.311 and 0.707 with 1 (`python -m tests.quality.fusion --tuning plain`)."""

LEAST_RANGE = 0.4
"""Cosines that differ less are not stretched to all of the scores' range: of two hits that mean
nearly the same, the better by its words stays first. (The median range of a hundred cosines is 0.45
on NFCorpus dev, 0.63 on SciFact train.) It changes nDCG@10 by less than 0.001, but fewer queries of
few hits lose: 9.5% instead of 10.8% on NFCorpus dev, 17.7% instead of 20.2% on NFCorpus train."""

QUERIES = 1_000
"""Vectors of queries that are remembered: 2 to 4 MB."""

NOTHING = np.zeros((0, DIMENSIONS), np.int8)


class QueryVectors:
    """Embeds queries, and remembers the last ones. Safe to use from several threads.

    They are kept in memory only, and never written down.
    """

    def __init__(self, embedder: Embedder, size: int = QUERIES) -> None:
        """Ask this model, and remember so many queries."""
        self.recipe = embedder.recipe
        self._embedder = embedder
        self._size = size
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, text: str) -> Vector:
        """Return the vector of a query."""
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        vector = self._embedder.query(text)
        with self._lock:
            self._kept[text] = vector
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return vector


def question_of(
    text: str, names: Sequence[str] = (), language: str = "", drugs: Collection[str] = ()
) -> str:
    """Return what is to be embedded of a query, or nothing if its words alone should rank.

    The model knows few brand names and acronyms, so their other names go with them. Queries about
    drugs are left to the words: the model takes one drug for another. On the project's own judged
    set (share 0.7, over all lexical signals) nDCG@10 is 0.935 by the words, 0.924 by the text as it
    was searched, 0.931 with other names, 0.941 without drugs; on NFCorpus dev and SciFact train
    both change it by 0.001.

    Args:
        text: as it was searched: typed, or corrected.
        names: other names under which parts of it were searched.
        language: that it is known to be in, or empty.
        drugs: folded words that are names of drugs.
    """
    words = analyzer(UNDETERMINED).terms(text)
    if language not in ("", LANGUAGE) or any(word.text in drugs for word in words):
        return ""
    return f"{text} ({', '.join(names)})" if names else text


class SemanticReranker:
    """Ranks the best places of one generation again. Safe to use from several threads."""

    def __init__(
        self,
        segments: Sequence[SegmentVectors | None],
        queries: QueryVectors,
        share: float = SHARE,
        depth: int = DEPTH,
    ) -> None:
        """Take the vectors of the segments, in the order by which places name them.

        Scores move by ``share`` towards the cosines, those of the first ``depth`` places.
        """
        self._segments = segments
        self._queries = queries
        self._share = share
        self._depth = depth

    def rerank(self, question: str, places: Sequence[Place]) -> list[Place]:
        """Return the places with the first of them in a new order, and new scores.

        Args:
            question: what was asked, as ``question_of`` puts it; nothing changes if it is empty.
            places: in the order of their scores.
        """
        if not question:
            return list(places)
        head = places[: self._depth]
        packed = {at: rows for at, place in enumerate(head) if len(rows := self._rows(place))}
        if len(packed) < 2:
            return list(places)
        cosines = likeness(list(packed.values()), self._queries.of(question))
        scores = fused(np.array([head[at].score for at in packed]), cosines, self._share)
        moved = [
            head[at]._replace(score=score)
            for at, score in zip(packed, scores.tolist(), strict=True)
        ]
        best = iter([moved[number] for number in np.lexsort((-cosines, -scores)).tolist()])
        ranked: list[Place] = []
        for at, place in enumerate(head):
            if at in packed:
                ranked.append(next(best))
            else:
                ranked.append(place._replace(score=ranked[-1].score) if ranked else place)
        return [*ranked, *places[self._depth :]]

    def _rows(self, place: Place) -> Packed:
        """Return the vectors of a place's article; none if it has none."""
        segment = self._segments[place.segment]
        return segment.of(place.document) if segment else NOTHING


def likeness(articles: Sequence[Packed], query: Vector) -> NDArray[np.float64]:
    """Return the cosine of a query and the likest passage of each article, which all have some."""
    passages = np.concatenate(articles).astype(np.float32)
    cosines = (passages @ query) / np.sqrt((passages * passages).sum(axis=1))
    ends = np.cumsum([len(article) for article in articles])
    most: NDArray[np.float64] = np.maximum.reduceat(cosines, [0, *ends[:-1]]).astype(np.float64)
    return most


def fused(
    scores: NDArray[np.float64], cosines: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Return scores that have moved by a share towards the cosines, in the range of the scores.

    This is the weighted sum of both after each was stretched to 0…1 (Fox and Shaw, "Combination of
    multiple searches", 1994; Bruch et al., "An analysis of fusion functions for hybrid retrieval",
    2023), on the scale of the scores.
    """
    low, range_of_scores = scores.min(), np.ptp(scores)
    range_of_cosines = max(np.ptp(cosines), LEAST_RANGE)
    stretched = low + (cosines - cosines.min()) / range_of_cosines * range_of_scores
    moved: NDArray[np.float64] = (1 - share) * scores + share * stretched
    return moved.round(DECIMALS)


def open_vectors_of(
    generation: Generation, segments: Sequence[str], recipe: str
) -> list[SegmentVectors | None]:
    """Return the vectors of segments, in their order; None for one without, or of another model.

    Raises:
        IndexDamaged: a file is not whole.
    """
    opened = [open_vectors(vectors_file(generation.folder, name)) for name in segments]
    return [each if each and each.recipe == recipe else None for each in opened]
