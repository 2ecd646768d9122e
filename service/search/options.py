"""How an index is searched, whatever is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from indexer.index.vectors.embedder import open_embedder
from service.search.lexicon import Lexicon, load_lexicon
from service.search.ranking.semantic import QueryVectors
from service.search.tuning import DEFAULT, Tuning

SECONDS = 2.0
"""How long one ranking may take where the caller does not say."""


@cache
def shipped_lexicon() -> Lexicon:
    """Return the lexicon as it is shipped."""
    return load_lexicon()


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
        queries: embeds queries; without it nothing is ranked by meaning.
    """

    seconds: float = SECONDS
    on_fallback: Callable[[], None] = _shrug
    tuning: Tuning = DEFAULT
    lexicon: Callable[[], Lexicon] = shipped_lexicon
    queries: QueryVectors | None = None


def options_for(tuning: Tuning) -> Options:
    """Return how to search by a tuning, with what it needs.

    Raises:
        ModelError: it ranks by meaning, and the parts for that are not installed.
    """
    queries = QueryVectors(open_embedder()) if tuning.semantic else None
    return Options(tuning=tuning, queries=queries)
