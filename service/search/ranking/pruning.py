"""The best documents for words, without adding up what common words are worth to all of them.

As in MaxScore (Turtle and Flood, 1995): a document must be worth as much as the last of the best so
far. Words that are worth less than that at most, even together, cannot make it so good alone; they
are left out at first. The others are added up, and only who could still be among the best is looked
up in what was left out. The answer is the same; it costs less.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.search.ranking.runs import Scored
from service.search.ranking.selection import SLACK
from service.search.ranking.shards import Documents
from service.search.ranking.words import WordScore, add_up

LEFT_OUT_SHARE = 0.7
"""What the words left out may be worth at most, as a share of what a document must be worth: with
more, too many documents have to be looked up."""

MIN_DOCUMENTS = 2_000
"""A word that fewer documents have is added up like the others, for that costs no more."""


def contenders(words: Sequence[WordScore], size: int, threshold: float) -> Scored:
    """Return the documents of a shard that may be among the best, and what they are worth.

    Args:
        words: what each word is worth to the documents that have it.
        size: how many documents are wanted.
        threshold: what a document must be worth; zero as long as that is not known.
    """
    if len(words) < 2 or all(len(word.documents) < MIN_DOCUMENTS for word in words):
        return add_up(words)
    # The best for a single word are worth no less with the others.
    first = max(words, key=lambda word: word.most)
    needed, left = _split(words, max(threshold, first.reached_by(size)))
    # Where all are left out no document of the shard is good enough.
    documents, worth = add_up(needed)
    if not left:
        return documents, worth
    most = sum(word.most for word in left)
    kept = (worth > threshold - most - SLACK).nonzero()[0]
    documents, worth = documents[kept], worth[kept]
    for word in left:
        worth += _looked_up(word, documents)
    return documents, worth


def matching(words: Sequence[WordScore], count: int) -> NDArray[np.bool_]:
    """Return whether each of the first ``count`` documents has any of some words."""
    matched = np.zeros(count, np.bool_)
    for word in words:
        matched[word.documents] = True
    return matched


def _split(words: Sequence[WordScore], threshold: float) -> tuple[list[WordScore], list[WordScore]]:
    """Return the words to add up, and those to leave out at first."""
    room = LEFT_OUT_SHARE * threshold
    needed: list[WordScore] = []
    left: list[WordScore] = []
    for word in sorted(words, key=lambda word: word.most):
        if word.most <= room and len(word.documents) >= MIN_DOCUMENTS:
            room -= word.most
            left.append(word)
        else:
            needed.append(word)
    return needed, left


def _looked_up(word: WordScore, documents: Documents) -> NDArray[np.float64]:
    """Return what a word is worth to some documents, whose numbers ascend."""
    at = word.documents.searchsorted(documents)
    np.minimum(at, len(word.documents) - 1, out=at)
    return np.where(word.documents[at] == documents, word.worth[at], 0.0)
