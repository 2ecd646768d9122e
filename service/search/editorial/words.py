"""The words of a text as notices and rules compare them."""

from collections.abc import Iterable, Mapping, Sequence

from indexer.index.analysis import analyzer
from indexer.index.columns.layout import EXACT


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents, apostrophes and punctuation.

    ``I can't breathe!`` → ``i cant breathe``; a compound gives its parts: ``self-harm`` → ``self
    harm``. Any text will do.
    """
    words: list[str] = []
    for term in analyzer(EXACT).terms(text):
        if term.position >= len(words):  # the joined form of a compound follows its parts
            words.append(term.text)
    return tuple(words)


def respelled(words: Iterable[str], spellings: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return words with those that are spelled otherwise as they are to be read."""
    return tuple(each for word in words for each in spellings.get(word, (word,)))
