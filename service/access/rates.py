"""How often somebody may ask: ``600/minute``, and where one stands in the sliding window of it."""

import math
import re
from typing import NamedTuple

OFF = "off"

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}

_RATE = re.compile(rf"([1-9][0-9]{{0,8}})/({'|'.join(SECONDS)})")

Window = tuple[int, float, int, float]
"""What a store of the ``limits`` library knows of one caller: requests of the window before, the
seconds for which these count still, requests of this window, and the seconds for which those do,
in this window and the next."""


class Rate(NamedTuple):
    """So many requests in so many seconds."""

    amount: int
    seconds: int


def parse_rate(text: str) -> Rate | None:
    """Return the rate that a text is; none is ``off``.

    Raises:
        ValueError: it is neither.
    """
    text = "".join(text.lower().split())
    if text == OFF:
        return None
    if match := _RATE.fullmatch(text):
        return Rate(int(match[1]), SECONDS[match[2]])
    raise ValueError("expected a rate such as 600/minute (second, minute, hour or day), or off")


def checked_rate(text: str) -> str:
    """Return a rate, or ``off``, as it is written without white space.

    Raises:
        ValueError: it is neither.
    """
    parse_rate(text)
    return "".join(text.lower().split())


def remaining(window: Window, rate: Rate) -> int:
    """Return how many requests are left now."""
    before, fades_in, now, _ = window
    return max(0, rate.amount - math.floor(before * fades_in / rate.seconds) - now)


def wait_seconds(window: Window, rate: Rate, cost: int) -> int:
    """Return the whole seconds after which a request of this ``cost`` fits, 0 if it does now.

    Requests of the window before count less and less, in a straight line, until this window ends;
    then those of this window begin to. One that costs more than there ever is never fits: for that
    the answer is a whole window.
    """
    before, fades_in, now, counts_for = window
    room = rate.amount - cost
    if room < 0:
        return rate.seconds
    if now <= room:
        spare = (room - now) * rate.seconds
        return math.ceil(max(0.0, fades_in - spare / before)) if before else 0
    return math.ceil(counts_for - room * rate.seconds / now)
