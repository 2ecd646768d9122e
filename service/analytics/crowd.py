"""Holds what was counted of a query in memory until enough clients have asked it."""

from collections import OrderedDict
from collections.abc import Mapping

from service.analytics.counts import CLIENTS, Counts, add

MAX_BYTES = 16_000_000
"""Memory of the table. An entry takes about 1.5 kB: that is some ten thousand rare queries."""

ENTRY_BYTES = 1_000
CHARACTER_BYTES = 4
CLIENT_BYTES = 100
"""What an entry takes, and each character and client of it; generous estimates of CPython's."""


class _Waiting:
    """A query that not enough clients have asked yet."""

    __slots__ = ("clients", "counts", "day", "is_shared", "size")

    def __init__(self) -> None:
        self.clients: set[bytes] = set()
        self.counts: Counts = {}
        self.day = -1
        self.is_shared = False
        self.size = 0

    def join(self, client: bytes, day: int) -> None:
        """Take in who asks; a client has another name each day."""
        if client not in self.clients:
            self.is_shared |= day == self.day
            self.clients.add(client)
            self.day = day


class Crowd:
    """Counts by query, handed out once k clients stand behind them, and then from 0 again.

    So every number that leaves is that of k clients at least: not only the first time that a query
    comes up, but also when a query that was frequent once is rare again. A client that comes back
    on another day counts as another, since nobody can tell; but two of one day must be among them,
    so that one device alone, however often it asks, is no crowd. When memory is full, the query
    that was asked least recently goes.
    """

    def __init__(self, k: int, max_bytes: int = MAX_BYTES) -> None:
        self._k = k
        self._max_bytes = max_bytes
        self._bytes = 0
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    def add(self, query: str, client: bytes, day: int, counts: Mapping[str, int]) -> Counts | None:
        """Count for a query; return all that waited, with how many clients, if they are enough."""
        entry = self._waiting.pop(query, None) or _Waiting()
        self._bytes -= entry.size
        entry.join(client, day)
        add(entry.counts, counts)
        if len(entry.clients) >= self._k and entry.is_shared:
            return {**entry.counts, CLIENTS: len(entry.clients)}
        entry.size = ENTRY_BYTES + CHARACTER_BYTES * len(query) + CLIENT_BYTES * len(entry.clients)
        self._waiting[query] = entry
        self._bytes += entry.size
        while self._bytes > self._max_bytes:
            self._bytes -= self._waiting.popitem(last=False)[1].size
        return None

    def forget_before(self, day: int) -> None:
        """Forget what nobody has asked since a day."""
        while self._waiting and next(iter(self._waiting.values())).day < day:
            self._bytes -= self._waiting.popitem(last=False)[1].size
