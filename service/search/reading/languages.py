"""In which language a query is typed."""

from indexer.index.analysis import SNOWBALL
from service.search.lexicon.everyday import is_everyday
from service.search.reading.query import AnyOf
from service.search.reading.spoken import parts_of, plain_words, typed_language


def query_language(tree: AnyOf) -> str:
    """Return the language that a query is typed in, or empty where that cannot be told.

    Its function words tell, and without any the language of whose everyday words it has most.
    """
    typed = typed_language(tree)
    if typed:
        return typed
    words = [exact for word in plain_words(tree) for _, exact in parts_of(word) if exact]
    counts = [sum(is_everyday(word, each) for word in words) for each in SNOWBALL]
    best = max(counts, default=0)
    return list(SNOWBALL)[counts.index(best)] if best and counts.count(best) == 1 else ""
