"""Where requests are counted: in this process, or in a Redis that several machines share.

Both keep a sliding window: two numbers for each caller, those of this window and of the one
before, which counts less and less. It is what ``limits`` calls a sliding window counter, and
its description is at https://limits.readthedocs.io/en/stable/strategies.html.
"""

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Protocol
from urllib.parse import urlsplit

from limits.aio.storage import RedisStorage
from limits.errors import ConfigurationError

from indexer.errors import SettingError
from service.access.rates import Rate, Window, remaining

MEMORY = "memory"
REDIS = ("redis", "rediss", "redis+unix")

MAX_CALLERS = 500_000
"""Callers that are counted at most in one window, about 100 MB; further ones are not limited,
which is better than a process without memory."""

TIMEOUT_SECONDS = 0.2
"""How long a search may wait for Redis: it answers within a millisecond, or something is wrong."""


class Store(Protocol):
    """The part of a store of ``limits`` that the service uses."""

    async def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count ``amount`` requests of a caller unless they would be over the limit."""
        ...

    async def get_sliding_window(self, key: str, expiry: int) -> Window:
        """Return where a caller stands."""
        ...


class MemoryStore:
    """Counts in memory, and forgets by whole windows.

    The one that comes with ``limits`` looks at all its callers at every request, which takes it
    2.7 ms a request with 20,000 of them (measured with limits 5.8): one visitor with many
    addresses would stop the service.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._windows: dict[int, _Windows] = {}

    async def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count ``amount`` requests of a caller unless they would be over the limit."""
        windows = self._at(expiry)
        if remaining(windows.of(key, self._clock()), Rate(limit, expiry)) < amount:
            return False
        if key in windows.now or len(windows.now) < MAX_CALLERS:
            windows.now[key] = windows.now.get(key, 0) + amount
        return True

    async def get_sliding_window(self, key: str, expiry: int) -> Window:
        """Return where a caller stands."""
        return self._at(expiry).of(key, self._clock())

    def _at(self, seconds: int) -> "_Windows":
        windows = self._windows.get(seconds)
        if windows is None:
            windows = self._windows[seconds] = _Windows(seconds)
        windows.turn(int(self._clock() // seconds))
        return windows


class _Windows:
    """This window of so many seconds and the one before it."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.number = 0
        self.before: dict[str, int] = {}
        self.now: dict[str, int] = {}

    def turn(self, number: int) -> None:
        """Make the window of this number the current one."""
        if number != self.number:
            self.before = self.now if number == self.number + 1 else {}
            self.now = {}
            self.number = number

    def of(self, key: str, time_now: float) -> Window:
        left = self.seconds - time_now % self.seconds
        return self.before.get(key, 0), left, self.now.get(key, 0), left + self.seconds


def open_store(url: str) -> Store:
    """Return the store at a URL: ``memory://``, or ``redis://`` with host, port and password.

    Raises:
        SettingError: there is no such store, or what it needs is not installed.
    """
    scheme = urlsplit(url).scheme
    if scheme == MEMORY:
        return MemoryStore()
    if find_spec("redis") is None:
        raise SettingError("--limits-url needs the package redis: install health-search[redis].")
    try:
        return RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="health-search",
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
    except (ConfigurationError, ValueError):  # they quote the URL, which may hold a password
        raise SettingError("--limits-url: it cannot be used as the address of a Redis.") from None


def parse_url(text: str) -> str:
    """Return the URL of a store as it was given.

    Raises:
        ValueError: it is none that ``open_store`` knows.
    """
    if urlsplit(text).scheme not in (MEMORY, *REDIS):
        raise ValueError("expected memory:// or redis://host:port")
    return text
