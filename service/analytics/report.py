"""What the editors are told: frozen, ready for a page or JSON, and nothing of single people."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from service.analytics.book import Book, first_day
from service.analytics.counts import (
    CLICKS,
    CLIENTS,
    KEPT,
    PLACES,
    SEARCHES,
    SLOW,
    SLOWEST_MS,
    SUGGESTIONS,
    ZERO,
    Counts,
)

LISTED = 50
"""Queries in each list."""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted on a day (UTC), of all queries."""

    day: date
    searches: int
    zero: Annotated[int, Meta(description="Searches that found nothing.")]
    clicks: int
    kept: Annotated[int, Meta(description="Searches whose answer was kept from before.")]
    suggestions: int


class PlaceClicks(msgspec.Struct, frozen=True):
    """Clicks on the hits at one place, of all queries."""

    place: Annotated[str, Meta(description="`1` to `10`, `11-20` or `21+`.")]
    clicks: int
    share: Annotated[float, Meta(description="Of all searches that found something.")]


class QueryCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted of a query that enough clients asked."""

    query: str
    searches: int
    zero: int
    clicks: int
    click_rate: Annotated[float, Meta(description="Clicks a search that found something.")]
    slow: int
    slowest_ms: Annotated[int, Meta(description="Of the slow ones, rounded to 100.")]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted in the days from ``since`` to ``until``.

    Attributes:
        is_on: whether anything is counted at all.
        k: how many clients must have asked a query before it stands here.
        days: every day of the period, the oldest first.
        unclicked: found something, and nobody clicked it; empty where no clicks are sent at all.
    """

    is_on: bool
    since: date
    until: date
    k: int
    searches: int
    zero: int
    clicks: int
    days: tuple[Day, ...]
    places: tuple[PlaceClicks, ...]
    top: tuple[QueryCounts, ...]
    without_results: tuple[QueryCounts, ...]
    unclicked: tuple[QueryCounts, ...]
    slow: tuple[QueryCounts, ...]


def read_report(book: Book | None, until: date, days: int, k: int) -> Report:
    """Return the report of the last so many days, at least one; without a book an empty one.

    Raises:
        AnalyticsError: the book cannot be read.
    """
    since = first_day(until, days)
    totals = book.totals(since, until) if book else {}
    queries = book.queries(since, until) if book else {}
    period = [since + timedelta(days=number) for number in range(days)]
    return report_of(period, totals, queries, k, is_on=book is not None)


def report_of(
    days: Iterable[date],
    totals: Mapping[date, Counts],
    queries: Mapping[str, Counts],
    k: int,
    *,
    is_on: bool = True,
) -> Report:
    """Return the report of a period's days; what fewer than k clients asked is left out."""
    rows = tuple(_day(day, totals.get(day, {})) for day in days)
    asked = [_query(*each) for each in queries.items() if each[1].get(CLIENTS, 0) >= k]
    has_clicks = any(row.clicks for row in rows)
    return Report(
        is_on=is_on,
        since=rows[0].day,
        until=rows[-1].day,
        k=k,
        searches=sum(row.searches for row in rows),
        zero=sum(row.zero for row in rows),
        clicks=sum(row.clicks for row in rows),
        days=rows,
        places=_places(rows, totals),
        top=_most(asked, "searches"),
        without_results=_most(asked, "zero"),
        unclicked=_most(q for q in asked if has_clicks and not q.clicks and q.searches > q.zero),
        slow=_most(asked, "slow"),
    )


def _day(day: date, counts: Counts) -> Day:
    return Day(
        day=day,
        searches=counts.get(SEARCHES, 0),
        zero=counts.get(ZERO, 0),
        clicks=_clicks(counts),
        kept=counts.get(KEPT, 0),
        suggestions=counts.get(SUGGESTIONS, 0),
    )


def _query(query: str, counts: Counts) -> QueryCounts:
    searches, zero, clicks = counts.get(SEARCHES, 0), counts.get(ZERO, 0), _clicks(counts)
    return QueryCounts(
        query=query,
        searches=searches,
        zero=zero,
        clicks=clicks,
        click_rate=_share(clicks, searches - zero),
        slow=counts.get(SLOW, 0),
        slowest_ms=counts.get(SLOWEST_MS, 0),
    )


def _places(rows: Iterable[Day], totals: Mapping[date, Counts]) -> tuple[PlaceClicks, ...]:
    found = sum(row.searches - row.zero for row in rows)
    of_days = [totals[row.day] for row in rows if row.day in totals]
    sums = [sum(counts.get(name, 0) for counts in of_days) for name in CLICKS]
    return tuple(
        PlaceClicks(place, clicks, _share(clicks, found))
        for place, clicks in zip(PLACES, sums, strict=True)
    )


def _most(rows: Iterable[QueryCounts], what: str = "searches") -> tuple[QueryCounts, ...]:
    """Return the rows with the highest numbers above 0; equal ones in the order of the alphabet."""
    some = [row for row in rows if getattr(row, what) > 0]
    return tuple(sorted(some, key=lambda row: (-getattr(row, what), row.query))[:LISTED])


def _clicks(counts: Counts) -> int:
    return sum(counts.get(name, 0) for name in CLICKS)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole > 0 else 0.0
