"""Typed words → the topics that begin so, or have a word that does."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.segment import SegmentColumns
from service.search.suggest.typed import Typed, worded

Mask = NDArray[np.bool_]

_LAST = "\U0010ffff"
"""Sorts after every text."""


class TopicCount(NamedTuple):
    """A topic.

    Attributes:
        name: as articles have it.
        articles: how many are on it.
        words: how many it has.
        is_first: whether it begins as was typed.
    """

    name: str
    articles: int
    words: int
    is_first: bool


class TopicCompletions:
    """The topics of a generation, which are held in memory: some 300 bytes each."""

    def __init__(self, segments: Sequence[SegmentColumns], masks: Iterable[Mask | None]) -> None:
        """Take the segments, and which of their documents are there; None for all."""
        self._segments = segments
        counts: Counter[str] = Counter()
        for segment, mask in zip(segments, masks, strict=True):
            counts.update(_counts(segment, mask))
        self._counts: Mapping[str, int] = counts
        self._ends = sorted(_ends(counts))

    def find(
        self, typed: Typed, masks: Sequence[Mask | None] | None, count: int
    ) -> list[TopicCount]:
        """Return the topics of most articles with a word where the typed text may go on.

        Args:
            typed: what was typed.
            masks: where only some documents count, those of each segment.
            count: how many to return, first those that begin so.
        """
        first = bisect_left(self._ends, (typed.text,))
        last = bisect_left(self._ends, (typed.text + _LAST,), first)
        best: dict[str, TopicCount] = {}
        for _, place, words, name in self._ends[first:last]:
            known = best.get(name)
            is_first = place == 0 or (known is not None and known.is_first)
            best[name] = TopicCount(name, self._counts[name], words, is_first)
        ranked = sorted(best.values(), key=lambda each: (-each.is_first, -each.articles, each.name))
        if masks is None:
            return ranked[:count]
        counted = (
            each._replace(articles=self._among(each.name, masks)) for each in ranked[: 4 * count]
        )
        return [each for each in counted if each.articles][:count]

    def _among(self, name: str, masks: Sequence[Mask | None]) -> int:
        """Return how many of some documents are on a topic."""
        total = 0
        for segment, mask in zip(self._segments, masks, strict=True):
            number = segment.number("topic", name.lower())
            if number is not None:
                start, end = segment.arrays["topic.ptr"][number : number + 2]
                documents = segment.arrays["topic.docs"][start:end]
                total += len(documents) if mask is None else int(mask[documents].sum())
        return total


def _counts(segment: SegmentColumns, mask: Mask | None) -> dict[str, int]:
    """Return how many of a segment's documents have each topic."""
    carried = segment.arrays["topic.of"]
    if mask is not None:
        carried = carried[np.repeat(mask, np.diff(segment.arrays["topic.of_ptr"]))]
    raw = segment.arrays["topic.values"].tobytes()
    ends = segment.arrays["topic.values_ptr"].tolist()
    names = [raw[start:end].decode() for start, end in pairwise(ends)]
    counts = np.bincount(carried, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _ends(names: Iterable[str]) -> Iterable[tuple[str, int, int, str]]:
    """Yield, from each of its words on, the folded text of every topic."""
    for name in names:
        words = worded(name).terms
        for place in range(len(words)):
            yield " ".join(words[place:]), place, len(words), name
