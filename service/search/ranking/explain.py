"""Where a hit's score comes from, part by part, for those who tune or doubt a ranking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.index.columns.layout import FIELDS_OF, MAX_TF, TF_SHIFT
from service.search.plan import (
    Beginning,
    Both,
    Either,
    Leaf,
    Name,
    Plan,
    Rather,
    Run,
    Without,
)
from service.search.ranking.ordering import Ordering, Signal
from service.search.ranking.runs import RunReader, Scored
from service.search.ranking.selection import Place
from service.search.ranking.shards import Part, Shard
from service.search.ranking.statistics import Statistics, field_lengths
from service.search.ranking.titles import find_titled
from service.search.reading.reader import Reading
from service.search.response import Reason

_LEAST = 0.00005
"""Less than this is not said."""


@dataclass(frozen=True)
class Explainer:
    """Explains the hits of one generation.

    Attributes:
        shards: its segments.
        homes: where each segment is in them.
        statistics: what its scores are made of.
        ordering: what the best are ordered by.
    """

    shards: Sequence[Shard]
    homes: Mapping[int, tuple[int, Part]]
    statistics: Statistics
    ordering: Ordering

    def explain(
        self, page: Sequence[Place], best: Sequence[Place], reading: Reading
    ) -> list[tuple[Reason, ...]]:
        """Return the parts of the scores of some hits, largest first.

        Words in titles, headings and body add up, and titles; then come the signals of the
        ordering, in their order. Feedback and meaning are what is left over.

        Args:
            page: the hits.
            best: the documents that were ordered, with their scores by words; none in an order
                by day, where titles and signals count for nothing.
            reading: the query.
        """
        if not best:
            reading = replace(reading, titles=())
        rows = {(place.segment, place.document): row for row, place in enumerate(best)}
        signals = list(self.ordering.signals(best, reading))
        return [
            self._reasons(place, reading, signals, rows.get((place.segment, place.document)))
            for place in page
        ]

    def _reasons(
        self, place: Place, reading: Reading, signals: Sequence[Signal], row: int | None
    ) -> tuple[Reason, ...]:
        number, part = self.homes[place.segment]
        shard = self.shards[number]
        reasons = list(self._parts(reading.compiled.plan, shard, part, place.document))
        for titled in reading.titles:
            found = find_titled(titled, shard, self.statistics)
            reasons += _reason("title", "says what was typed", found, part, place.document)
        total = sum(reason.value for reason in reasons)
        for signal in signals:
            if row is None:
                break
            more, share = float(signal.adds[row]), float(signal.keeps[row])
            reasons.append(Reason(signal.name, signal.detail, (total + more) * share - total))
            total = (total + more) * share
        reasons.append(Reason("rest", "feedback, meaning, rounding", place.score - total))
        shown = [reason for reason in reasons if abs(reason.value) >= _LEAST]
        shown.sort(key=lambda reason: -abs(reason.value))
        return tuple(Reason(r.what, r.detail, round(r.value, 4)) for r in shown)

    def _parts(self, plan: Plan, shard: Shard, part: Part, document: int) -> Iterator[Reason]:
        match plan:
            case Leaf():
                yield from self._word(plan, part, document)
            case Run() | Name():
                found = RunReader(shard, self.statistics).find(plan)
                what = "phrase" if isinstance(plan, Run) else "other name"
                yield from _reason(what, " ".join(plan.terms), found, part, document)
            case Beginning(text=text):
                yield Reason("prefix", f"{text}* counts one for each word", 0.0)
            case Either(parts) | Both(parts):
                for each in parts:
                    yield from self._parts(each, shard, part, document)
            case Rather(required, optional):
                yield from self._parts(required, shard, part, document)
                yield from self._parts(optional, shard, part, document)
            case Without(wanted, _):
                yield from self._parts(wanted, shard, part, document)
            case _:
                return

    def _word(self, leaf: Leaf, part: Part, document: int) -> Iterator[Reason]:
        """Yield what a term is worth in each field, with the numbers that BM25F makes it of."""
        runs = self.statistics.runs(leaf.space, leaf.term)
        bounds = runs.offsets[part.place]
        arrays = part.columns.arrays
        for field in leaf.fields if bounds else ():
            docs = arrays[f"{leaf.space}.docs"][bounds[field] : bounds[field + 1]]
            at = int(docs.searchsorted(document))
            if at == len(docs) or docs[at] != document:
                continue
            posting = bounds[field] + at
            load = arrays[f"{leaf.space}.load"][posting]
            frequency = int(load) >> TF_SHIFT & MAX_TF
            worth = float(self.statistics.tables[leaf.space][load])
            if frequency == MAX_TF:
                big = int(arrays[f"{leaf.space}.big_at"].searchsorted(posting))
                frequency = int(arrays[f"{leaf.space}.big"][big])
                worth = float(self.statistics.big[part.place][leaf.space][big])
            length = int(field_lengths(arrays[f"{leaf.space}.load"][posting : posting + 1])[0])
            detail = (
                f"{leaf.term} in {FIELDS_OF[leaf.space][field]} ({leaf.space}): {frequency} of "
                f"about {length} words, idf {runs.idf:.2f}, times {leaf.factor:g}"
            )
            yield Reason("word", detail, worth * runs.idf * leaf.factor)


def _reason(what: str, detail: str, found: Scored, part: Part, document: int) -> Iterator[Reason]:
    documents, worth = found
    at = int(documents.searchsorted(part.base + document))
    if at < len(documents) and documents[at] == part.base + document:
        yield Reason(what, detail, float(worth[at]))
