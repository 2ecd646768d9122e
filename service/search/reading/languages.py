"""In which language a query is typed, and how that tells on articles in others."""

from collections.abc import Sequence

import numpy as np

from indexer.index.analysis import LANGUAGES, SNOWBALL
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.selection import Place
from service.search.reading.query import AnyOf
from service.search.reading.spoken import parts_of, plain_words, typed_language
from service.search.spelling.everyday import is_everyday

OTHER_LANGUAGE = 0.8
"""The share of its score that an article keeps which is not in the language of the query. Set by
judgement: "diabetes tipo 2" asks for the Spanish article, whatever English ones say of diabetes."""

NO_WORDS = 255
"""The language of an article without words."""


def query_language(tree: AnyOf) -> str:
    """Return the language that a query is typed in, or empty where that cannot be told.

    Its function words tell, and without any the language of whose everyday words it has most.
    """
    typed = typed_language(tree)
    if typed:
        return typed
    words = [exact for word in plain_words(tree) for _, exact in parts_of(word) if exact]
    counts = [sum(is_everyday(word, each) for word in words) for each in SNOWBALL]
    best = max(counts, default=0)
    return list(SNOWBALL)[counts.index(best)] if best and counts.count(best) == 1 else ""


class ArticleLanguages:
    """Knows the languages of articles, by their words."""

    def __init__(self, segments: Sequence[SegmentColumns], languages: Sequence[str]) -> None:
        """Take the segments, and the analyzers' languages of their articles."""
        self._segments = segments
        self.are_several = len(languages) > 1
        self._known: dict[int, memoryview] = {}

    def share(self, place: Place, language: str) -> float:
        """Return the share of its score that an article keeps where a query is in a language."""
        known = self._known.get(place.segment)
        if known is None:
            known = self._known[place.segment] = _languages(self._segments[place.segment])
        is_other = known[place.document] not in (LANGUAGES.index(language), NO_WORDS)
        return OTHER_LANGUAGE if is_other else 1.0


def _languages(columns: SegmentColumns) -> memoryview:
    """Return the number of each article's language: all forms of an article are of one."""
    bounds = columns.arrays["doc.tokens"].astype(np.int64)
    found = np.full(columns.documents, NO_WORDS, np.uint8)
    held = (bounds[1:] > bounds[:-1]).nonzero()[0]
    forms = columns.arrays["token.form"][bounds[held]]
    found[held] = columns.arrays["form.language"][forms]
    return found.data
