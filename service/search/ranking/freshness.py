"""How the day of an article's last review tells on its score: mildly, and never on its finding.

A health article that nobody has looked at for years may be wrong, but it is not thereby beside the
point. So age takes at most a tenth: of two articles that answer alike the fresher one stands first.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.columns.cards import Card
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking.shards import Documents

MOST = 0.1
"""The share of its score that an article loses by great age. Set by judgement, not measured: the
judged sets at hand have no dates."""

HALF_LIFE = 5 * 365.25
"""Days after which half of that is lost. Guidelines for patient information ask for a review
every three to five years."""

OUTDATED = round(3 * 365.25)
"""Days after which an article that nobody has looked at may be out of date: the shorter of these
spans, for who reads is better warned too early. Set by judgement."""

_DAYS = ("last_reviewed", "modified", "published")


def is_outdated(card: Card | Article, today: date) -> bool:
    """Return whether an article may be out of date: by the day that counts in ``Freshness``.

    One without any date is not: nothing is known of it.
    """
    looked_at = card.last_reviewed or card.modified or card.published
    return looked_at is not None and (today - looked_at).days > OUTDATED


class Freshness:
    """Knows the age of articles on the day on which the index was built."""

    def __init__(self, segments: Sequence[SegmentColumns], today: date) -> None:
        """Take the segments, and the day: not the clock's, so that answers can be kept."""
        self._segments = segments
        self._today = today.toordinal()

    def shares(self, numbers: Documents) -> NDArray[np.float64]:
        """Return the share of its score that each of some articles keeps, ``1 - MOST`` to 1.

        Its last review counts; without one the last change, and then the publication. One without
        any date is taken to be ``HALF_LIFE`` old.

        Args:
            numbers: of the articles in the index.
        """
        return self._shares.take(numbers)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """What each article keeps, by its number in the index."""
        return np.concatenate([np.zeros(0), *map(self._shares_of, self._segments)])

    def _shares_of(self, columns: SegmentColumns) -> NDArray[np.float64]:
        day = np.zeros(columns.documents, np.int64)
        for name in _DAYS:
            day = np.where(day > 0, day, columns.arrays[f"day.{name}"])
        age = np.where(day > 0, np.maximum(self._today - day, 0), HALF_LIFE)
        shares: NDArray[np.float64] = 1 - MOST * (1 - 0.5 ** (age / HALF_LIFE))
        return shares
