"""Titles → the words and pairs of words in them that complete what was typed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from indexer.index.columns.titles import function_words
from service.search.suggest.typed import Typed, Worded, stems_of


class TitleTerm(NamedTuple):
    """A term that titles hold.

    Attributes:
        text: the term.
        titles: how many hold it.
        goes_on: whether a word follows that was not begun.
    """

    text: Worded
    titles: int
    goes_on: bool


def title_terms(titles: Iterable[Worded], typed: Typed) -> list[TitleTerm]:
    """Return the terms that complete what was typed.

    A term is the begun word, with the typed words right before it, and with the next word or
    without it. Of several spellings the first in the alphabet stands for all.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    spelled: dict[tuple[str, ...], TitleTerm] = {}
    for title in titles:
        found = {term.text.sense: term for term in _terms(title, typed)}
        counts.update(found.keys())
        for sense, term in found.items():
            spelled[sense] = min(term, spelled.get(sense, term), key=lambda each: each.text.text)
    return [spelled[sense]._replace(titles=count) for sense, count in counts.items()]


def _terms(title: Worded, typed: Typed) -> Iterator[TitleTerm]:
    size = len(typed.words)
    for last, term in enumerate(title.terms):
        if not term.startswith(typed.begun) or last < size or term in function_words():
            continue
        pairs = zip(title.terms[last - size : last], typed.words, strict=True)
        if any(own not in stems_of(word) for own, word in pairs):
            continue
        for end in range(last, min(last + 2, len(title.words))):
            if title.terms[end] not in function_words() and _is_one(title, last - size, end):
                yield TitleTerm(_plain(title.part(last - size, end)), 1, end > last)


def _is_one(title: Worded, first: int, last: int) -> bool:
    """Return whether nothing but a space or a hyphen is between words."""
    between = pairwise(title.words[first : last + 1])
    return all(title.text[a.end : b.start] in (" ", "-") for a, b in between)


def _plain(term: Worded) -> Worded:
    """Return a piece of a title in lower case, but for words such as COPD and McArdle."""
    words = term.text.split(" ")
    text = " ".join(word.lower() if word[1:] == word[1:].lower() else word for word in words)
    return Worded(text, term.words) if len(text) == len(term.text) else term
