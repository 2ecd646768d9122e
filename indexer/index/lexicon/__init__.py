"""Word lists as data files, and the loaders that validate them."""

from indexer.index.lexicon.loader import (
    digest,
    load_pairs,
    load_phrases,
    load_spellings,
    load_words,
)

__all__ = ["digest", "load_pairs", "load_phrases", "load_spellings", "load_words"]
