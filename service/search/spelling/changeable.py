"""The words of a query that a spelling correction may change, and where they stand.

Not among them: what is quoted, excluded, limited to a field, begun with a star; operators; words
with digits, acronyms typed in capitals, addresses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.index.analysis import analyzer
from indexer.index.folding import drop_possessive
from service.search.reading.leaves import tokens_of
from service.search.reading.query import AllOf, AnyOf, Node, OneOf, Word, closed

MAX_WORDS = 16
"""Words that are looked at; the further ones of a longer text stay as they are."""

_PIECE = re.compile(r'"[^"]*"|(?P<sign>-?)(?P<word>[^\s()"]+)')
_ADDRESS = re.compile(r"\w[./@:=&_\\]\w")


@dataclass(frozen=True)
class TypedWord:
    """A word as typed, without a possessive ending.

    Attributes:
        text: as typed.
        term: folded, as the index would hold it.
        start: where it begins in the query.
        end: where it ends there.
        follows: only a space is between it and the word before.
    """

    text: str
    term: str
    start: int
    end: int
    follows: bool

    def cased(self, meant: str) -> str:
        """Return what is put in its place, in capitals where they were typed."""
        if len(self.text) > 1 and self.text.isupper():
            return meant.upper()
        return meant[:1].upper() + meant[1:] if self.text[:1].isupper() else meant


def typed_words(tree: Node, text: str) -> list[TypedWord]:
    """Return the words of a parsed query that may be changed, in the order of its text."""
    plain = set(_plain(tree))
    shouted, exact = text.isupper(), analyzer("exact").term
    found: list[TypedWord] = []
    for piece in _PIECE.finditer(closed(text)):
        word = piece["word"]
        if word not in plain or piece["sign"] or _ADDRESS.search(word):
            continue
        begin = piece.start("word")
        for at, typed in _words(word):
            if shouted or not _is_acronym(typed):
                start = begin + at
                follows = bool(found) and text[found[-1].end : start] == " "
                term = exact(typed)
                found.append(TypedWord(typed, term, start, start + len(typed), follows))
    return found[:MAX_WORDS]


def _plain(node: Node) -> Iterator[str]:
    """Yield the texts of the words that are limited to no field."""
    match node:
        case Word(text, ""):
            yield text
        case AllOf(parts) | OneOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _plain(part)


def _words(piece: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of what stands between spaces, without possessive endings, and where."""
    if any(map(str.isdigit, piece)):
        return
    end = -1
    for token in tokens_of(piece):
        if token.start > end:  # the joined form of a compound begins before
            end = token.end
            yield token.start, drop_possessive(piece[token.start : end])


def _is_acronym(word: str) -> bool:
    return len(word) <= 5 and word.isupper()
