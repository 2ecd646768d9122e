"""The plain words of a query, in the order in which they were typed."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeGuard

from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.columns.layout import EXACT
from service.search.plan import Leaf
from service.search.reading.leaves import stops_of, tokens_of
from service.search.reading.query import AnyOf, Beside, Fuzzy, Node, Other, Phrase, Prefix, Word


class Spoken(NamedTuple):
    """A word that was typed plainly, or a part of a compound.

    Attributes:
        text: as typed.
        exact: its unstemmed term.
        leaves: its terms, by which it is looked for; none for a function word.
        place: of the plain word that it is a part of, among them.
    """

    text: str
    exact: str
    leaves: tuple[Leaf, ...]
    place: int


def plain_words(tree: AnyOf) -> list[str]:
    """Return the words of a query that stand side by side, without field or operator."""
    return [part.text for part in tree.parts if is_plain_word(part)]


def is_plain(tree: AnyOf) -> bool:
    """Return whether a query is nothing but words side by side."""
    said = (part for part in tree.parts if not isinstance(part, Other | Beside))
    return not tree.excluded and all(map(is_plain_word, said))


def is_plain_word(node: Node) -> TypeGuard[Word]:
    """Return whether a part of a query is a word without a field."""
    return isinstance(node, Word) and not node.field


def parts_of(word: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a word, each with its unstemmed term; joined forms are left out."""
    last = -1
    for token in tokens_of(word):
        if token.position > last:
            yield token.text, analyzer(EXACT).term(token.text)
            last = token.position


def is_shouted(node: Node) -> bool:
    """Return whether several words were typed, and all of them in capitals: ``KNEE PAIN``."""
    words = (token.text for text in _texts(node) for token in tokens_of(text))
    count = 0
    for word in words:
        if word.isalpha():
            if not word.isupper():
                return False
            count += 1
    return count > 1


def typed_language(node: Node) -> str:
    """Return the language most of whose own function words stand in the query, or empty."""
    stops = [stops_of(token.text) for text in _texts(node) for token in tokens_of(text)]
    counts = [sum(of_language) for of_language in zip(*stops, strict=True)]
    best = max(counts, default=0)
    return list(SNOWBALL)[counts.index(best)] if best and counts.count(best) == 1 else ""


def _texts(node: Node) -> Iterable[str]:
    if isinstance(node, Word | Phrase | Prefix | Fuzzy):
        yield node.text
    elif not isinstance(node, Other | Beside):
        for part in node.parts:
            yield from _texts(part)


def compounds(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text, and the joined forms of the compounds in it."""
    words: list[str] = []
    joined: list[str] = []
    last = -1
    for token in tokens_of(text):
        (words if token.position > last else joined).append(token.text)
        last = max(last, token.position)
    return words, joined


def exact_terms(text: str) -> list[str]:
    """Return the unstemmed terms of a text, compounds in their parts."""
    words, _ = compounds(text)
    return [term for word in words if (term := analyzer("exact").term(word))]
