"""Whoosh's own matchers: for what the columns do not cover, and to hold the columns to them."""

import threading
from collections.abc import Callable, Mapping
from math import log
from time import monotonic
from typing import Any

import numpy as np
from whoosh.collectors import TimeLimitCollector
from whoosh.index import TOC, FileIndex
from whoosh.query.qcore import Query
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F, BM25FScorer
from whoosh.searching import Searcher, TimeLimit

from indexer.index.analysis import LANGUAGES, language_of
from indexer.index.schema import EXACT_FIELDS, K1, TEXT_FIELDS, field_name, whoosh_schema
from indexer.index.whoosh_segment import INDEX_NAME
from indexer.index.withdrawals import Withdrawn
from service.search.plan import Plan
from service.search.ranking.held import HeldStorage
from service.search.ranking.scoring import OutOfTime, Scores
from service.search.ranking.whoosh_query import whoosh_query

_RELATIVES = {
    name: names
    for names in (
        tuple(field.name for field in EXACT_FIELDS),
        *(tuple(field_name(f.name, each) for f in TEXT_FIELDS) for each in LANGUAGES),
    )
    for name in names
}
"""Of each scored field, those of the same language."""


class FieldBM25F(BM25F):
    """Whoosh's BM25F, with the statistics of each field over the live articles of its language.

    See ``statistics``, which has the same for the columns.
    """

    def __init__(self, languages: Mapping[str, int], withdrawn: Withdrawn) -> None:
        """Take the number of articles in each language, and what deleted articles count for."""
        norms = {f"{field.name}_B": field.length_norm for field in EXACT_FIELDS}
        counts = {field.name: sum(languages.values()) for field in EXACT_FIELDS}
        for language in LANGUAGES:
            count = sum(n for code, n in languages.items() if language_of(code) == language)
            for field in TEXT_FIELDS:
                name = field_name(field.name, language)
                norms[f"{name}_B"] = field.length_norm
                counts[name] = count
        super().__init__(K1=K1, **norms)
        self._counts = counts
        self._withdrawn = withdrawn

    def frequency(self, reader: IndexReader, fieldname: str, text: str) -> int:
        """Return how many live articles hold a term."""
        withdrawn = self._withdrawn.frequencies.get(fieldname, {}).get(text, 0)
        return int(reader.doc_frequency(fieldname, text)) - withdrawn

    def idf(self, searcher: Any, fieldname: str, text: str | bytes) -> float:
        """Return ``ln(N / (n + 1)) + 1``, Whoosh's formula, at least zero.

        The frequency is that in the field of the same language in which most articles hold the
        term.
        """
        word = text.decode("utf-8") if isinstance(text, bytes) else text
        reader = searcher.get_parent().reader()
        names = _RELATIVES.get(fieldname, (fieldname,))
        frequency = max(self.frequency(reader, name, word) for name in names)
        return max(log(max(self._counts.get(fieldname, 1), 1) / (frequency + 1)) + 1, 0.0)

    def scorer(self, searcher: Any, fieldname: str, text: str, qf: int = 1) -> Any:
        """Return Whoosh's scorer with the average length over the field's own language."""
        scorer = super().scorer(searcher, fieldname, text, qf)
        if isinstance(scorer, BM25FScorer) and self._counts.get(fieldname):
            total = searcher.get_parent().field_length(fieldname)
            total -= self._withdrawn.lengths.get(fieldname, 0)
            scorer.avgfl = total / self._counts[fieldname] or 1
            scorer.setup(searcher, fieldname, text)
        return scorer


class WhooshMatchers:
    """Scores documents by Whoosh's matchers, one query at a time: its searchers are for one thread.

    Whoosh's index is opened when the first query needs it.
    """

    def __init__(
        self,
        storage: HeldStorage,
        weighting: FieldBM25F,
        on_fallback: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what to search in, how to score, and what to call for each query scored so."""
        self._storage = storage
        self._weighting = weighting
        self._on_fallback = on_fallback
        self._lock = threading.Lock()
        self._opened: Searcher | None = None

    @property
    def segments(self) -> list[tuple[str, list[int]]]:
        """The name of each segment of the index, and the numbers of its deleted documents."""
        segments = TOC.read(self._storage, INDEX_NAME, schema=whoosh_schema()).segments
        return [(segment.segment_id(), sorted(segment.deleted_docs())) for segment in segments]

    def scores(self, plan: Plan, deadline: float) -> list[Scores]:
        """Return the scores of a plan in each segment; ``deadline`` is on the monotonic clock.

        Raises:
            OutOfTime: it has passed before all were found.
        """
        query = whoosh_query(plan)
        if not self._lock.acquire(timeout=max(deadline - monotonic(), 0)):
            raise OutOfTime
        try:
            self._on_fallback()
            return self._scores(query, deadline)
        finally:
            self._lock.release()

    def _scores(self, query: Query, deadline: float) -> list[Scores]:
        searcher = self._searcher()
        seconds = max(deadline - monotonic(), 0.001)
        collector = TimeLimitCollector(searcher.collector(limit=None), seconds, use_alarm=False)
        try:
            searcher.search_with_collector(query, collector)
        except TimeLimit:
            raise OutOfTime from None
        found = collector.results().top_n
        leaves = searcher.reader().leaf_readers()
        scores = np.zeros(sum(segment.doc_count_all() for segment, _ in leaves))
        for score, number in found:
            scores[number] = score
        return [scores[base : base + segment.doc_count_all()] for segment, base in leaves]

    def close(self) -> None:
        """Release files."""
        if self._opened:
            self._opened.close()
        self._storage.release()

    def _searcher(self) -> Searcher:
        if self._opened is None:
            index = FileIndex(self._storage, whoosh_schema(), INDEX_NAME)
            self._opened = index.searcher(weighting=self._weighting)
        return self._opened


class QueryFallback:
    """What Whoosh says to parts of one query, asked once for all segments."""

    def __init__(self, matchers: WhooshMatchers, deadline: float) -> None:
        self._matchers = matchers
        self._deadline = deadline
        self._known: dict[Plan, list[Scores]] = {}

    def __call__(self, plan: Plan, place: int) -> Scores:
        """Return the scores of a plan in the segment of that place.

        Raises:
            OutOfTime: the deadline has passed.
        """
        if plan not in self._known:
            self._known[plan] = self._matchers.scores(plan, self._deadline)
        return self._known[plan][place].copy()
