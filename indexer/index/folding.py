"""One written form for words that differ only in case, accents or typography."""

import unicodedata

from indexer.index.lexicon import load_pairs

_APOSTROPHES = str.maketrans("", "", "'’ʼ")
_POSSESSIVES = ("'s", "’s", "ʼs", "'", "’", "ʼ")


def fold(word: str) -> str:
    """Return ``word`` in lower case, without accents, ligatures and compatibility forms.

    ``Œdème`` → ``oedeme``, ``Niño`` → ``nino``, ``β`` → ``beta``. Both the index and the query
    are folded before they are stemmed, so a query typed without accents meets the same terms.
    """
    replacements = load_pairs("folding.tsv")
    if word.isascii():
        lower = word.lower()
        return replacements.get(lower, lower)
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    bare = replacements.get(bare, bare)
    return "".join(replacements.get(c, c) if c in _LIGATURES else c for c in bare).casefold()


_LIGATURES = frozenset("æœøđłıħŧþð")


def drop_possessive(word: str) -> str:
    """Return ``word`` without a possessive ending: ``john's`` → ``john``."""
    for ending in _POSSESSIVES:
        if word.endswith(ending):
            return word[: -len(ending)]
    return word


def drop_apostrophes(word: str) -> str:
    """Return ``word`` without apostrophes: ``john's`` → ``johns``, ``don't`` → ``dont``."""
    return word.translate(_APOSTROPHES)
