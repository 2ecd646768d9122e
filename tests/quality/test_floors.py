"""Floors hold, and may only rise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quality.floors import (
    CEILINGS,
    FLOORS,
    MARGIN,
    broken,
    lifted,
    read_floors,
    write_floors,
)
from tests.quality.report import SetFigures
from tests.quality.sets import OWN

SHARE = st.integers(0, 10_000).map(lambda number: number / 10_000)
FIGURES = st.dictionaries(st.sampled_from(["nDCG@10", "safety", "zero_hits"]), SHARE)
SETS = st.dictionaries(st.sampled_from(["corpus", "nfcorpus"]), FIGURES)


@given(SETS, SETS)
def test_lifting_never_lowers_a_floor(floors: SetFigures, found: SetFigures) -> None:
    after = lifted(floors, found)
    for name, figures in floors.items():
        for figure, floor in figures.items():
            if figure in CEILINGS:
                assert after[name][figure] <= floor
            else:
                assert after[name][figure] >= floor


@given(SETS)
def test_what_was_just_found_holds_the_floors_lifted_to_it(found: SetFigures) -> None:
    floors = lifted({}, found)
    assert list(broken(floors, found)) == []
    for name, figures in found.items():
        for figure, value in figures.items():
            assert abs(floors[name][figure] - value) == pytest.approx(MARGIN, abs=1.1e-4)


def test_sets_that_were_not_measured_keep_their_floors() -> None:
    floors = {"nfcorpus": {"nDCG@10": 0.3}, "corpus": {"nDCG@10": 0.8, "typos": 0.9}}
    assert lifted(floors, {"corpus": {"nDCG@10": 0.9}}) == {
        "nfcorpus": {"nDCG@10": 0.3},
        "corpus": {"nDCG@10": 0.895, "typos": 0.9},
    }


def test_broken_floors_are_named() -> None:
    floors = {
        "corpus": {"nDCG@10": 0.9, "zero_hits": 0.1, "safety": 1.0, "typos": 0.9},
        "x": {"y": 1.0},
    }
    found = {"corpus": {"nDCG@10": 0.8999, "zero_hits": 0.1001, "safety": 1.0}}
    assert list(broken(floors, found)) == [
        "corpus: nDCG@10 is 0.8999, below its floor of 0.9000",
        "corpus: zero_hits is 0.1001, above its ceiling of 0.1000",
    ]


def test_they_are_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(path, {"corpus": {"nDCG@10": 0.9}})
    assert read_floors(path) == {"corpus": {"nDCG@10": 0.9}}


def test_the_projects_own_set_has_floors() -> None:
    assert {"nDCG@10", "safety", "zero_hits", "typos", "gain"} <= read_floors(FLOORS)[OWN].keys()
