"""A file of arrays is read whole, or refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import IndexDamaged
from indexer.index.columns.container import ALIGNMENT, Array, open_arrays, write_arrays

ARRAYS: dict[str, Array] = {
    "numbers": np.arange(1_000, dtype=np.uint32),
    "none": np.zeros(0, np.uint16),
    "bits": np.arange(12, dtype=np.uint8).reshape(3, 4),
    "halves": np.linspace(0, 1, 7),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of some arrays."""
    made = tmp_path / "some.columns"
    write_arrays(made, ARRAYS)
    return made


def test_there_and_back(path: Path) -> None:
    found = open_arrays(path)
    assert list(found) == list(ARRAYS)
    assert len(found) == len(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)
        assert found[name].ctypes.data % ALIGNMENT == 0 or not array.nbytes


def test_they_cannot_be_altered(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        open_arrays(path)["numbers"][0] = 1


def test_a_file_is_not_written_twice(path: Path) -> None:
    with pytest.raises(FileExistsError):
        write_arrays(path, ARRAYS)


def test_parts_of_arrays_are_written_as_they_read(tmp_path: Path) -> None:
    every_other = np.arange(10)[::2]
    write_arrays(tmp_path / "a", {"x": every_other})
    assert open_arrays(tmp_path / "a")["x"].tolist() == [0, 2, 4, 6, 8]


@settings(max_examples=80, deadline=None)
@given(cut=st.floats(0, 1, exclude_max=True))
def test_cut_off(tmp_path_factory: pytest.TempPathFactory, cut: float) -> None:
    made = tmp_path_factory.mktemp("cut") / "a.columns"
    write_arrays(made, ARRAYS)
    content = made.read_bytes()
    made.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(IndexDamaged, match=r"a\.columns cannot be"):
        open_arrays(made)


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 10_000))
def test_an_altered_table(tmp_path_factory: pytest.TempPathFactory, place: int) -> None:
    made = tmp_path_factory.mktemp("altered") / "a.columns"
    write_arrays(made, ARRAYS)
    content = bytearray(made.read_bytes())
    length = int.from_bytes(content[8:16], "little") + 16 + 16
    content[place % length] ^= 0x55
    made.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"a\.columns cannot be"):
        open_arrays(made)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="cannot be mapped"):
        open_arrays(tmp_path / "none.columns")
