"""A query → the same query with the other names of what it says.

Other names are worth less than what was typed, are matched as phrases, and are shown. What is
quoted, excluded or asked for in a field stays as it was typed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from indexer.index.columns.layout import EXACT
from service.search.lexicon import Lexicon
from service.search.lexicon import Name as Named
from service.search.lexicon.table import BROADER
from service.search.reading.query import AllOf, AnyOf, Node, OneOf, Other
from service.search.reading.spoken import is_plain_word, is_shouted, plain_words
from service.search.response import Expansion

FACTORS = {
    "joined": 1.0,
    "own": 0.8,
    "drugs": 0.8,
    "acronyms": 0.8,
    "names": 0.6,
    "medlineplus": 0.6,
    "medquad": 0.4,
    "disease_ontology": 0.4,
    BROADER: 0.2,
}
"""What another name is worth beside the one that was typed, by where it is from.

What is only broader: on the project's own judged set nDCG@10 is 0.947 without it, 0.948 with 0.1
and 0.950 with 0.2; on NFCorpus dev 0.2 adds 0.0005, on SciFact train nothing.
"""


Shown = tuple[str, Named]
"""What has other names, after the language whose names they are."""


class Swap(NamedTuple):
    """Another name in the place of plain words, from ``start`` to ``end``; none that is broader."""

    start: int
    end: int
    other: Other


class Expanded(NamedTuple):
    """A query with other names in it, what they are, and how its words read with them."""

    tree: AnyOf
    expansions: tuple[Expansion, ...]
    swaps: tuple[Swap, ...]


class Expander:
    """Expands queries by a lexicon, for an index of some languages."""

    def __init__(self, lexicon: Lexicon, languages: Sequence[str]) -> None:
        self._lexicon = lexicon
        self._languages = languages

    def expand(self, tree: AnyOf, typed: str) -> Expanded:
        """Return a query with the other names of what it says.

        Args:
            tree: the parsed query.
            typed: the language that it is typed in. Where it is none of the index's, or cannot be
                told, a name may be of any of these.
        """
        languages = [typed] if typed in self._languages else self._languages
        shown: list[Shown] = []
        found = self._found(tree, languages)
        expanded = self._group(tree, found, languages, shown)
        swaps = tuple(
            Swap(name.start, name.end, other)
            for language, name in found
            for other in _others(name, language)
            if other.factor > FACTORS[BROADER]
        )
        return Expanded(expanded, _shown(shown), swaps)

    def _found(self, tree: AnyOf, languages: Sequence[str]) -> list[Shown]:
        """Return the runs of plain words of a group that have other names."""
        words, shouted = plain_words(tree), is_shouted(tree)
        return [
            (language, name)
            for language in languages
            for name in self._names(words, language, shouted=shouted)
        ]

    def _group(
        self, tree: AnyOf, found: Sequence[Shown], languages: Sequence[str], shown: list[Shown]
    ) -> AnyOf:
        """Return a group of words with the other names that were found; note them."""
        shown += found
        others = dict.fromkeys(each for language, name in found for each in _others(name, language))
        parts = tuple(self._part(part, languages, shown) for part in tree.parts)
        return replace(tree, parts=(*parts, *others))

    def _names(
        self, words: Sequence[str], language: str, *, shouted: bool = False
    ) -> tuple[Named, ...]:
        typed = [word.lower() for word in words] if shouted else words
        return self._lexicon.names(words, typed, language)

    def _part(self, node: Node, languages: Sequence[str], shown: list[Shown]) -> Node:
        """Return a part of a query with the other names of the single words in it; note them."""
        match node:
            case AllOf(parts):
                return AllOf(tuple(self._either(part, languages, shown) for part in parts))
            case OneOf(parts):
                return OneOf(tuple(self._either(part, languages, shown) for part in parts))
            case AnyOf():
                return self._group(node, self._found(node, languages), languages, shown)
            case _:
                return node

    def _either(self, node: Node, languages: Sequence[str], shown: list[Shown]) -> Node:
        if not is_plain_word(node):
            return self._part(node, languages, shown)
        found = [
            (language, name)
            for language in languages
            for name in self._names([node.text], language)
        ]
        shown += found
        others = [other for language, name in found for other in _others(name, language)]
        return OneOf((node, *others)) if others else node


def _others(name: Named, language: str) -> Iterator[Other]:
    for alternative in name.alternatives:
        # The name of a drug is the same in all languages, and has no other forms.
        is_drug = alternative.kind == "drugs" and len(alternative.words) == 1
        space = EXACT if is_drug else language
        yield Other(alternative.words, space, FACTORS[alternative.kind])


def _shown(found: Sequence[Shown]) -> tuple[Expansion, ...]:
    """Return what is told of other names: a term with all of them, each once."""
    terms: dict[str, dict[str, None]] = {}
    for _, name in found:
        terms.setdefault(name.term, {}).update({each.text: None for each in name.alternatives})
    return tuple(Expansion(term, tuple(to)) for term, to in terms.items())
