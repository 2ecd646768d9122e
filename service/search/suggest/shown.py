"""A suggestion's text, with what completes the typed words marked.

What is marked is what would be added, as the big search engines do it: the eye looks for what is
new. (``<mark>`` in hits is around what was found.) A word that is meant in spite of a slip counts
as typed.
"""

from collections.abc import Iterator
from html import escape

from indexer.index.analysis import analyzer
from indexer.index.columns.titles import subject_at
from service.search.suggest.typed import Typed, Worded, stems_of


def marked(text: Worded, typed: Typed) -> str:
    """Return a text, HTML-escaped, with ``<mark>`` around all but the typed words."""
    pieces, at = [], 0
    for start, end in _typed_places(text, typed):
        pieces += [_added(text.text[at:start]), escape(text.text[start:end])]
        at = end
    pieces.append(_added(text.text[at:]))
    return "".join(pieces)


def _added(text: str) -> str:
    """Mark a piece from its first visible character to its last, if it says anything."""
    if not any(character.isalnum() for character in text):
        return escape(text)
    core = text.strip()
    before, _, after = text.partition(core)
    return f"{escape(before)}<mark>{escape(core)}</mark>{escape(after)}"


def _typed_places(text: Worded, typed: Typed) -> Iterator[tuple[int, int]]:
    """Yield where typed words stand in a text, in order; of the last one what was typed of it."""
    whole = {stem for word in typed.words for stem in stems_of(word)}
    is_whole = [not whole.isdisjoint(stems_of(term)) for term in text.terms]
    begun = _begun_at(text, typed, is_whole)
    for at, word in enumerate(text.words):
        if at == begun and word.term.startswith(typed.begun):
            yield word.start, word.start + _length(text.text[word.start : word.end], typed.begun)
        elif at == begun or is_whole[at]:
            yield word.start, word.end


def _begun_at(text: Worded, typed: Typed, is_whole: list[bool]) -> int:
    """Return which word of a text the last typed one most likely becomes, or -1.

    That is one that follows a typed word, or the word itself, or one in the subject.
    """
    of_begun, subject = stems_of(typed.begun), subject_at(text.terms)
    found = [
        (not (at and is_whole[at - 1]), term != typed.begun, at < subject, at)
        for at, term in enumerate(text.terms)
        if term.startswith(typed.begun) or not of_begun.isdisjoint(stems_of(term))
    ]
    return min(found)[-1] if found else -1


def _length(word: str, beginning: str) -> int:
    """Return how much of a word as it stands in a text folds to its beginning."""
    term = analyzer("exact").term
    return next(n for n in range(1, len(word) + 1) if len(term(word[:n])) >= len(beginning))
