"""Sums and ranges, computed a second time by loops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.ranges import before, joined

RANGES = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 5)), max_size=20)


@given(RANGES)
def test_ranges_one_after_the_other(ranges: list[tuple[int, int]]) -> None:
    begins, sizes = (np.array([each[n] for each in ranges], np.int64) for n in (0, 1))
    expected = [number for begin, size in ranges for number in range(begin, begin + size)]
    assert joined(begins, sizes).tolist() == expected
    assert before(sizes).tolist() == [sum(sizes[:at].tolist()) for at in range(len(ranges) + 1)]


def test_small_numbers_do_not_overflow() -> None:
    assert before(np.full(300, 255, np.uint8))[-1] == 300 * 255
    assert joined(np.array([4_000_000_000], np.uint32), np.array([2], np.uint32)).tolist() == [
        4_000_000_000,
        4_000_000_001,
    ]
