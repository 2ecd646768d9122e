"""``health-search analytics``: what visitors looked for, from the file of counts."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.errors import AnalyticsError
from service.analytics.book import Book
from service.analytics.report import QueryCounts, Report, read_report
from service.analytics.text import normal_form
from service.commands.printing import print_json
from service.search.today import utc_today
from service.settings import add_flags, load

MAX_DAYS = 3_650

SHOWN = 15
"""Queries of each list on the screen; ``--json`` has all of them."""


def add_analytics(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of ``health-search``."""
    command = commands.add_parser(
        "analytics",
        help="show what visitors look for, and do not find",
        description="Show what visitors look for, and do not find, from the file of counts that "
        "`serve --analytics` writes. No query stands in it that fewer than k clients asked.",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="the file of counts")
    command.add_argument(
        "--days", type=_days, default=30, metavar="N", help="the last N days, today included (30)"
    )
    command.add_argument("--json", action="store_true", help="the whole report as JSON")
    command.add_argument(
        "--forget", metavar="QUERY", help="delete a query from the file, and show nothing"
    )
    add_flags(command, ("analytics_k",))
    command.set_defaults(run=_analytics)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_DAYS):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {MAX_DAYS}")
    return int(text)


def _analytics(options: argparse.Namespace) -> int:
    book = Book(options.file)
    console = Console(highlight=False)
    if options.forget is not None:
        days = book.forget(normal_form(options.forget))
        if not days:
            raise AnalyticsError(f"The query does not stand in {options.file}.")
        console.print(f"forgotten, from {days} {'day' if days == 1 else 'days'}")
        return 0
    k = load(os.environ, {"analytics_k": options.analytics_k}).analytics_k
    report = read_report(book, utc_today(), options.days, k)
    if options.json:
        print_json(report)
    else:
        show(report, console)
    return 0


def show(report: Report, console: Console) -> None:
    """Print a report for people."""
    console.print(
        f"{report.since} to {report.until}: {report.searches} searches, "
        f"{report.zero} found nothing, {report.clicks} clicks"
    )
    console.print(f"Queries of fewer than {report.k} clients are not kept.")
    for title, rows in (
        ("Most asked", report.top),
        ("Found nothing", report.without_results),
        ("Found something, and nobody clicked", report.unclicked),
        ("Slow", report.slow),
    ):
        if rows:
            console.print(_table(title, rows))
    if report.clicks:
        clicked = [f"{each.place}: {each.clicks}" for each in report.places if each.clicks]
        console.print(f"Clicks by place: {', '.join(clicked)}")


def _table(title: str, rows: Iterable[QueryCounts]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("query")
    for name in ("searches", "nothing", "clicks", "slow", "slowest ms"):
        table.add_column(name, justify="right")
    for row in tuple(rows)[:SHOWN]:
        numbers = (row.searches, row.zero, row.clicks, row.slow, row.slowest_ms)
        table.add_row(Text(row.query), *map(str, numbers))
    return table
