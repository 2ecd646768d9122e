"""Plan → ranked documents: BM25F over the field table, computed on the columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from indexer.index.schema import FACETS
from indexer.index.withdrawals import Withdrawn
from service.search.plan import Either, Leaf, Name, Plan, Run, Titled, Unit
from service.search.ranking.beginnings import Beginnings
from service.search.ranking.duplicates import (
    NO_DUPLICATES,
    Collapse,
    Groups,
    Kept,
    duplicate_groups,
)
from service.search.ranking.facets import Facet, Mask, admitted, live
from service.search.ranking.fallback import QueryFallback, WhooshMatchers
from service.search.ranking.feedback import ARTICLES, Feedback
from service.search.ranking.pruning import contenders, matching
from service.search.ranking.scoring import OutOfTime, Scorer, Scores
from service.search.ranking.selection import Place, Selection
from service.search.ranking.shards import Documents, Shard, are_among, homes_of, shards_of
from service.search.ranking.statistics import Statistics
from service.search.ranking.words import WordScores, units_of
from service.search.request import SearchRequest, Sort
from service.search.response import FacetCount

_LEAST = 1e-9

DAYS = {"newest": ("modified", "published"), "reviewed": ("last_reviewed",)}
"""The columns whose later day an order goes by."""


@dataclass(frozen=True)
class Ranking:
    """The best documents of those that match.

    Attributes:
        places: the best, best first.
        total: how many documents match, or were found to until time ran out.
        complete: whether time sufficed.
        facets: the values that matching documents carry, by facet.
    """

    places: list[Place]
    total: int
    complete: bool
    facets: Mapping[str, tuple[FacetCount, ...]]


@dataclass(frozen=True)
class Wanted:
    """What is to be ranked, and how.

    Attributes:
        plan: what is looked for.
        titles: titles that are lifted, if the plan is nothing but words.
        request: filters and order.
        size: how many of the best are wanted.
        deadline: on the monotonic clock.
        collapse: whether one stands for several that say the same.
    """

    plan: Plan
    titles: tuple[Titled, ...]
    request: SearchRequest
    size: int
    deadline: float
    collapse: bool = True

    def units(self) -> Sequence[Unit]:
        """Return what adds up to the score; nothing if the plan is more than words side by side."""
        if self.request.sort != "relevance":
            return ()
        parts = self.plan.parts if isinstance(self.plan, Either) else (self.plan,)
        words = [part for part in parts if isinstance(part, Leaf | Run | Name)]
        return (*units_of(words), *self.titles) if len(words) == len(parts) else ()


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
        self.shards = shards_of(segments)
        self.homes = homes_of(self.shards)
        self._facets = {name: Facet(self.shards, name) for name in FACETS}
        self._feedback = Feedback(self.columns, self.statistics)
        self._duplicates = duplicate_groups(self.shards)

    def rank(self, wanted: Wanted) -> Ranking:
        """Return the best of the documents that a plan matches."""
        groups = self._duplicates if wanted.collapse else NO_DUPLICATES
        search = _Search(wanted, groups, self._facets)
        fallback = QueryFallback(self._matchers, wanted.deadline)
        for number, shard in enumerate(self.shards):
            scorer = Scorer(shard, self.statistics, self._beginnings, fallback, wanted.deadline)
            try:
                search.look_at(number, scorer, self._words)
            except OutOfTime:
                return search.result(self.shards, complete=False)
        return search.result(self.shards, complete=True)

    def coverage(
        self, places: Sequence[Place], words: Sequence[tuple[Unit, ...]]
    ) -> NDArray[np.float64]:
        """Return for each document which share of some words it has, by what they tell."""
        told = np.array([self._words.tells(units[0]) for units in words])
        covered = np.zeros((len(places), len(words)), np.bool_)
        homes = [self.homes[place.segment] for place in places]
        for number, shard in enumerate(self.shards):
            rows = [row for row, home in enumerate(homes) if home[0] == number]
            documents = np.array([homes[row][1].base + places[row].document for row in rows])
            for column, units in enumerate(words if rows else ()):
                for score in self._words.of(shard, units):
                    covered[rows, column] |= score.holds(documents)
        shares: NDArray[np.float64] = covered @ told / max(float(told.sum()), _LEAST)
        return shares

    def alike(self, best: Sequence[Place], size: int) -> list[Place]:
        """Return documents that are like some, whose scores are what they are alike by.

        Given ones that are so like the best are among them, with what feedback says of them.
        """
        terms = self._feedback.terms(best[:ARTICLES])
        wanted = Selection(size)
        for shard in self.shards:
            wanted.add(shard, *_inside(*self._feedback.scores(shard, terms), live(shard)))
        return wanted.page(0, size, self.columns)

    def distinct(self, places: Iterable[Place], said: Iterable[Place]) -> Iterator[Place]:
        """Yield places without those that say what one before them, or one already said, says."""
        known = {group for place in said if (group := self._group(place)) is not None}
        for place in places:
            group = self._group(place)
            if group is None or group not in known:
                yield place
            if group is not None:
                known.add(group)

    def _group(self, place: Place) -> int | None:
        number, part = self.homes[place.segment]
        return self._duplicates.group_of(number, part.base + place.document)


class _Search:
    """A ranking that is being made: the best so far, how many match, and what values they carry."""

    def __init__(self, wanted: Wanted, groups: Groups, facets: Mapping[str, Facet]) -> None:
        self._wanted = wanted
        self._units = wanted.units()
        self._words = sum(not isinstance(unit, Titled) for unit in self._units)
        self._groups = groups
        self._facets = facets
        self._selection = Selection(wanted.size)
        # What stands for duplicates among the best goes by scores; to count them needs none.
        self._best, self._counted = Collapse(groups), Collapse(groups)
        self._counts = {name: facet.counts() for name, facet in facets.items()}
        self._total = 0

    def look_at(self, number: int, scorer: Scorer, words: WordScores) -> None:
        """Look at the shard of that number.

        Raises:
            OutOfTime: the deadline has passed.
        """
        shard = scorer.shard
        mask = admitted(shard, self._wanted.request)
        if self._units:
            scorer.check_time()
            worth = words.of(shard, self._units, scorer.check_time)
            size = self._selection.size + self._groups.surplus(number)
            best = contenders(worth, size if mask is None else 0, self._selection.threshold)
            found = matching(worth[: self._words], shard.documents)
            if self._words < len(worth):  # a title lifts what matches, and nothing else
                best = _kept(*best, are_among(best[0], found))
        else:
            scores = scorer.score(self._wanted.plan)
            found = (scores > 0).nonzero()[0]
            best = found, scores[found]
        best = _inside(*best, mask)
        self._add(shard, *_kept(*best, self._best.keep(number, best[0], self._scores(best[1]))))
        self._count(number, found if mask is None else found[mask[found]])

    def result(self, shards: Sequence[Shard], *, complete: bool) -> Ranking:
        """Return what was found."""
        for number, documents, worth in self._best.rest():
            self._add(shards[number], documents, worth)
        for number, documents, _ in self._counted.rest():
            self._note(number, documents)
        columns = [part.columns for shard in shards for part in shard.parts]
        facets = {name: facet.ranked(self._counts[name]) for name, facet in self._facets.items()}
        places = self._selection.page(0, self._wanted.size, columns)
        return Ranking(places, self._total, complete, facets)

    def _scores(self, worth: Scores) -> Scores | None:
        """Return by what one of several duplicates is chosen; None for the one changed last."""
        return worth if self._wanted.request.sort == "relevance" else None

    def _add(self, shard: Shard, found: Documents, worth: Scores) -> None:
        sort = self._wanted.request.sort
        if sort == "relevance":
            self._selection.add(shard, found, worth)
        else:
            self._selection.add_by_day(shard, found, worth, _days(shard, found, sort))

    def _count(self, number: int, found: Documents) -> None:
        kept = self._counted.keep(number, found)
        self._note(number, found if kept is None else found[kept])

    def _note(self, number: int, found: Documents) -> None:
        self._total += len(found)
        for name, facet in self._facets.items():
            facet.add(self._counts[name], number, found)


def _kept(
    found: Documents, values: Scores, kept: Kept | None
) -> tuple[Documents, NDArray[np.float64]]:
    """Return those of some documents, and of their scores, that stay."""
    return (found, values) if kept is None else (found[kept], values[kept])


def _inside(
    found: Documents, values: Scores, mask: Mask | None
) -> tuple[Documents, NDArray[np.float64]]:
    """Return those of some documents, and of their scores, that a mask lets through."""
    return _kept(found, values, None if mask is None else mask[found])


def _days(shard: Shard, found: Documents, sort: Sort) -> NDArray[np.int32]:
    """Return the day of each document that an order goes by."""
    columns = [shard.column(f"day.{name}")[found] for name in DAYS[sort]]
    days: NDArray[np.int32] = np.maximum.reduce(columns)
    return days
