"""What this package takes from outside, apart from HTTP itself; tests bring their own."""

import random
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event


def _look_up(host: str, port: int) -> list[str]:
    """Return all IP addresses of a host, in the system's order of preference.

    Raises:
        OSError: there are none.
        UnicodeError: this can be no host.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class World:
    """Names, clocks, waiting and chance.

    Attributes:
        look_up: host and port -> IP addresses.
        clock: seconds that only ever grow.
        now: the time of day, for dates in headers.
        wait: waits for an event, or a number of seconds.
        chance: a number from 0 to 1.
    """

    look_up: Callable[[str, int], Sequence[str]] = _look_up
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    wait: Callable[[Event, float], object] = Event.wait
    chance: Callable[[], float] = random.random
