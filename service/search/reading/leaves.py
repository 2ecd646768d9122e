"""Words of a query → their terms in the fields of the index."""

from collections.abc import Mapping
from functools import lru_cache

from indexer.article import UNDETERMINED
from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.columns.layout import EXACT
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS
from indexer.index.tokenizer import Token, tokenize
from service.search.plan import Leaf

EXACT_BONUS = 0.1
"""Share of an exact field's weight for a word that also counts stemmed: the very form typed
ranks before its relatives. Found as all constants of the ranking (``tests.quality.constants``)."""

_TEXT_PLACES = {text_field.name: place for place, text_field in enumerate(TEXT_FIELDS)}
TARGETS: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "": (tuple(range(len(TEXT_FIELDS))), tuple(range(len(EXACT_FIELDS)))),
    "title": ((_TEXT_PLACES["title"],), (0,)),
    "heading": ((_TEXT_PLACES["headings"],), ()),
    "body": ((_TEXT_PLACES["body"],), (1,)),
    "topic": ((_TEXT_PLACES["keywords"],), ()),
}
"""The text fields and the exact fields behind each name of the query language."""


def has_exact(name: str) -> bool:
    """Whether there are unstemmed fields behind a name of the query language."""
    return bool(TARGETS[name][1])


MAX_REMEMBERED = 60
"""Characters of a text whose tokens are remembered. Ten thousand texts of 500 characters, of a part
and a hyphen each, would take 350 MB."""


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a word or phrase of a query; short ones met before are remembered."""
    return _remembered(text) if len(text) <= MAX_REMEMBERED else tuple(tokenize(text))


@lru_cache(maxsize=10_000)
def _remembered(text: str) -> tuple[Token, ...]:
    return tuple(tokenize(text))


@lru_cache(maxsize=10_000)
def leaves_of(word: str, name: str, languages: tuple[str, ...], typed: str) -> tuple[Leaf, ...]:
    """Return the terms of a word in the fields behind a name; words met before are remembered.

    Args:
        word: as typed.
        name: of the query language.
        languages: the analyzers' languages to search in.
        typed: the language that the query is typed in, or empty.
    """
    stemmed, exact = TARGETS[name]
    leaves = [
        Leaf(language, term, stemmed)
        for language in languages
        if (term := analyzer(language).term(word)) and not _is_function_word(word, language, typed)
    ]
    unstemmed = analyzer(EXACT).term(word)
    if exact and unstemmed and not _is_function_word(word, UNDETERMINED, typed):
        leaves.append(Leaf(EXACT, unstemmed, exact, EXACT_BONUS))
    return tuple(leaves)


def is_acronym(word: str) -> bool:
    """Return whether a word is typed as an acronym: ``AIDS``, ``IT``, ``ALS``, ``MS``.

    Such a word is searched unstemmed only, or AIDS would find hearing aids.
    """
    return 2 <= len(word) <= 5 and word.isalpha() and word.isupper()


def alone_leaf(word: str, name: str) -> tuple[Leaf, ...]:
    """Return the unstemmed term of a word that is looked for in no other form, if it has one."""
    term = analyzer(EXACT).term(word)
    return (Leaf(EXACT, term, TARGETS[name][1]),) if term and has_exact(name) else ()


def _is_function_word(word: str, language: str, typed: str) -> bool:
    """Return whether a word is to be ignored in ``language``'s fields.

    A stop word of the language that the query is typed in is ignored in all: "the" means nothing
    in a Spanish article either, and is rare enough there to outweigh all else. A word that is a
    stop word of some language is ignored in articles of undetermined language.
    """
    if typed:
        return analyzer(typed).term(word) == ""
    if language == UNDETERMINED:
        return any(stops_of(word))
    return analyzer(language).term(word) == ""


@lru_cache(maxsize=10_000)
def stops_of(word: str) -> tuple[bool, ...]:
    """Return of which languages a word is a stop word."""
    return tuple(analyzer(language).term(word) == "" for language in SNOWBALL)
