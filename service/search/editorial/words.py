"""The words of a text as notices and rules compare them."""

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
