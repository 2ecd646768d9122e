"""Words → the articles whose titles say them and little else: "asthma" asks for that article.

A title's likeness to some words is the share of its words that they are, if it has them all;
function words do not count. "What is asthma?" is asthma, "Asthma in children" by half.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.columns.layout import EXACT
from service.search.plan import Leaf, Titled
from service.search.ranking.shards import Documents, Shard, looked_up
from service.search.ranking.statistics import Statistics, field_lengths

WORTH = 6.0
"""What a title of just these words adds, times the sum of their idfs. A word that fills all fields
is worth at most 7 times its idf, so such an article is first or nearly."""

SHARPNESS = 3
"""The power of the likeness: a title of twice as many words adds an eighth."""

TITLE = 0
"""The place of the title among the fields of every space."""


class _Held(NamedTuple):
    """Documents whose titles hold a word, in order, and the loads of the postings."""

    documents: Documents
    loads: NDArray[np.uint16]


def find_titled(
    titled: Titled, shard: Shard, statistics: Statistics
) -> tuple[Documents, NDArray[np.float64]]:
    """Return the documents whose titles hold all of some words, and what that is worth."""
    held = [_held(word, shard, statistics) for word in titled.words]
    held.sort(key=lambda each: len(each.documents))
    documents, lengths = held[0].documents, field_lengths(held[0].loads)
    for others in held[1:]:
        held_too, at = looked_up(documents, others.documents)
        # Unstemmed, function words are words, too: all agree only on the greater length.
        documents = documents[held_too]
        lengths = np.maximum(lengths[held_too], field_lengths(others.loads[at]))
    likeness = np.minimum(len(titled.words) / lengths, 1.0)
    idfs = sum(statistics.idf_of((leaf.space, leaf.term) for leaf in word) for word in titled.words)
    return documents, likeness**SHARPNESS * (WORTH * titled.factor * idfs)


def _held(word: tuple[Leaf, ...], shard: Shard, statistics: Statistics) -> _Held:
    """Return the titles that hold a word: by its stems, or unstemmed if it has none."""
    stems = [leaf for leaf in word if leaf.space != EXACT] or word
    documents, loads = [np.zeros(0, np.intp)], [np.zeros(0, np.uint16)]
    for leaf in stems:
        term = statistics.runs(leaf.space, leaf.term)
        for runs in shard.runs[leaf.space]:
            if bounds := term.offsets[runs.place]:
                stretch = slice(bounds[TITLE], bounds[TITLE + 1])
                documents.append(runs.docs[stretch] + np.intp(runs.base))
                loads.append(runs.loads[stretch])
    found, of_found = np.concatenate(documents), np.concatenate(loads)
    order = found.argsort(kind="stable")
    return _Held(found[order], of_found[order])
