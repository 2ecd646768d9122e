"""A journal for jobs of tests."""

from collections.abc import Iterable

from indexer.index.job import Edit
from indexer.tally import Tally


class NoJournal:
    """For jobs that nobody follows."""

    def begin(self) -> None:
        """Do nothing."""

    def note(self, _tally: Tally, /) -> None:
        """Do nothing."""

    def later_edits(self) -> Iterable[Edit]:
        """Return nothing."""
        return ()
