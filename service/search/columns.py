"""What sorting and facets need of every article, read once a generation from Whoosh's columns."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from whoosh.reading import IndexReader

from indexer.index.schema import DATES, FACETS, SEPARATOR
from service.search.ranking import ScoredDocument
from service.search.request import Sort
from service.search.response import FacetCount

DIGITS = 6
"""Decimals by which two scores are told apart."""

MAX_FACET_VALUES = 20
"""Values of a facet that are counted out; more help nobody to choose."""


@dataclass(frozen=True)
class Columns:
    """Values by document number: facets as tuples, dates as ordinal days with 0 for none.

    ``order`` is the place of a document's id among all of them.
    """

    facets: dict[str, list[tuple[str, ...]]]
    dates: dict[str, list[int]]
    order: list[int]


def read_columns(reader: IndexReader) -> Columns:
    """Read the columns of an open index."""
    facets = {
        name: [tuple(filter(None, value.split(SEPARATOR))) for value in _values(reader, name)]
        for name in FACETS
    }
    dates = {name: [int(day) for day in _values(reader, name)] for name in DATES}
    ids = list(_values(reader, "id"))
    order = [0] * len(ids)
    for place, number in enumerate(sorted(range(len(ids)), key=ids.__getitem__)):
        order[number] = place
    return Columns(facets, dates, order)


def _values(reader: IndexReader, name: str) -> Iterator[Any]:
    """Yield the values of a column over all segments.

    Whoosh's own reader over several segments leaves out those in which no article has a value.
    """
    for segment, _ in reader.leaf_readers():
        if segment.doc_count_all():
            column = segment.column_reader(name)
            yield from (column[number] for number in range(segment.doc_count_all()))


def count_facets(columns: Columns, documents: Iterable[int]) -> dict[str, tuple[FacetCount, ...]]:
    """Count how many of ``documents`` carry each value of each facet, most frequent first."""
    numbers = list(documents)
    counted = {}
    for name, values in columns.facets.items():
        counts = Counter(value for number in numbers for value in set(values[number]))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        counted[name] = tuple(FacetCount(*item) for item in ranked[:MAX_FACET_VALUES])
    return counted


def sort_documents(
    columns: Columns, documents: list[ScoredDocument], sort: Sort
) -> list[ScoredDocument]:
    """Return ``documents`` in the order asked for; those without a date come last.

    Among equal dates the better score stands first, among equal scores the smaller id: document
    numbers tell the history of an index, and results should not. Sums of the same terms in another
    order differ in the last digits, so scores are compared rounded.
    """
    by_score = sorted(
        documents, key=lambda each: (-round(each.score, DIGITS), columns.order[each.number])
    )
    if sort == "relevance":
        return by_score
    names = ("last_reviewed",) if sort == "reviewed" else ("modified", "published")
    days = [columns.dates[name] for name in names]
    return sorted(by_score, key=lambda document: -max(of[document.number] for of in days))
