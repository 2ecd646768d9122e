"""Small bar charts: where the bars stand. The templates draw them as SVG, with a table beneath.

Widths are in per cent, so that a chart is as wide as its page while its text is HTML of the size of
all other text.
"""

from collections.abc import Sequence
from typing import NamedTuple

HEIGHT = 140.0
"""Pixels from the base line to the top line."""

GAP = 0.22
"""The part of a bar's share of the width that stays empty."""

STEPS = (2, 4, 6, 8, 10)
"""Tops of scales, times a power of ten: each can be halved."""


class Value(NamedTuple):
    """What a bar shows: an amount, the part of it that is set off, and what a pointer is told."""

    amount: int
    part: int
    told: str


class Bar(NamedTuple):
    """A bar: left edge and width in per cent, top and height in pixels; and so of its part."""

    x: float
    width: float
    y: float
    height: float
    part_y: float
    part_height: float
    told: str


class Plot(NamedTuple):
    """A chart with its bars and the numbers of its scale, from the top to the base line."""

    bars: tuple[Bar, ...]
    scale: tuple[int, int, int]
    height: float


def plot_of(values: Sequence[Value]) -> Plot:
    """Return the chart of some values."""
    top = top_of(max((value.amount for value in values), default=0))
    share = 100 / max(len(values), 1)
    bars = tuple(_bar(number, value, share, top) for number, value in enumerate(values))
    return Plot(bars, (top, top // 2, 0), HEIGHT)


def top_of(highest: int) -> int:
    """Return the number at the top of a scale: a round one that is not below the highest."""
    power = 1
    while STEPS[-1] * power < highest:
        power *= 10
    return next(step * power for step in STEPS if step * power >= highest)


def _bar(number: int, value: Value, share: float, top: int) -> Bar:
    height = round(HEIGHT * value.amount / top, 1)
    part = round(HEIGHT * value.part / top, 1)
    return Bar(
        x=round((number + GAP / 2) * share, 3),
        width=round((1 - GAP) * share, 3),
        y=HEIGHT - height,
        height=height,
        part_y=HEIGHT - part,
        part_height=part,
        told=value.told,
    )
