"""How an index is searched, whatever is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from indexer.index.vectors.embedder import open_embedder
from service.search.editorial.advice import Editorial
from service.search.editorial.loader import shipped_notices
from service.search.lexicon import Lexicon, load_lexicon
from service.search.ranking.semantic import QueryVectors
from service.search.tuning import DEFAULT, Tuning

SECONDS = 2.0
"""How long one ranking may take where the caller does not say."""


@cache
def shipped_lexicon() -> Lexicon:
    """Return the lexicon as it is shipped."""
    return load_lexicon()


@cache
def shipped_editorial() -> Editorial:
    """Return the notices as they are shipped, and nothing pinned or hidden."""
    return Editorial(shipped_notices())


def _shrug() -> None:
    """Take no notice."""


@dataclass(frozen=True)
class Options:
    """How to search.

    Attributes:
        seconds: how long the ranking of one query may take.
        on_fallback: called for each query that Whoosh's own matchers score.
        tuning: which signals take part in the ranking.
        lexicon: gives the lexicon in force.
        editorial: gives the notices, and the rules for pinned and hidden results, in force.
        queries: embeds queries; without it nothing is ranked by meaning.
    """

    seconds: float = SECONDS
    on_fallback: Callable[[], None] = _shrug
    tuning: Tuning = DEFAULT
    lexicon: Callable[[], Lexicon] = shipped_lexicon
    editorial: Callable[[], Editorial] = shipped_editorial
    queries: QueryVectors | None = None


def options_for(tuning: Tuning) -> Options:
    """Return how to search by a tuning, with what it needs.

    Raises:
        ModelError: it ranks by meaning, and the parts for that are not installed.
    """
    queries = QueryVectors(open_embedder()) if tuning.semantic else None
    return Options(tuning=tuning, queries=queries)
