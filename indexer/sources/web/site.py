"""The source: everything that an address on the web leads to."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from indexer.errors import SourceError
from indexer.sources.page import (
    NOTHING_KNOWN,
    Damaged,
    Known,
    Page,
    PassedOver,
    SourceItem,
    Unchanged,
    Visit,
)
from indexer.sources.web.address import Scope, parse_address, without_secrets
from indexer.sources.web.client import Client
from indexer.sources.web.discovery import discover
from indexer.sources.web.in_order import in_order
from indexer.sources.web.listing import CrawledPages, Ledger, Listing, Row
from indexer.sources.web.options import WebOptions
from indexer.sources.web.reading import Listed, Outcome, Reader
from indexer.sources.web.robots import RobotsBook
from indexer.sources.web.trouble import NotWanted, Trouble
from indexer.sources.web.world import World

AHEAD = 2
"""Pages under way or read and not yet yielded, for each thread."""

MAX_FAILURES_IN_ROW = 20
"""After so many pages that a server would not serve, it is left alone."""


class WebSource:
    """Yields the pages of a sitemap, of a feed, or of a whole site."""

    def __init__(
        self, url: str, options: WebOptions | None = None, world: World | None = None
    ) -> None:
        """Take what to read; nothing is asked for yet.

        Raises:
            SourceError: ``url``, or a host of the options, is none that we could ask.
        """
        self._options = options or WebOptions()
        self._world = world or World()
        self._complete = False
        try:
            self._start = parse_address(url)
            self._scope = Scope(self._start, self._options.hosts)
        except NotWanted as error:
            raise SourceError(
                f"{without_secrets(url)[:200]!r} cannot be a source: {error}."
            ) from error

    @property
    def complete(self) -> bool:
        """Whether everything there is was listed. False until the items have been read."""
        return self._complete

    def size(self) -> int | None:
        """Return None: counting would mean reading the sitemaps twice."""
        return None

    def items(self, known: Known = NOTHING_KNOWN, /) -> Iterator[SourceItem]:
        """Yield every page, or why there is none, in the order of the sitemap or the links.

        Raises:
            SourceError: the source as a whole cannot be read, or its server stops to serve.
        """
        self._complete = False
        client = Client(self._scope, self._options, self._world)
        robots = RobotsBook(client)
        ledger = Ledger(self._scope, self._options.max_pages)
        executor = ThreadPoolExecutor(self._options.concurrency, thread_name_prefix="web")
        try:
            listing = discover(self._start, client, robots, ledger)
            outcomes = self._outcomes(listing, Reader(client, robots), known, executor)
            yield from _without_repeats(self._watched(outcomes))
        except (Trouble, NotWanted) as error:
            raise self._failure(str(error)) from error
        finally:
            client.stop()
            executor.shutdown(cancel_futures=True)
        if listing.complete and ledger.is_empty:
            raise self._failure("it lists no page that could be read")
        self._complete = listing.complete

    def _outcomes(
        self, listing: Listing, reader: Reader, known: Known, executor: ThreadPoolExecutor
    ) -> Iterator[Outcome]:
        """Yield what comes of each row of a listing."""
        # A page that is not sent again comes without its links, so a crawl needs them all.
        crawls = isinstance(listing, CrawledPages)

        def take() -> tuple[Row, Visit | None] | None:
            row = listing.next()
            if row is None:
                return None
            if crawls or not isinstance(row, Listed):
                return row, None
            return row, known.visit(row.address.url)

        def work(task: tuple[Row, Visit | None]) -> Outcome:
            row, before = task
            if not isinstance(row, Listed):
                return Outcome(row)
            if self._options.trust_lastmod and before and before.lastmod == row.lastmod != "":
                unchanged = Unchanged(location=row.address.url, visit=before)
                return Outcome(unchanged, row.address.url)
            return reader.read(row, before, with_links=crawls)

        ahead = AHEAD * self._options.concurrency
        return in_order(executor, ahead, take, work, listing.learn)

    def _watched(self, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        """Yield the outcomes until the server does not serve us any more.

        Raises:
            SourceError: ``MAX_FAILURES_IN_ROW`` pages failed in a row.
        """
        failures = 0
        for outcome in outcomes:
            if outcome.away is not None:
                failures = failures + 1 if outcome.away else 0
            if failures == MAX_FAILURES_IN_ROW and isinstance(outcome.item, Damaged):
                last = f"the last one, {outcome.item.location}: {outcome.item.reason}"
                raise self._failure(f"{failures} pages failed in a row ({last}); try again later")
            yield outcome

    def _failure(self, reason: str) -> SourceError:
        return SourceError(
            f"{self._start.url} cannot be read: {reason}. The live generation is untouched."
        )


def _without_repeats(outcomes: Iterator[Outcome]) -> Iterator[SourceItem]:
    """Yield the items; of several addresses that lead to one page, the first has it."""
    first: dict[str, str] = {}
    for outcome in outcomes:
        item = outcome.item
        if isinstance(item, Page | Unchanged):
            location = first.setdefault(outcome.final, item.location)
            if location != item.location:
                item = PassedOver(location=item.location, reason=f"leads to {location} too")
        yield item
