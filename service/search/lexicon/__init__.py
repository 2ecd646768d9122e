"""Which other names a health term has: data files, the loader that validates them, and the look-up.

It is used when a query is read, never when an index is built, so a change here rebuilds nothing.
"""

from service.search.lexicon.live import LiveLexicon
from service.search.lexicon.loader import check_lexicon, load_lettered, load_lexicon
from service.search.lexicon.lookup import Alternative, Lexicon, Name

__all__ = [
    "Alternative",
    "Lexicon",
    "LiveLexicon",
    "Name",
    "check_lexicon",
    "load_lettered",
    "load_lexicon",
]
