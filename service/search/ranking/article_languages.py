"""How the language of a query tells on articles in others."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.shards import Documents

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

    def shares(self, numbers: Documents, language: str) -> NDArray[np.float64]:
        """Return the share of its score that each of some articles keeps.

        Args:
            numbers: of the articles in the index.
            language: of the query.
        """
        spoken = self._languages.take(numbers)
        is_other = (spoken != LANGUAGES.index(language)) & (spoken != NO_WORDS)
        return np.where(is_other, OTHER_LANGUAGE, 1.0)

    @cached_property
    def _languages(self) -> NDArray[np.uint8]:
        """The number of each article's language, by its number in the index."""
        return np.concatenate([np.zeros(0, np.uint8), *map(_languages, self._segments)])


def _languages(columns: SegmentColumns) -> NDArray[np.uint8]:
    """Return the number of each article's language: all forms of an article are of one."""
    bounds = columns.arrays["doc.tokens"].astype(np.int64)
    found = np.full(columns.documents, NO_WORDS, np.uint8)
    held = (bounds[1:] > bounds[:-1]).nonzero()[0]
    forms = columns.arrays["token.form"][bounds[held]]
    found[held] = columns.arrays["form.language"][forms]
    return found
