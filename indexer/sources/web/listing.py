"""Which pages to read, in which order: those of sitemaps, of a feed, or found by following links.

A listing hands out one page after the other, and hears what came of each, in the same order.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Protocol

from indexer.sources.page import Damaged, PassedOver
from indexer.sources.web.address import Address, Scope, parse_address, shown
from indexer.sources.web.reading import Listed, Outcome
from indexer.sources.web.sitemap import Entry
from indexer.sources.web.trouble import NotWanted

Row = Listed | PassedOver | Damaged
"""A page to read, or what can be said of one without reading it."""


class Listing(Protocol):
    """Pages to read."""

    @property
    def complete(self) -> bool:
        """Whether it had all pages of the site, once it has been read to its end."""
        ...

    def next(self) -> Row | None:
        """Return the next row, or None if there is none before more has been learned.

        Raises:
            SourceError: the listing as a whole cannot be read.
        """
        ...

    def learn(self, outcome: Outcome) -> None:
        """Take note of what came of a page."""
        ...


class Ledger:
    """The pages that a job has taken on: each once, and no more than the operator allows."""

    def __init__(self, scope: Scope, max_pages: int) -> None:
        self._scope = scope
        self._max_pages = max_pages
        self._taken: set[Address] = set()
        self.overflow: Damaged | None = None
        """What to say of the first page that was one too many."""

    @property
    def is_empty(self) -> bool:
        """Whether no page was taken on."""
        return not self._taken

    def take(self, address: Address) -> bool:
        """Return whether a page is to be read now.

        Raises:
            NotWanted: it does not belong to the source.
        """
        self._scope.check(address)
        if address in self._taken or self.overflow:
            return False
        if len(self._taken) == self._max_pages:
            reason = (
                f"the limit of {self._max_pages:,} pages is reached; it and others are not read"
            )
            self.overflow = Damaged(location=address.url, reason=reason)
            return False
        self._taken.add(address)
        return True


class ListedPages:
    """The pages that a feed or sitemaps name."""

    def __init__(
        self, entries: Iterable[tuple[Entry, Address] | Damaged], ledger: Ledger, *, complete: bool
    ) -> None:
        """Take entries, each with the address that it may be relative to.

        A Damaged among them stands for entries that cannot be known.
        """
        self._ledger = ledger
        self._complete = complete
        self._rows = self._read(entries)

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return self._complete

    def next(self) -> Row | None:
        """Return the next row."""
        return next(self._rows, None)

    def learn(self, _outcome: Outcome) -> None:
        """Do nothing: a page adds nothing to the list."""

    def _read(self, entries: Iterable[tuple[Entry, Address] | Damaged]) -> Iterator[Row]:
        for entry in entries:
            if isinstance(entry, Damaged):
                self._complete = False
                yield entry
                continue
            written, place = entry
            try:
                address = parse_address(written.address, place)
                if self._ledger.take(address):
                    yield Listed(address, written.lastmod)
            except NotWanted as error:
                yield PassedOver(location=shown(written.address), reason=str(error))
            if self._ledger.overflow:
                self._complete = False
                yield self._ledger.overflow
                return


class CrawledPages:
    """The pages that can be reached from a start page by links, those nearest to it first."""

    def __init__(self, start: Address, ledger: Ledger) -> None:
        self.complete = True
        self._ledger = ledger
        self._waiting: deque[Row] = deque()
        self._add(start)

    def next(self) -> Row | None:
        """Return the next page that is known so far."""
        return self._waiting.popleft() if self._waiting else None

    def learn(self, outcome: Outcome) -> None:
        """Add a page's links. Those of a page that cannot be read would be missed."""
        if isinstance(outcome.item, Damaged):
            self.complete = False
        for address in outcome.links:
            if not self._ledger.overflow:
                self._add(address)

    def _add(self, address: Address) -> None:
        try:
            if self._ledger.take(address):
                self._waiting.append(Listed(address))
        except NotWanted:
            return  # links to other sites are everywhere
        if self._ledger.overflow:
            self._waiting.append(self._ledger.overflow)
