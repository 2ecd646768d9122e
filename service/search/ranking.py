"""Plan → ranked documents: BM25F over the field table, computed on the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from indexer.index.schema import FACETS
from indexer.index.withdrawals import Withdrawn
from service.search.beginnings import Beginnings
from service.search.facets import Facet, admitted
from service.search.fallback import QueryFallback, WhooshMatchers
from service.search.plan import Leaf, Plan
from service.search.pruning import Contenders, LeftOut, split
from service.search.request import SearchRequest, Sort
from service.search.response import FacetCount
from service.search.scoring import OutOfTime, Scorer
from service.search.selection import Place, Selection
from service.search.shards import Documents, Shard, shards_of
from service.search.statistics import Statistics

NONE: tuple[Leaf, ...] = ()

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
        self._beginnings = Beginnings(self.columns, withdrawn)
        self._matchers = matchers
        self._shards = shards_of(segments)
        self._facets = {name: Facet(self._shards, name) for name in FACETS}

    def rank(self, plan: Plan, request: SearchRequest, seconds: float) -> Ranking:
        """Return the page of the documents that a plan matches which a request asks for."""
        deadline = monotonic() + seconds
        by_score = request.sort == "relevance"
        first, left_out = split(plan, self.statistics) if by_score else (plan, NONE)
        fallback = QueryFallback(self._matchers, deadline)
        selection = Selection(request.page * request.per_page)
        contenders = Contenders(request.page * request.per_page)
        counts = {name: facet.counts() for name, facet in self._facets.items()}
        total, complete = 0, True
        for number, shard in enumerate(self._shards):
            scorer = Scorer(shard, self.statistics, self._beginnings, fallback, deadline)
            try:
                scores = scorer.score(first)
            except OutOfTime:
                complete = False
                break
            matched = scores > 0
            if left_out:
                rest = LeftOut(shard, self.statistics, left_out)
                rest.mark(matched)
            found = _admitted(matched, shard, request)
            total += len(found)
            if left_out:
                contenders.add(shard, found, scores[found], rest.most)
            elif by_score:
                selection.add(shard, found, scores[found])
            else:
                selection.add_by_day(shard, found, scores[found], _days(shard, found, request.sort))
            for name, facet in self._facets.items():
                facet.add(counts[name], number, found)
        for shard, found, known in chain(contenders.best(), contenders.others(selection)):
            rest = LeftOut(shard, self.statistics, left_out)
            selection.add(shard, found, known + rest.worth(found))
        start = (request.page - 1) * request.per_page
        places = selection.page(start, request.per_page, self.columns)
        facets = {name: facet.ranked(counts[name]) for name, facet in self._facets.items()}
        return Ranking(places, total, complete, facets)


def _admitted(matched: NDArray[np.bool_], shard: Shard, request: SearchRequest) -> Documents:
    """Return the matching documents that are neither deleted nor filtered out."""
    if len(shard.deleted):
        matched[shard.deleted] = False
    mask = admitted(shard, request)
    if mask is not None:
        matched &= mask
    return matched.nonzero()[0]


def _days(shard: Shard, found: Documents, sort: Sort) -> NDArray[np.int32]:
    """Return the day of each document that an order goes by."""
    days: NDArray[np.int32] = np.maximum.reduce(
        [shard.column(f"day.{n}")[found] for n in DAYS[sort]]
    )
    return days
