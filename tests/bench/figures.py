"""Medians, percentiles and tables, the same for every benchmark."""

import math
import statistics
from collections.abc import Mapping, Sequence

import msgspec

Figure = float | int | str | None


class Spread(msgspec.Struct, frozen=True):
    """How long something took, in milliseconds."""

    count: int
    median_ms: float
    p99_ms: float


def spread(seconds: Sequence[float]) -> Spread:
    """Return the spread of at least one duration."""
    median, late = statistics.median(seconds), percentile(seconds, 0.99)
    return Spread(len(seconds), round(median * 1000, 4), round(late * 1000, 4))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(ours: float, theirs: float) -> float | None:
    """Return how many times theirs ours is, to three digits, if it can be said."""
    return float(f"{ours / theirs:.3g}") if theirs else None


def table(rows: Sequence[Mapping[str, Figure]]) -> str:
    """Return rows of the same keys as lines: texts to the left, numbers to the right."""
    if not rows:
        return ""
    names = list(rows[0])
    cells = [names, *([_shown(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(names))]
    is_text = [any(isinstance(row[name], str) for row in rows) for name in names]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, is_text, strict=True)
        ).rstrip()
        for line in cells
    )


def _shown(value: Figure) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value
