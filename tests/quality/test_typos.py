"""Mistyped queries: one or two edits, the same in every run, and none that changes nothing."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.measuring.judgements import JudgedQuery, Query
from tests.quality.typos import COUNT, LETTERS, NEIGHBOURS, TWO, mistype, typos

TEXTS = ("asthma", "high blood pressure", "Reducing Arsenic in Chicken and Rice", "gout", "flu", "")
MEANT = [JudgedQuery(Query(str(n), text), {"a": 1}) for n, text in enumerate(TEXTS)]
BOUNDARIES = {"split", "join"}


def distance(one: str, other: str) -> int:
    """Edits between two texts; to swap neighbours is one (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and (a, one[i - 2]) == (other[j - 2], b):
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("gout", "gout", 0), ("gout", "guot", 1), ("gout", "got", 1), ("gout", "ghost", 2)],
)
def test_the_distance_of_this_test(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


def test_every_variant_is_one_or_two_edits_away() -> None:
    made = typos(MEANT)
    assert len(made) == COUNT
    for each in made:
        text, kind = each.mistyped.query.text, each.mistyped.query.kind
        away = distance(each.meant.query.text, text)
        assert away in ((1, 2) if kind == TWO else (1,)), each
        assert each.mistyped.grades == each.meant.grades
    kinds = Counter(each.mistyped.query.kind for each in made)
    assert kinds.keys() == {*LETTERS, *BOUNDARIES, TWO}
    assert COUNT / 5 < kinds[TWO] <= COUNT / 2
    assert len({each.mistyped.query.id for each in made}) == COUNT


def test_short_words_are_left_as_they_are() -> None:
    assert {each.meant.query.text for each in typos(MEANT)} == set(TEXTS[:4])
    assert typos(MEANT[4:]) == []


def test_they_are_the_same_in_every_run() -> None:
    assert typos(MEANT) == typos(MEANT)


@given(st.integers(), st.sampled_from([1, 2]))
def test_a_short_word_is_mistyped_once(seed: int, edits: int) -> None:
    kind, text = mistype("gout", edits, random.Random(seed))
    assert kind != TWO
    assert distance("gout", text) <= 1


def test_neighbours_of_keys() -> None:
    assert set(NEIGHBOURS["g"]) == set("fhtyvb")
    assert set(NEIGHBOURS["q"]) == set("wa")
    assert all(key in NEIGHBOURS[other] for key, others in NEIGHBOURS.items() for other in others)
