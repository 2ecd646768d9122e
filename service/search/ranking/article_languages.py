"""How the language of a query tells on articles in others."""

from collections.abc import Sequence

import numpy as np

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.selection import Place

OTHER_LANGUAGE = 0.8
"""The share of its score that an article keeps which is not in the language of the query. Set by
judgement: "diabetes tipo 2" asks for the Spanish article, whatever English ones say of diabetes."""

NO_WORDS = 255
"""The language of an article without words."""


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
