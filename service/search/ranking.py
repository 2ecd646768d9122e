"""Plan → ranked documents: BM25F over the field table, computed on the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from indexer.index.schema import FACETS
from indexer.index.withdrawals import Withdrawn
from service.search.beginnings import Beginnings
from service.search.facets import Facet, Mask, admitted
from service.search.fallback import QueryFallback, WhooshMatchers
from service.search.plan import Either, Leaf, Plan
from service.search.pruning import contenders, matching
from service.search.request import SearchRequest, Sort
from service.search.response import FacetCount
from service.search.scoring import OutOfTime, Scorer, Scores
from service.search.selection import Place, Selection
from service.search.shards import Documents, Shard, shards_of
from service.search.statistics import Statistics
from service.search.words import WordScores

DAYS = {"newest": ("modified", "published"), "reviewed": ("last_reviewed",)}
"""The columns whose later day an order goes by."""


@dataclass(frozen=True)
class Ranking:
    """A page of the ranked documents.

    Attributes:
        places: the documents of the page, best first.
        total: how many documents match, or were found to until time ran out.
        complete: whether time sufficed.
        facets: the values that matching documents carry, by facet.
    """

    places: list[Place]
    total: int
    complete: bool
    facets: Mapping[str, tuple[FacetCount, ...]]


class Ranker:
    """Ranks the documents of one generation. Safe to use from several threads."""

    def __init__(
        self,
        segments: Sequence[tuple[SegmentColumns, Sequence[int]]],
        languages: Mapping[str, int],
        withdrawn: Withdrawn,
        matchers: WhooshMatchers,
    ) -> None:
        """Take the segments with their deleted documents, and what the statistics are made of."""
        self.columns = [columns for columns, _ in segments]
        self.statistics = Statistics(self.columns, languages, withdrawn)
        self._words = WordScores(self.statistics)
        self._beginnings = Beginnings(self.columns, withdrawn)
        self._matchers = matchers
        self._shards = shards_of(segments)
        self._facets = {name: Facet(self._shards, name) for name in FACETS}

    def rank(self, plan: Plan, request: SearchRequest, seconds: float) -> Ranking:
        """Return the page of the documents that a plan matches which a request asks for."""
        query = _Query(plan, request, monotonic() + seconds)
        fallback = QueryFallback(self._matchers, query.deadline)
        counts = {name: facet.counts() for name, facet in self._facets.items()}
        total, complete = 0, True
        for number, shard in enumerate(self._shards):
            try:
                found = self._search(query, shard, fallback)
            except OutOfTime:
                complete = False
                break
            total += len(found)
            for name, facet in self._facets.items():
                facet.add(counts[name], number, found)
        start = (request.page - 1) * request.per_page
        places = query.selection.page(start, request.per_page, self.columns)
        facets = {name: facet.ranked(counts[name]) for name, facet in self._facets.items()}
        return Ranking(places, total, complete, facets)

    def _search(self, query: "_Query", shard: Shard, fallback: QueryFallback) -> Documents:
        """Add a shard's best documents to the selection, and return all that match."""
        mask = admitted(shard, query.request)
        selection = query.selection
        scorer = Scorer(shard, self.statistics, self._beginnings, fallback, query.deadline)
        if query.words:
            scorer.check_time()
            words = self._words.of(shard, query.words)
            best = contenders(words, selection.size if mask is None else 0, selection.threshold)
            selection.add(shard, *_inside(*best, mask))
            found = matching(words, shard.documents)
            return found if mask is None else found[mask[found]]
        scores = scorer.score(query.plan)
        found = (scores > 0).nonzero()[0]
        found, values = _inside(found, scores[found], mask)
        if query.request.sort == "relevance":
            selection.add(shard, found, values)
        else:
            selection.add_by_day(shard, found, values, _days(shard, found, query.request.sort))
        return found


class _Query:
    """A query that is being answered.

    Attributes:
        plan: what it looks for.
        request: what was asked.
        deadline: on the monotonic clock.
        words: the terms of a plan of nothing but words side by side, ranked by relevance.
        selection: the best documents so far.
    """

    def __init__(self, plan: Plan, request: SearchRequest, deadline: float) -> None:
        self.plan = plan
        self.request = request
        self.deadline = deadline
        self.selection = Selection(request.page * request.per_page)
        self.words: Sequence[Leaf] = ()
        if request.sort == "relevance":
            parts = plan.parts if isinstance(plan, Either) else (plan,)
            words = [part for part in parts if isinstance(part, Leaf)]
            self.words = words if len(words) == len(parts) else ()


def _inside(
    found: Documents, values: Scores, mask: Mask | None
) -> tuple[Documents, NDArray[np.float64]]:
    """Return those of some documents, and of their scores, that a mask lets through."""
    if mask is None:
        return found, values
    kept = mask[found]
    return found[kept], values[kept]


def _days(shard: Shard, found: Documents, sort: Sort) -> NDArray[np.int32]:
    """Return the day of each document that an order goes by."""
    columns = [shard.column(f"day.{name}")[found] for name in DAYS[sort]]
    days: NDArray[np.int32] = np.maximum.reduce(columns)
    return days
