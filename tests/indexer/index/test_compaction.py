"""Which segments are written anew: few stay, and each article is rewritten seldom."""

from math import log

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.compaction import FANOUT, MAX_DELETED, stale_segments

SIZES = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)), max_size=40)
ALL = 10**9


@given(SIZES, st.integers(0, 20_000))
def test_never_more_than_the_budget(sizes: list[tuple[int, int]], budget: int) -> None:
    places = stale_segments(sizes, budget)
    assert sum(sizes[place][0] for place in places) <= budget
    assert places == sorted(set(places))
    assert set(places) <= set(range(len(sizes)))


@given(SIZES)
def test_with_enough_of_it_all_hollow_ones_go(sizes: list[tuple[int, int]]) -> None:
    hollow = {
        place
        for place, (live, deleted) in enumerate(sizes)
        if not live or deleted / (live + deleted) > MAX_DELETED
    }
    assert hollow <= set(stale_segments(sizes, ALL))


@given(SIZES, st.integers(0, 20_000))
def test_what_does_not_fit_is_larger_than_what_does(
    sizes: list[tuple[int, int]], budget: int
) -> None:
    chosen, wanted = stale_segments(sizes, budget), stale_segments(sizes, ALL)
    assert set(chosen) <= set(wanted)
    left = [sizes[place][0] for place in wanted if place not in chosen]
    assert not left or all(sizes[place][0] <= min(left) for place in chosen)
    room = budget - sum(sizes[place][0] for place in chosen)
    assert all(live > room for live in left), "the room is used"


def test_a_few_whole_ones_stay() -> None:
    assert stale_segments([(10, 0)] * (FANOUT - 2), ALL) == []
    assert stale_segments([(10, 0)] * (FANOUT - 1), ALL) == [*range(FANOUT - 1)]
    assert stale_segments([(10**n, 0) for n in range(7)], ALL) == []
    assert stale_segments([(67, 33), (66, 34), (0, 0)], ALL) == [1, 2]


def test_full_ones_stay_unless_they_are_hollow() -> None:
    alike = [(10, 0)] * FANOUT
    assert stale_segments(alike, ALL, full=range(FANOUT)) == []
    assert stale_segments(alike, ALL, full=[0, 1]) == []
    assert stale_segments(alike, ALL, full=[0]) == [*range(1, FANOUT)]
    assert stale_segments([(60, 40), (67, 33)], ALL, full=[0, 1]) == [0]


class Index:
    """The sizes of an index's segments over its history."""

    def __init__(self) -> None:
        self.sizes: list[list[int]] = []
        self.written = self.added = 0

    def step(self, new: int, deletions: list[int]) -> None:
        for number in deletions:
            if self.sizes:
                segment = self.sizes[number % len(self.sizes)]
                gone = min(segment[0], 1)
                segment[0] -= gone
                segment[1] += gone
        places = stale_segments([(live, deleted) for live, deleted in self.sizes], ALL)
        again = sum(self.sizes[place][0] for place in places)
        self.sizes = [each for place, each in enumerate(self.sizes) if place not in places]
        self.sizes.append([new + again, 0])
        self.written += new + again
        self.added += new


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.lists(st.integers(0, 99), max_size=8)),
        min_size=50,
        max_size=400,
    )
)
def test_long_histories(steps: list[tuple[int, list[int]]]) -> None:
    index = Index()
    deletions = 0
    for new, deleted in steps:
        index.step(new, deleted)
        deletions += len(deleted)
        tiers = 1 + log(max(index.added, 2), FANOUT)
        assert len(index.sizes) <= (FANOUT - 1) * tiers + 1
    # Once for each tier, and the neighbours of what is deleted, twice as many as those.
    assert index.written <= (index.added + 2 / MAX_DELETED * deletions) * (2 + log(index.added, 8))


def test_single_articles_one_by_one() -> None:
    index = Index()
    for _ in range(5_000):
        index.step(1, [])
        assert len(index.sizes) <= 36
    assert index.written <= 5_000 * (1 + log(5_000, FANOUT))
