"""What one query finds: the best so far, how many match, and what values they carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.search.plan import Either, Leaf, Name, Plan, Run, Titled, Unit
from service.search.ranking.duplicates import Collapse, Groups, Kept
from service.search.ranking.facets import Facet
from service.search.ranking.filters import Mask, admitted, numbers_of, without
from service.search.ranking.pruning import contenders, matching
from service.search.ranking.scoring import Scorer, Scores
from service.search.ranking.selection import Place, Selection, SortKey
from service.search.ranking.shards import Documents, Shard
from service.search.ranking.words import WordScores, units_of
from service.search.request import SearchRequest, Sort
from service.search.response import FacetCount

DAYS = {"newest": ("modified", "published"), "reviewed": ("last_reviewed",)}
"""The columns whose later day an order goes by."""

A_WORD = 4_000_000
"""Days for which a word of the query stands in an order by day: more than there are. An article
that says less of what was asked is no better for being newer. Meilisearch orders so, too ("words"
stands before "sort" in its built-in ranking rules)."""


class Placed(NamedTuple):
    """What has its place by the site's own rules, whatever it is worth.

    Attributes:
        pinned: documents that stand before all others; they are counted whether they match or not,
            and are not among the best.
        hidden: documents that are not to be found, as if they were not there.
    """

    pinned: tuple[Place, ...] = ()
    hidden: tuple[Place, ...] = ()


NOT_PLACED = Placed()
"""Where no rule says anything."""


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
        request: filters, order, and the facets to be counted.
        size: how many of the best are wanted.
        deadline: on the monotonic clock.
        collapse: whether one stands for several that say the same.
        after: only what stands behind this in the order is wanted; all is counted nevertheless.
        placed: what has its place by the site's own rules.
        words: what each word is found by; in an order by day those that have more words are first.
    """

    plan: Plan
    titles: tuple[Titled, ...]
    request: SearchRequest
    size: int
    deadline: float
    collapse: bool = True
    after: SortKey | None = None
    placed: Placed = NOT_PLACED
    words: tuple[tuple[Unit, ...], ...] = ()

    def units(self) -> Sequence[Unit]:
        """Return what adds up to the score; nothing if the plan is more than words side by side."""
        if self.request.sort != "relevance":
            return ()
        parts = self.plan.parts if isinstance(self.plan, Either) else (self.plan,)
        words = [part for part in parts if isinstance(part, Leaf | Run | Name)]
        return (*units_of(words), *self.titles) if len(words) == len(parts) else ()


class Collector:
    """A ranking that is being made, shard by shard."""

    def __init__(
        self, wanted: Wanted, groups: Groups, facets: Mapping[str, Facet], words: WordScores
    ) -> None:
        """Take what is wanted, what is to be collapsed or counted, and what words are worth."""
        self._wanted = wanted
        self._scored = words
        self._units = wanted.units()
        self._words = sum(not isinstance(unit, Titled) for unit in self._units)
        self._groups = groups
        self._facets = facets
        self._selection = Selection(wanted.size, wanted.after)
        # What stands for duplicates among the best goes by scores; to count them needs none.
        self._best, self._counted = Collapse(groups), Collapse(groups)
        self._counts = {name: facet.counts() for name, facet in facets.items()}
        self._total = 0

    def look_at(self, number: int, scorer: Scorer) -> None:
        """Look at the shard of that number.

        Raises:
            OutOfTime: the deadline has passed.
        """
        shard = scorer.shard
        mask = self._mask(number, shard)
        if self._units:
            scorer.check_time()
            worth = self._scored.of(shard, self._units, scorer.check_time)
            size = self._selection.size + self._groups.surplus(number)
            is_open = mask is None and self._wanted.after is None
            best = contenders(worth, size if is_open else 0, self._selection.threshold)
            matched = matching(worth[: self._words], shard.documents)
            found = matched.nonzero()[0]
            if self._words < len(worth):  # a title lifts what matches, and nothing else
                best = inside(*best, matched)
        else:
            scores = scorer.score(self._wanted.plan)
            found = (scores > 0).nonzero()[0]
            best = found, scores[found]
        best = inside(*best, mask)
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

    def _mask(self, number: int, shard: Shard) -> Mask | None:
        """Count what is pinned, and return which documents of a shard may be among the best."""
        mask, placed = admitted(shard, self._wanted.request), self._wanted.placed
        if not (placed.pinned or placed.hidden):
            return mask
        pinned, hidden = (numbers_of(shard, places) for places in placed)
        self._note(number, pinned)
        return without(mask, shard, np.concatenate([pinned, hidden]))

    def _scores(self, worth: Scores) -> Scores | None:
        """Return by what one of several duplicates is chosen; None for the one changed last."""
        return worth if self._wanted.request.sort == "relevance" else None

    def _add(self, shard: Shard, found: Documents, worth: Scores) -> None:
        sort = self._wanted.request.sort
        if sort == "relevance":
            self._selection.add(shard, found, worth)
        else:
            days = _days(shard, found, sort) + A_WORD * self._held(shard, found)
            self._selection.add_by_day(shard, found, worth, days)

    def _held(self, shard: Shard, found: Documents) -> NDArray[np.int32]:
        """Return how many words of the query some documents have."""
        held = np.zeros(len(found), np.int32)
        for units in self._wanted.words:
            held += self._scored.hold(shard, found, units)
        return held

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


def inside(
    found: Documents, values: Scores, mask: Mask | None
) -> tuple[Documents, NDArray[np.float64]]:
    """Return those of some documents, and of their scores, that a mask lets through."""
    return _kept(found, values, None if mask is None else mask[found])


def _days(shard: Shard, found: Documents, sort: Sort) -> NDArray[np.int32]:
    """Return the day of each document that an order goes by."""
    columns = [shard.column(f"day.{name}")[found] for name in DAYS[sort]]
    days: NDArray[np.int32] = np.maximum.reduce(columns)
    return days
