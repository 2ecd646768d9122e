"""In which language a query is typed."""

from functools import lru_cache

from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.columns.layout import EXACT
from service.search.lexicon.everyday import is_everyday
from service.search.reading.query import AnyOf
from service.search.reading.spoken import parts_of, plain_words, typed_language


@lru_cache(maxsize=10_000)
def languages_of_word(word: str, languages: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """Return in which of the index's languages a word of a query is looked for by its stem.

    In all, unless it is an everyday word of the language that the query is typed in: then not in
    others in which it is none. Words met before are remembered.
    """
    term = analyzer(EXACT).term(word)
    if not typed or not is_everyday(term, typed):
        return languages
    return tuple(
        each
        for each in languages
        if each == typed or each not in SNOWBALL or is_everyday(term, each)
    )


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
