"""The randomization test agrees with counting all sign flips, and says the same every time."""

from itertools import product
from statistics import fmean

import pytest

from service.search.measuring.evaluation import Result
from service.search.measuring.significance import (
    FLIPS,
    Change,
    compare,
    fallen,
    randomization_test,
)


def exact(differences: list[float]) -> float:
    """The share of all sign flips with a mean as far from zero."""
    observed = abs(fmean(differences)) - 1e-12
    flips = product((-1, 1), repeat=len(differences))
    means = [fmean(s * d for s, d in zip(signs, differences, strict=True)) for signs in flips]
    return sum(abs(mean) >= observed for mean in means) / len(means)


DIFFERENCES = (
    [0.1, 0.2, 0.3, -0.05, 0.15, 0.02, -0.1, 0.3],
    [0.1] * 6,
    [0.5, -0.4, 0.1, 0.2, -0.2, 0.3, 0.1, -0.1, 0.05, 0.25],
    [-0.3, -0.1, -0.2, 0.05],
)


@pytest.mark.parametrize("differences", DIFFERENCES)
def test_it_is_the_share_of_all_flips(differences: list[float]) -> None:
    expected = exact(differences)
    spread = (expected * (1 - expected) / FLIPS) ** 0.5
    assert randomization_test(differences) == pytest.approx(expected, abs=5 * spread + 1 / FLIPS)


@pytest.mark.parametrize("differences", DIFFERENCES)
def test_it_has_two_sides(differences: list[float]) -> None:
    turned = [-each for each in differences]
    assert randomization_test(turned) == randomization_test(differences)


def test_it_is_the_same_at_every_call() -> None:
    assert len({randomization_test(DIFFERENCES[0]) for _ in range(3)}) == 1


def test_queries_without_a_difference_do_not_count() -> None:
    few = DIFFERENCES[0]
    assert randomization_test([*few, *[0.0] * 90]) == randomization_test(few)


@pytest.mark.parametrize("differences", [[], [0.0, 0.0], [0.1, -0.1]])
def test_no_difference_is_no_evidence(differences: list[float]) -> None:
    assert randomization_test(differences) == 1


def test_what_is_certain_is_never_quite() -> None:
    assert randomization_test([0.1] * 200) == 1 / (FLIPS + 1)


def results(*values: float) -> list[Result]:
    return [
        Result(
            id=str(number),
            text=f"query {number}",
            kind="",
            ndcg_at_10=value,
            rr_at_10=0,
            recall_at_100=0,
            hits=1,
            safe=None,
            milliseconds=1,
        )
        for number, value in enumerate(values)
    ]


def test_shares_of_queries() -> None:
    found = compare(results(1, 0.5, 0.2, 0.7), results(0.5, 0.5, 0.3, 0.7))
    assert (found.better, found.worse, found.same) == (0.25, 0.25, 0.5)
    assert 0 < found.p <= 1


def test_the_queries_that_fell_most() -> None:
    before, after = results(1, 0.5, 0.2, 0.7), results(0.9, 0.6, 0.0, 0.7)
    assert fallen(after, before, 5) == [
        Change("2", "query 2", 0.2, 0),
        Change("0", "query 0", 1, 0.9),
    ]
    assert fallen(after, before, 1) == [Change("2", "query 2", 0.2, 0)]


def test_runs_of_different_queries_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        compare(results(1, 1), results(1))
