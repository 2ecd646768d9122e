"""Counts searches and clicks, and writes down what enough clients share."""

import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from anyio import CancelScope, to_thread
from starlette.types import Scope

from indexer.errors import AnalyticsError
from service.analytics.book import Book, first_day
from service.analytics.clients import Clients
from service.analytics.counts import (
    SLOWEST_MS,
    SUGGESTIONS,
    Counts,
    SearchFacts,
    add,
    click_at,
    counts_of,
)
from service.analytics.crowd import Crowd
from service.analytics.lately import Lately
from service.analytics.report import Report, read_report
from service.analytics.runs import Runs, Search
from service.analytics.text import may_be_kept, normal_form
from service.logs import log_event

LOG = logging.getLogger(__name__)

WRITE_SECONDS = 10.0
"""How often what has been counted is written down."""

DAY_SECONDS = 86_400

EPOCH = date(1970, 1, 1).toordinal()

Waiting = tuple[dict[date, Counts], dict[tuple[date, str], Counts]]
"""Counts that are to be written: of days, and of queries on days."""


@dataclass(frozen=True)
class Plan:
    """Where counts are kept (None: nowhere), how many clients make a crowd, and for how long."""

    file: Path | None = None
    k: int = 5
    days: int = 90


class Analytics:
    """The counts of one process. All methods may be called from any thread.

    Those that are called with every search only count in memory: some ten microseconds. ``report``
    reads a file. Without a file everything does nothing, and ``client`` names nobody.
    """

    def __init__(
        self,
        plan: Plan,
        address_of: Callable[[Scope], str],
        told: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take what to count, and how.

        ``address_of`` says where a request comes from, ``told`` is called after each writing with
        what went wrong or "", ``clock`` gives the seconds since 1970.
        """
        self._plan = plan
        self._book = Book(plan.file) if plan.file else None
        self._address_of, self._told, self._clock = address_of, told, clock
        self._lock = threading.Lock()
        self._clients, self._runs, self._lately = Clients(), Runs(), Lately()
        self._crowd = Crowd(plan.k)
        self._waiting: Waiting = ({}, {})
        self._cleared_on = -1
        self._is_failing = False

    @property
    def is_on(self) -> bool:
        """Whether anything is counted."""
        return self._book is not None

    def client(self, scope: Scope) -> bytes:
        """Return today's name of who asks; empty if they are not to be counted."""
        if self._book is None or scope["method"] == "HEAD":
            return b""
        address = self._address_of(scope)
        with self._lock:
            return self._clients.name(scope, address, self._today())

    def searched(self, facts: SearchFacts | None, client: bytes) -> None:
        """Take in the search of a client; None is none of its own."""
        if client and facts and facts.text:
            with self._lock:
                self._count(self._runs.add(Search(client, facts, self._clock())))

    def suggested(self, client: bytes) -> None:
        """Count that suggestions were made for a client."""
        if client:
            with self._lock:
                self._count_day(self._today(), {SUGGESTIONS: 1})

    def clicked(self, query: str, position: int, client: bytes) -> None:
        """Count that a client chose the hit at a position, from 1, if it searched for that lately.

        Who chooses a hit meant the search.
        """
        text = normal_form(query) if client else ""
        if not text:
            return
        with self._lock:
            self._count(self._runs.end(client, text))
            what = click_at(position)
            if self._lately.clicked(client, text, what, self._clock()):
                self._count_day(self._today(), {what: 1})
                self._count_query(text, client, self._today(), {what: 1})

    def report(self, days: int) -> Report:
        """Return what was counted in the last so many days, this one included; it reads a file.

        Raises:
            AnalyticsError: the file cannot be read.
        """
        self.write()
        return read_report(self._book, _date(self._today()), days, self._plan.k)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write down what is counted every few seconds while this lasts, and at its end."""
        if self._book is None:
            yield
            return
        ended = threading.Event()
        thread = threading.Thread(target=self._keep_writing, args=(ended,), name="analytics")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            with CancelScope(shield=True):
                await to_thread.run_sync(thread.join)

    def write(self, *, is_last: bool = False) -> None:
        """Write down what a crowd stands behind; once a day forget what is too old.

        What cannot be written is lost. It is told once, and never stops anything.
        """
        if self._book is None:
            return
        today = self._today()
        with self._lock:
            now = self._clock()
            self._count(self._runs.all() if is_last else self._runs.over(now))
            self._lately.forget(now)
            self._crowd.forget_before(today - self._plan.days + 1)
            (totals, queries), self._waiting = self._waiting, ({}, {})
        try:
            if today != self._cleared_on:
                self._book.forget_before(first_day(_date(today), self._plan.days))
                self._cleared_on = today
            if totals or queries:
                self._book.add(totals, queries)
        except AnalyticsError as error:
            self._tell(str(error))
        else:
            self._tell("")

    def _keep_writing(self, ended: threading.Event) -> None:
        self._write_safely()
        while not ended.wait(WRITE_SECONDS):
            self._write_safely()
        self._write_safely(is_last=True)

    def _write_safely(self, *, is_last: bool = False) -> None:
        """Write, and outlive what nobody expected; the log then has its frames, and no message."""
        try:
            self.write(is_last=is_last)
        except Exception:
            self._told("unknown")
            LOG.exception("analytics-failed")

    def _tell(self, problem: str) -> None:
        was_failing, self._is_failing = self._is_failing, bool(problem)
        self._told(problem)
        if problem and not was_failing:
            log_event(LOG, logging.WARNING, "analytics-unwritable", problem=problem)
        elif was_failing and not problem:
            log_event(LOG, logging.INFO, "analytics-mended")

    def _count(self, searches: Iterable[Search]) -> None:
        """Count searches that were meant."""
        for search in searches:
            counts = counts_of(search.facts)
            of_day = {what: number for what, number in counts.items() if what != SLOWEST_MS}
            day = _day(search.at)
            self._count_day(day, of_day)
            self._lately.searched(search.client, search.facts.text, search.at)
            self._count_query(search.facts.text, search.client, day, counts)

    def _count_query(self, text: str, client: bytes, day: int, counts: Counts) -> None:
        crowd = self._crowd.add(text, client, day, counts) if may_be_kept(text) else None
        if crowd:
            add(self._waiting[1].setdefault((_date(day), text), {}), crowd)

    def _count_day(self, day: int, counts: Counts) -> None:
        add(self._waiting[0].setdefault(_date(day), {}), counts)

    def _today(self) -> int:
        return _day(self._clock())


def _day(seconds: float) -> int:
    """Return the number of a day (UTC), from 1970."""
    return int(seconds // DAY_SECONDS)


def _date(day: int) -> date:
    return date.fromordinal(EPOCH + day)
