"""An ``Analytics`` whose clock a test turns, and clients that use it."""

from datetime import date
from pathlib import Path
from typing import Any

from service.access.addresses import Proxies
from service.analytics.analytics import Analytics, Plan
from service.analytics.book import Book
from service.analytics.clients import addresses
from service.analytics.counts import Counts, SearchFacts
from service.analytics.text import normal_form

NOON = 20_000 * 86_400 + 43_200.0
"""Noon of a day, in seconds since 1970."""

TODAY = date(2024, 10, 4)
PAUSE = 40.0
"""Longer than anybody types on."""


class Counting:
    """Counts into a file of the test's own; time stands still but for ``passes``."""

    def __init__(self, folder: Path, k: int = 3, days: int = 90) -> None:
        self.file = folder / "counts.db"
        self.now = NOON
        self.told: list[str] = []
        self.analytics = Analytics(
            Plan(self.file, k, days), addresses(Proxies(())), self.told.append, lambda: self.now
        )

    def passes(self, seconds: float) -> None:
        self.now += seconds

    def client(self, number: int) -> bytes:
        return self.analytics.client(visitor(number))

    def asks(self, number: int, query: str, total: int | None = 1, seconds: float = 0.01) -> None:
        """Let one client ask, and wait until it is clear what it meant."""
        facts = SearchFacts(normal_form(query), total, seconds)
        self.analytics.searched(facts, self.client(number))
        self.passes(PAUSE)

    def ask(self, clients: int, query: str, **facts: Any) -> None:
        """Let so many clients ask the same."""
        for number in range(clients):
            self.asks(number, query, **facts)

    def click(self, number: int, query: str, position: int) -> None:
        self.analytics.clicked(query, position, self.client(number))

    def kept(self) -> dict[str, Counts]:
        """Return what stands in the file of each query."""
        self.analytics.write()
        return Book(self.file).queries(date.min, date.max) if self.file.exists() else {}

    def totals(self) -> dict[date, Counts]:
        self.analytics.write()
        return Book(self.file).totals(date.min, date.max)


def visitor(number: int, method: str = "POST", **headers: str) -> dict[str, Any]:
    """Return the scope of a request of one of many clients."""
    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    address = f"192.0.2.{number % 250}"
    agent = (b"user-agent", b"Browser %d" % (number // 250))
    return {"client": (address, 1), "method": method, "headers": [agent, *named]}
