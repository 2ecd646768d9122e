"""What deleted articles still count for in Whoosh's statistics, so that it can be taken off.

Whoosh marks an article of a finished segment as deleted and leaves its postings where they are: the
document frequencies and field lengths of the segment still hold it. A ranking made from them would
depend on how the index came to be. So each deletion is booked here, term by term, and a ranking
takes the sums off; an index that was changed a hundred times then scores like one built anew.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import numpy as np

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.columns.layout import FIELDS_OF
from indexer.index.inversion import Inversion
from indexer.index.postings import postings_of, scored_fields

WITHDRAWALS = "withdrawals.msgpack"


class Withdrawn(msgspec.Struct):
    """What the deleted articles of a segment add to its statistics.

    Attributes:
        frequencies: by field, how many of them hold each term.
        lengths: by field, how many words they have.
    """

    frequencies: dict[str, dict[str, int]] = {}
    lengths: dict[str, int] = {}

    def add(self, articles: Iterable[Article]) -> None:
        """Book the deletion of articles, counted as they were when they were written."""
        inversion = Inversion()
        for article in articles:
            inversion.add(article)
        postings = postings_of(inversion)
        for space, number, name in scored_fields():
            held = postings[space]
            sizes = np.diff(held.ptr)[number :: len(FIELDS_OF[space])]
            counts = self.frequencies.setdefault(name, {})
            for place in np.flatnonzero(sizes).tolist():
                term = held.terms[place]
                counts[term] = counts.get(term, 0) + int(sizes[place])
            self.lengths[name] = self.lengths.get(name, 0) + int(held.words[number].sum())


BySegment = Mapping[str, Withdrawn]
"""The withdrawals of each segment that has any, by the segment's name."""


def total(withdrawals: Iterable[Withdrawn]) -> Withdrawn:
    """Return the sums over several segments."""
    summed = Withdrawn()
    for each in withdrawals:
        for name, counts in each.frequencies.items():
            held = summed.frequencies.setdefault(name, {})
            for term, count in counts.items():
                held[term] = held.get(term, 0) + count
        for name, length in each.lengths.items():
            summed.lengths[name] = summed.lengths.get(name, 0) + length
    return summed


def write_withdrawals(folder: Path, withdrawals: BySegment) -> None:
    """Write the withdrawals of a generation."""
    (folder / WITHDRAWALS).write_bytes(msgspec.msgpack.encode(withdrawals))


def read_withdrawals(folder: Path) -> dict[str, Withdrawn]:
    """Read the withdrawals of the generation in ``folder``.

    Raises:
        IndexDamaged: the file is missing or malformed.
    """
    path = folder / WITHDRAWALS
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Withdrawn])
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}). Roll back or reindex.") from error
