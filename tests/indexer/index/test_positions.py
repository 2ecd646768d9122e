"""Positions come back as they went in, in few bytes."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.positions import CompactPositions, encode

POSITIONS = st.lists(st.integers(0, 2**32 - 1), max_size=40)


@given(POSITIONS)
def test_there_and_back(positions: list[int]) -> None:
    kept = CompactPositions()
    encoded = kept.encode(positions)
    assert kept.decode_positions(encoded) == sorted(positions)
    assert kept.decode_frequency(encoded) == len(positions)
    assert kept.decode_weight(encoded) == float(len(positions))
    assert kept.decode_position_boosts(encoded) == [(each, 1) for each in sorted(positions)]


@given(st.lists(POSITIONS, max_size=4))
def test_several_lists_put_together(lists: list[list[int]]) -> None:
    kept = CompactPositions()
    combined = kept.combine([kept.encode(each) for each in lists])
    assert kept.decode_positions(combined) == sorted({p for each in lists for p in each})


@given(st.lists(st.integers(0, 2**32 - 1), max_size=40))
def test_each_number_begins_where_it_is_said(numbers: list[int]) -> None:
    encoded, begins = encode(np.array(numbers, np.uint32))
    kept, ends = CompactPositions(), [*begins.tolist()[1:], len(encoded)]
    found = [encoded[a:b] for a, b in zip(begins.tolist(), ends, strict=True)] if numbers else []
    assert [kept.decode_positions(each) for each in found] == [[number] for number in numbers]


@pytest.mark.parametrize(
    ("distance", "size"), [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (2**28, 5)]
)
def test_bytes_that_a_distance_takes(distance: int, size: int) -> None:
    assert len(CompactPositions().encode([distance])) == size


def test_it_is_pickled_by_name() -> None:
    raw = pickle.dumps(CompactPositions(), 2)
    assert len(raw) < 200
    assert pickle.loads(raw) == CompactPositions()
