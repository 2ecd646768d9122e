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
from service.search.scoring import OutOfTime, Scorer, Scores
from service.search.selection import Documents, Place, Selection
from service.search.statistics import Statistics

NONE: tuple[Leaf, ...] = ()

DAYS = {"newest": ("modified", "published"), "reviewed": ("last_reviewed",)}
"""The columns whose later day an order goes by."""


@dataclass(frozen=True)
class Segment:
    """A segment that is searched.

    Attributes:
        columns: its arrays.
        deleted: numbers of documents that are there no more.
    """

    columns: SegmentColumns
    deleted: NDArray[np.intp]


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
        self._facets = {name: Facet(self.columns, name) for name in FACETS}
        self._segments = [
            Segment(columns, np.array(sorted(deleted), np.intp)) for columns, deleted in segments
        ]

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
        for place, segment in enumerate(self._segments):
            scorer = Scorer(
                place, segment.columns, self.statistics, self._beginnings, fallback, deadline
            )
            try:
                scores = scorer.score(first)
            except OutOfTime:
                complete = False
                break
            matched = scores > 0
            if left_out:
                rest = LeftOut(place, segment.columns, self.statistics, left_out)
                rest.mark(matched)
            found = _admitted(matched, segment, request)
            total += len(found)
            if left_out:
                contenders.add(place, found, scores[found], rest.most)
            else:
                self._select(selection, place, found, scores[found], request.sort)
            for name, facet in self._facets.items():
                facet.add(counts[name], place, found)
        for place, found, known in chain(contenders.best(), contenders.others(selection)):
            rest = LeftOut(place, self.columns[place], self.statistics, left_out)
            self._select(selection, place, found, known + rest.worth(found), request.sort)
        start = (request.page - 1) * request.per_page
        places = selection.page(start, request.per_page, self.columns)
        facets = {name: facet.ranked(counts[name]) for name, facet in self._facets.items()}
        return Ranking(places, total, complete, facets)

    def _select(
        self, selection: Selection, place: int, found: Documents, values: Scores, sort: Sort
    ) -> None:
        arrays = self.columns[place].arrays
        if sort == "relevance":
            selection.add(place, found, values, arrays["id.rank"])
        else:
            days = np.maximum.reduce([arrays[f"day.{name}"] for name in DAYS[sort]])
            selection.add_by_day(place, found, values, days, arrays["id.rank"])


def _admitted(matched: NDArray[np.bool_], segment: Segment, request: SearchRequest) -> Documents:
    """Return the matching documents that are neither deleted nor filtered out."""
    if len(segment.deleted):
        matched[segment.deleted] = False
    mask = admitted(segment.columns, request)
    if mask is not None:
        matched &= mask
    return matched.nonzero()[0]
