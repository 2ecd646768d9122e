"""How often a host is asked, and when again after it said no."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from threading import Event, Lock

from indexer.sources.web.world import World

MAX_CRAWL_DELAY_SECONDS = 30.0
"""A longer one is taken for this: 2,880 pages a day."""

MAX_RETRY_AFTER_SECONDS = 120.0
"""A server that wants more than this is asked after this, and then given up."""

FIRST_BACKOFF_SECONDS = 1.0


class Stopped(Exception):
    """The job ends; whoever still waits for a turn gets none."""


class Pace:
    """Gives turns to threads: for one host, one after the other with an interval between."""

    def __init__(self, rate_per_second: float, world: World) -> None:
        self._world = world
        self._interval = 1 / rate_per_second
        self._intervals: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._lock = Lock()
        self._stop = Event()

    def take_turn(self, host: str) -> None:
        """Wait until the host may be asked.

        Raises:
            Stopped: ``stop`` was called.
        """
        while not self._stop.is_set():
            with self._lock:
                now = self._world.clock()
                seconds = self._next.get(host, now) - now
                if seconds <= 0:
                    self._next[host] = now + self._intervals.get(host, self._interval)
                    return
            # Then look again: others may have been faster, or the host is to be left alone.
            self._world.wait(self._stop, seconds)
        raise Stopped

    def slow_down(self, host: str, seconds: float) -> None:
        """Keep this interval between the requests to a host, if it is longer than ours."""
        with self._lock:
            before = self._intervals.get(host, self._interval)
            self._intervals[host] = max(before, min(seconds, MAX_CRAWL_DELAY_SECONDS))
            if host in self._next:
                self._next[host] += self._intervals[host] - before

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for some seconds."""
        with self._lock:
            until = self._world.clock() + seconds
            self._next[host] = max(until, self._next.get(host, until))

    def stop(self) -> None:
        """Let nobody wait any longer."""
        self._stop.set()


def backoff_seconds(failures: int, world: World) -> float:
    """Return how long to wait after some failures: 1, 2, 4 seconds and so on, and some chance.

    The chance keeps clients that failed together from coming back together.
    """
    return float(FIRST_BACKOFF_SECONDS * 2 ** (failures - 1) * (1 + world.chance()))


def retry_after_seconds(headers: Mapping[str, str], world: World) -> float:
    """Return what a Retry-After header asks for (RFC 9110, section 10.2.3), or 0."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_RETRY_AFTER_SECONDS)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    # "-0000" and some old spellings give a date without a zone; HTTP means GMT.
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    seconds = (date - world.now()).total_seconds()
    return max(0.0, min(seconds, MAX_RETRY_AFTER_SECONDS))
