"""BM25F over the field table, computed by Whoosh's matchers."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from whoosh.collectors import TimeLimitCollector
from whoosh.query.qcore import Query
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F, BM25FScorer
from whoosh.searching import Searcher, TimeLimit

from indexer.index.analysis import LANGUAGES, language_of
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS, field_name
from indexer.index.withdrawals import Withdrawn

K1 = 1.2
"""Saturation of term frequency; the customary value (Robertson and Zaragoza, 2009)."""


TIME_LIMIT_SECONDS = 2.0
"""How long one ranking may take; a question takes a tenth of a second on 16,000 articles."""


@dataclass(frozen=True)
class ScoredDocument:
    """A matching document: its number in the index and its score."""

    number: int
    score: float


@dataclass(frozen=True)
class Ranking:
    """The matching documents, best first; all of them unless time ran out."""

    documents: list[ScoredDocument]
    complete: bool


class FieldBM25F(BM25F):
    """Whoosh's BM25F, with the statistics of each field over the live articles of its language.

    Whoosh counts all documents. In an index of 60 English and 10 Spanish articles that would make
    every Spanish text look six times as long as the average, and every Spanish word rare. And it
    counts deleted ones: scores would then depend on the history of the index.
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
        """Return ``ln(N / (n + 1)) + 1``, Whoosh's formula, at least zero."""
        word = text.decode("utf-8") if isinstance(text, bytes) else text
        frequency = self.frequency(searcher.get_parent().reader(), fieldname, word)
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


def rank(searcher: Searcher, query: Query, only: Query | None) -> Ranking:
    """Return every match of ``query`` among the documents of ``only``, best first.

    Documents of equal score stand in no order. After ``TIME_LIMIT_SECONDS`` the ranking holds what
    was found until then.
    """
    limited = TimeLimitCollector(
        searcher.collector(limit=None, filter=only), TIME_LIMIT_SECONDS, use_alarm=False
    )
    try:
        searcher.search_with_collector(query, limited)
        complete = True
    except TimeLimit:
        complete = False
    found = limited.results().top_n
    return Ranking([ScoredDocument(number, score) for score, number in found], complete)
