"""Words of everyday language, which are no errors though no article has them: ``football``.

The lists are those of pyspellchecker, made from subtitles of films and read by many. Only hashes of
the words are held: two megabytes instead of twenty.
"""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from spellchecker import SpellChecker

from indexer.index.analysis import SNOWBALL, analyzer
from indexer.index.columns.layout import EXACT

MIN_PLURAL = 5
"""Letters that a plural has more than."""


@lru_cache(maxsize=20_000)
def is_everyday(term: str, language: str) -> bool:
    """Return whether an unstemmed term is a word of a language; none is where there is no list.

    The lists lack many plurals. Words met before are remembered.
    """
    hashes = everyday_words(language)
    forms = [term]
    if len(term) > MIN_PLURAL and term.endswith("s"):
        forms += [term[:-1], term.removesuffix("es")]
    return any(_holds(hashes, hash(form)) for form in forms)


def _holds(hashes: NDArray[np.int64], wanted: int) -> bool:
    at = int(hashes.searchsorted(wanted))
    return at < len(hashes) and int(hashes[at]) == wanted


@cache
def everyday_words(language: str) -> NDArray[np.int64]:
    """Return the hashes of a language's words, ascending. The first call takes half a second."""
    if language not in SNOWBALL:
        return np.zeros(0, np.int64)
    words = SpellChecker(language=language).word_frequency.words()
    fold = analyzer(EXACT).term
    hashes = {hash(word if word.isascii() else fold(word)) for word in words}
    return np.sort(np.fromiter(hashes, np.int64, len(hashes)))
