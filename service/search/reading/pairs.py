"""Words that mean nothing alone and much beside another: the A of vitamin A, the IT of IT band.

Both are function words, which are not searched for. Beside the word that they belong to they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.columns.layout import EXACT
from service.search.lexicon import load_lettered
from service.search.reading.leaves import is_acronym, stops_of
from service.search.reading.query import AnyOf, Beside
from service.search.reading.spoken import is_plain_word


def with_pairs(tree: AnyOf, *, shouted: bool) -> AnyOf:
    """Return a query that asks for its pairs, too; ``shouted`` says that capitals mean nothing."""
    texts = [part.text if is_plain_word(part) else "" for part in tree.parts]
    if not any(map(_is_function_word, texts)):
        return tree
    named = [False if shouted else _is_named(texts, at) for at in range(len(texts))]
    parts = [part for part, is_named in zip(tree.parts, named, strict=True) if not is_named]
    pairs = [*_lettered(texts), *(_named(texts, at) for at, is_ in enumerate(named) if is_)]
    return replace(tree, parts=(*parts, *(pair for pair in pairs if pair.words)))


def is_letter_of(letter: str, head: str) -> bool:
    """Return whether a single letter belongs to the word before it, as in ``hepatitis A``."""
    word = analyzer(EXACT).term(head)
    return (
        len(letter) == 1
        and letter.isalpha()
        and any(word in load_lettered(language) for language in SNOWBALL)
    )


def _lettered(texts: Sequence[str]) -> Iterator[Beside]:
    for head, letter in pairwise(texts):
        if is_letter_of(letter, head):
            yield Beside((head, letter))


def _is_named(texts: Sequence[str], at: int) -> bool:
    """Return whether a function word is typed as a name among words that say what is sought."""
    return (
        is_acronym(texts[at])
        and _is_function_word(texts[at])
        and any(text and not _is_function_word(text) for text in texts)
    )


def _named(texts: Sequence[str], at: int) -> Beside:
    """Return the pair of a name and the word behind or before it; none if those mean nothing."""
    before, behind = texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""
    if behind and not _is_function_word(behind):
        return Beside((texts[at], behind))
    if before and not _is_function_word(before):
        return Beside((before, texts[at]))
    return Beside(())


def _is_function_word(text: str) -> bool:
    return any(stops_of(text))
