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
    if not documents:
        # Whoosh's reader of an index without segments has no columns at all.
        return Columns({name: [] for name in FACETS}, {name: [] for name in DATES})
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

    Among equal dates the better score stands first.
    """
    if sort == "relevance":
        return documents
    names = ("last_reviewed",) if sort == "reviewed" else ("modified", "published")
    days = [columns.dates[name] for name in names]
    return sorted(documents, key=lambda document: -max(of[document.number] for of in days))
