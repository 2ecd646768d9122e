"""Plan → ranked documents: BM25F over the field table, computed on the columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import NAMES
from indexer.index.columns.segment import SegmentColumns
from indexer.index.withdrawals import Withdrawn
from service.search.plan import Unit
from service.search.ranking.beginnings import Beginnings
from service.search.ranking.collector import NOT_PLACED, Collector, Placed, Ranking, Wanted, inside
from service.search.ranking.duplicates import ALONE, NO_DUPLICATES, duplicate_groups
from service.search.ranking.facets import Facets
from service.search.ranking.fallback import QueryFallback, WhooshMatchers
from service.search.ranking.feedback import ARTICLES, Feedback
from service.search.ranking.filters import admitted, live, live_in, numbers_of, without
from service.search.ranking.likeness import LEAST_LIKE, Likeness
from service.search.ranking.scoring import OutOfTime, Scorer
from service.search.ranking.selection import Place, Selection
from service.search.ranking.shards import Documents, are_among, homes_of, shards_of
from service.search.ranking.statistics import Statistics
from service.search.ranking.words import WordScores
from service.search.request import SearchRequest

_LEAST = 1e-9

CANDIDATES = 50
"""Articles like one that are looked at beyond those wanted, for some may say the same."""


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
        self._firsts = [0, *accumulate(columns.documents for columns in self.columns)]
        self._facets = Facets(self.shards)
        self._feedback = Feedback(self.columns, self.statistics)
        self._likeness = Likeness(self.columns, self.statistics, self._feedback)
        self._duplicates = duplicate_groups(self.shards)

    def place_of(self, name: str, fields: Sequence[str] = NAMES) -> Place | None:
        """Return the live article of that id, or else at that address; None if there is none.

        Of several at one address it is the one with the smallest id.
        """
        for field in fields:
            found = [
                (columns.card(document).id, Place(segment, document, 0.0))
                for segment, columns in enumerate(self.columns)
                for document in columns.named(field, name)
                if self._is_live(segment, document)
            ]
            if found:
                return min(found)[1]
        return None

    def _is_live(self, segment: int, document: int) -> bool:
        number, part = self.homes[segment]
        return not (self.shards[number].deleted == part.base + document).any()

    def admits(self, place: Place, request: SearchRequest) -> bool:
        """Return whether an article passes the filters of a request."""
        number, part = self.homes[place.segment]
        mask = admitted(self.shards[number], request)
        return mask is None or bool(mask[part.base + place.document])

    def placed(
        self, pinned: Iterable[str], hidden: Iterable[str], request: SearchRequest
    ) -> Placed:
        """Return the articles that rules name, by id or address; what is not there is left out.

        What is hidden is not pinned, nor is what filters keep out, nor what says the same as one
        before it.
        """
        gone = tuple(filter(None, map(self.place_of, hidden)))
        first = [place for place in map(self.place_of, pinned) if place and place not in gone]
        if not first:
            return Placed(hidden=gone) if gone else NOT_PLACED
        kept = (place for place in dict.fromkeys(first) if self.admits(place, request))
        return Placed(tuple(self.distinct(kept, ())), gone)

    def rank(self, wanted: Wanted) -> Ranking:
        """Return the best of the documents that a plan matches."""
        groups = self._duplicates if wanted.collapse else NO_DUPLICATES
        if wanted.collapse and wanted.placed.pinned:
            pinned, hidden = wanted.placed
            placed = Placed(pinned, (*hidden, *self._twins(pinned)))
            wanted = replace(wanted, placed=placed)
        facets = self._facets.of(wanted.request.facets)
        search = Collector(wanted, groups, facets, self._words)
        fallback = QueryFallback(self._matchers, wanted.deadline)
        for number, shard in enumerate(self.shards):
            scorer = Scorer(shard, self.statistics, self._beginnings, fallback, wanted.deadline)
            try:
                search.look_at(number, scorer)
            except OutOfTime:
                return search.result(self.shards, complete=False)
        return search.result(self.shards, complete=True)

    def numbers(self, places: Sequence[Place]) -> Documents:
        """Return the numbers of documents in the index, in which all segments are one."""
        firsts = self._firsts
        return np.array([firsts[place.segment] + place.document for place in places], np.intp)

    def coverage(
        self, numbers: Documents, words: Sequence[tuple[Unit, ...]]
    ) -> NDArray[np.float64]:
        """Return for each document which share of some words it has, by what they tell.

        Args:
            numbers: of the documents in the index.
            words: what each word is found by.
        """
        told = np.array([self._words.tells(units[0]) for units in words])
        covered = np.zeros((len(numbers), len(words)), np.bool_)
        for shard in self.shards:
            documents = numbers - self._firsts[shard.parts[0].place]
            is_here = (documents >= 0) & (documents < shard.documents)
            for column, units in enumerate(words if is_here.any() else ()):
                covered[:, column] |= self._words.hold(shard, documents, units)
        shares: NDArray[np.float64] = covered @ told / max(float(told.sum()), _LEAST)
        return shares

    def alike(
        self, best: Sequence[Place], size: int, left_out: Sequence[Place] = ()
    ) -> list[Place]:
        """Return documents that are like some, whose scores are what they are alike by.

        Given ones that are so like the best are among them, with what feedback says of them.
        """
        terms = self._feedback.terms(best[:ARTICLES])
        wanted = Selection(size)
        for shard in self.shards:
            mask = without(live(shard), shard, numbers_of(shard, left_out))
            wanted.add(shard, *inside(*self._feedback.scores(shard, terms), mask))
        return wanted.page(0, size, self.columns)

    def related(self, place: Place, languages: Sequence[str], size: int) -> list[Place]:
        """Return the articles in some languages that are most like one and do not say the same."""
        terms = self._likeness.terms(place)
        said = (place, *self._twins([place]))
        own = 0.0
        wanted = Selection(size + CANDIDATES)
        for shard in self.shards:
            found, worth = self._feedback.scores(shard, terms)
            own += float(worth[are_among(found, numbers_of(shard, (place,)))].sum())
            mask = without(live_in(shard, languages), shard, numbers_of(shard, said))
            wanted.add(shard, *inside(found, worth, mask))
        best = wanted.page(0, wanted.size, self.columns)
        like = (each for each in best if each.score >= LEAST_LIKE * own)
        return list(self.distinct(like, said))[:size]

    def distinct(self, places: Iterable[Place], said: Iterable[Place]) -> Iterator[Place]:
        """Yield places without those that say what one before them, or one already said, says."""
        known = {group for group in self._groups(tuple(said)) if group != ALONE}
        places = tuple(places)
        for place, group in zip(places, self._groups(places), strict=True):
            if group not in known:
                yield place
            if group != ALONE:
                known.add(group)

    def _groups(self, places: Sequence[Place]) -> list[int]:
        """Return the group of duplicates of each document, or ``ALONE``."""
        numbers = self.numbers(places)
        found = np.full(len(places), ALONE)
        for number, shard in enumerate(self.shards if len(places) else ()):
            documents = numbers - self._firsts[shard.parts[0].place]
            found = np.maximum(found, self._duplicates.groups_of(number, documents))
        groups: list[int] = found.tolist()
        return groups

    def _twins(self, places: Iterable[Place]) -> list[Place]:
        """Return all documents that say what one of some documents says, these included."""
        groups = [group for group in self._groups(tuple(places)) if group != ALONE]
        found = []
        for number, shard in enumerate(self.shards if groups else ()):
            documents = self._duplicates.documents(number, groups)
            for part, stretch in shard.split(documents):
                numbers = (documents[stretch] - part.base).tolist()
                found += [Place(part.place, each, 0.0) for each in numbers]
        return found
