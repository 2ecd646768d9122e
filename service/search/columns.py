"""What sorting and facets need of every article, read once a generation from Whoosh's columns."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from whoosh.reading import IndexReader

from indexer.index.schema import DATES, FACETS, SEPARATOR
from service.search.ranking import ScoredDocument
from service.search.request import Sort
from service.search.response import FacetCount

MAX_FACET_VALUES = 20
"""Values of a facet that are counted out; more help nobody to choose."""


@dataclass(frozen=True)
class Columns:
    """Values by document number: facets as tuples, dates as ordinal days with 0 for none."""

    facets: dict[str, list[tuple[str, ...]]]
    dates: dict[str, list[int]]


def read_columns(reader: IndexReader) -> Columns:
    """Read the columns of an open index."""
    documents = range(reader.doc_count_all())
    facets = {}
    for name in FACETS:
        values = reader.column_reader(name)
        facets[name] = [tuple(filter(None, str(values[d]).split(SEPARATOR))) for d in documents]
    dates = {}
    for name in DATES:
        days = reader.column_reader(name)
        dates[name] = [int(days[d]) for d in documents]
    return Columns(facets, dates)


def count_facets(columns: Columns, documents: Iterable[int]) -> dict[str, tuple[FacetCount, ...]]:
    """Count the values of each facet over ``documents``, most frequent first."""
    numbers = list(documents)
    counted = {}
    for name, values in columns.facets.items():
        counts = Counter(value for number in numbers for value in values[number])
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        counted[name] = tuple(FacetCount(*item) for item in ranked[:MAX_FACET_VALUES])
    return counted


def sort_documents(
    columns: Columns, documents: list[ScoredDocument], sort: Sort
) -> list[ScoredDocument]:
    """Return ``documents`` in the order asked for; those without a date come last.

    Among equal dates the better score stands first.
    """
    if sort == "relevance":
        return documents
    if sort == "reviewed":
        days = columns.dates["last_reviewed"]
    else:
        pairs = zip(columns.dates["modified"], columns.dates["published"], strict=True)
        days = [max(pair) for pair in pairs]
    return sorted(documents, key=lambda document: -days[document.number])
