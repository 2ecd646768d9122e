"""The field table: what of an article is indexed, how it is analyzed and what it weighs.

Text is indexed once per language, in fields of its own (``body_en``, ``body_es``, ``body_und``):
stemming, stop words, document frequencies and average lengths then never mix languages. Beside
them stand the unstemmed ``title_exact`` and ``body_exact``, with positions, for phrases,
acronyms and prefixes.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from whoosh.analysis.filters import LowercaseFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from indexer.article import Article
from indexer.index.analysis import ANALYSIS_VERSION, LANGUAGES, WhooshAnalyzer
from indexer.index.lexicon import digest
from indexer.index.positions import CompactPositions

SCHEMA_VERSION = 5
"""Raise it when the fields change: a service refuses an index of another version."""

SEPARATOR = "\x1f"
"""Between the values of a multi-valued field; no text of an article holds it."""


@dataclass(frozen=True)
class TextField:
    """A searchable part of an article.

    Attributes:
        name: the field's name without the language.
        weight: factor of its BM25F score.
        length_norm: BM25F's ``b``: 0 ignores the field's length, 1 divides by it.
    """

    name: str
    weight: float
    length_norm: float


TEXT_FIELDS = (
    TextField("title", weight=1.0, length_norm=0.75),
    TextField("headings", weight=0.5, length_norm=0.75),
    TextField("keywords", weight=0.5, length_norm=0.75),
    TextField("description", weight=0.5, length_norm=0.75),
    TextField("body", weight=1.0, length_norm=0.6),
)
"""Title and body: found on NFCorpus dev, SciFact train and the project's own set together;
``python -m tests.quality.constants`` tries other values. The other fields are empty in the first
two; theirs are set below the body's."""

EXACT_FIELDS = (
    TextField("title_exact", weight=1.0, length_norm=0.75),
    TextField("body_exact", weight=1.0, length_norm=0.6),
)
"""Title and body unstemmed and with positions, whatever the language."""

K1 = 0.9
"""BM25F's saturation of term frequency, found with the weights; from 0.5 to 1.6 nDCG@10 differs by
0.005 at most."""

FACETS = ("topic", "language", "audience", "publisher")
"""Fields that can be filtered by and counted."""

DATES = ("published", "modified", "last_reviewed")
"""Columns to sort by: proleptic ordinals of days, 0 for none."""

GRADE = "reading_grade"
"""Column to filter by: the estimated school grade, in tenths."""

NO_GRADE = 0x7FFF
"""The grade of an article without one: harder to read than any limit."""


def field_name(name: str, language: str) -> str:
    """Return the name of a text field for an analyzer's language, as ``body_en``."""
    return f"{name}_{language}"


def build_digest() -> str:
    """Return what an index depends on beside its articles; when it changes, all is rebuilt."""
    return f"{SCHEMA_VERSION}.{ANALYSIS_VERSION}.{digest()}"


def whoosh_schema() -> Schema:
    """Return the Whoosh schema for the field table."""
    fields: dict[str, Any] = {
        "id": ID(unique=True, stored=True, sortable=True),
        "article": STORED,
    }
    for language in LANGUAGES:
        for field in TEXT_FIELDS:
            fields[field_name(field.name, language)] = TEXT(WhooshAnalyzer(language), phrase=False)
    for field in EXACT_FIELDS:
        fields[field.name] = TEXT(WhooshAnalyzer("exact"), phrase=True)
        fields[field.name].format = CompactPositions()
    for facet in FACETS:
        values = RegexTokenizer(f"[^{SEPARATOR}]+") | LowercaseFilter()
        fields[facet] = KEYWORD(analyzer=values, sortable=True)
    for day in DATES:
        fields[day] = NUMERIC(int, sortable=True, default=0, signed=False, shift_step=0)
    fields[GRADE] = NUMERIC(int, sortable=True, default=NO_GRADE, signed=False, shift_step=0)
    return Schema(**fields)


def values_of(article: Article) -> dict[str, object]:
    """Return the values of the fields that are not analyzed; empty ones are left out."""
    values: dict[str, object] = {
        "id": article.id,
        GRADE: tenths(article.reading_grade),
    }
    for name, carried in facet_values(article).items():
        values[name] = SEPARATOR.join(carried)
    for day in DATES:
        when = getattr(article, day)
        values[day] = when.toordinal() if when else 0
    return {name: value for name, value in values.items() if value != ""}


def facet_values(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the values of an article in each facet, in order; empty ones are left out.

    Of values that differ only in case it has the first.
    """
    values = {
        "topic": article.topics,
        "language": (article.language,),
        "audience": article.audience,
        "publisher": (article.publisher,),
    }
    return {name: _distinct(values[name]) for name in FACETS}


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for value in filter(None, values):
        first.setdefault(value.lower(), value)
    return tuple(first.values())


def tenths(grade: float | None) -> int:
    """Return a school grade in whole tenths, the most that the column holds for none."""
    return NO_GRADE if grade is None else min(max(round(grade * 10), 0), NO_GRADE - 1)


def sections_are_ordered(article: Article) -> bool:
    """Return whether the sections lie in the body, in order and without overlap."""
    bounds = [bound for s in article.sections for bound in (s.start, s.end)]
    ordered = all(a <= b for a, b in pairwise(bounds))
    return ordered and (not bounds or (bounds[0] >= 0 and bounds[-1] <= len(article.body)))
