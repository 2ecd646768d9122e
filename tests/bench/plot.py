"""A log-log plot in plain characters."""

import math
from collections.abc import Mapping, Sequence

Points = Sequence[tuple[float, float]]

WIDTH = 64
HEIGHT = 20
MARKS = "o*+x#@%&"
SEVERAL = "?"
"""Where marks of several lines fall on the same place."""


def log_log(lines: Mapping[str, Points], x_name: str, y_name: str) -> str:
    """Return a plot of points above 0, with a mark for each line and its legend."""
    points = [point for line in lines.values() for point in line]
    if not points:
        return ""
    xs, ys = _Axis([x for x, _ in points], WIDTH), _Axis([y for _, y in points], HEIGHT)
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for mark, line in zip(MARKS, lines.values(), strict=False):
        for x, y in line:
            row, column = HEIGHT - 1 - ys.place(y), xs.place(x)
            grid[row][column] = mark if grid[row][column] == " " else SEVERAL
    labels = {HEIGHT - 1 - ys.place(tick): f"{tick:,.5g}" for tick in ys.ticks()}
    margin = max(map(len, labels.values()))
    drawn = [
        f"{labels.get(number, ''):>{margin}} |{''.join(row).rstrip()}"
        for number, row in enumerate(grid)
    ]
    legend = "   ".join(f"{mark} {name}" for mark, name in zip(MARKS, lines, strict=False))
    ends = f"{min(xs.values):,.0f}", f"{max(xs.values):,.0f}"
    return "\n".join(
        [
            f"{y_name} against {x_name}, both logarithmic:   {legend}   {SEVERAL} several",
            *drawn,
            f"{'':{margin}} +{'-' * WIDTH}",
            f"{'':{margin}}  {ends[0]:<{WIDTH - len(ends[1])}}{ends[1]}",
        ]
    )


class _Axis:
    """Places values above 0 on so many cells."""

    def __init__(self, values: Sequence[float], cells: int) -> None:
        self.values = values
        self._cells = cells
        self._low, high = math.log10(min(values)), math.log10(max(values))
        self._span = high - self._low or 1.0

    def place(self, value: float) -> int:
        """Return the cell of a value, from 0."""
        return round((math.log10(value) - self._low) / self._span * (self._cells - 1))

    def ticks(self) -> list[float]:
        """Return the least and greatest value, and the powers of ten between them."""
        low, high = min(self.values), max(self.values)
        powers = range(math.ceil(self._low), math.floor(math.log10(high)) + 1)
        return [*(10.0**power for power in powers), low, high]
