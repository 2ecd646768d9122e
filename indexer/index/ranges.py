"""Small sums over arrays that everything here which lays out ranges needs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def before(sizes: NDArray[Any]) -> Ints:
    """Return the sum of all sizes up to each place, and of all at the end."""
    sums = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=sums[1:])
    return sums


def joined(begins: NDArray[Any], sizes: NDArray[Any]) -> Ints:
    """Return the numbers of ranges one after the other: ``[5, 0], [2, 3]`` is 5, 6, 0, 1, 2."""
    after = before(sizes)
    return np.arange(after[-1]) + np.repeat(begins - after[:-1], sizes)
