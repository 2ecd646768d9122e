"""No number leaves memory that fewer than k clients stand behind."""

import random

import pytest

from service.analytics.counts import CLIENTS, SEARCHES, SLOWEST_MS
from service.analytics.crowd import CLIENT_BYTES, ENTRY_BYTES, Crowd

ONE = {SEARCHES: 1}


def names(number: int, day: int = 0) -> list[bytes]:
    return [b"%d of %d" % (client, day) for client in range(number)]


def test_a_query_leaves_when_k_clients_have_asked_it_with_all_that_was_counted() -> None:
    crowd = Crowd(3)
    first, second, third = names(3)
    assert crowd.add("gout", first, 0, {**ONE, SLOWEST_MS: 600}) is None
    assert crowd.add("gout", first, 0, ONE) is None
    assert crowd.add("gout", second, 0, {**ONE, SLOWEST_MS: 500}) is None
    assert crowd.add("asthma", third, 0, ONE) is None
    assert crowd.add("gout", third, 0, ONE) == {SEARCHES: 4, SLOWEST_MS: 600, CLIENTS: 3}


def test_the_next_ones_need_k_clients_again() -> None:
    crowd = Crowd(2)
    first, second = names(2)
    crowd.add("gout", first, 0, ONE)
    assert crowd.add("gout", second, 0, ONE)
    assert crowd.add("gout", first, 0, ONE) is None, "one client is no crowd"
    assert crowd.add("gout", second, 0, {"click 1": 1}) == {SEARCHES: 1, "click 1": 1, CLIENTS: 2}


def test_one_client_alone_is_no_crowd_however_often_and_on_however_many_days() -> None:
    crowd = Crowd(2)
    for day in range(50):
        for _ in range(3):
            assert crowd.add("rare", names(1, day)[0], day, ONE) is None
    assert crowd.add("rare", names(2, 49)[1], 49, ONE) == {SEARCHES: 151, CLIENTS: 51}


def test_clients_of_several_days_make_a_crowd_if_two_were_there_on_one() -> None:
    crowd = Crowd(3)
    assert crowd.add("gout", names(1, 0)[0], 0, ONE) is None
    first, second = names(2, 1)
    assert crowd.add("gout", first, 1, ONE) is None
    assert crowd.add("gout", second, 1, ONE) == {SEARCHES: 3, CLIENTS: 3}


@pytest.mark.parametrize("k", [2, 3, 5])
def test_whatever_happens_every_number_is_that_of_k_clients(k: int) -> None:
    chance = random.Random(k)
    crowd = Crowd(k)
    asked: dict[str, set[bytes]] = {}
    for step in range(3_000):
        day = step // 300
        query = f"query {chance.randrange(20)}"
        client = names(8, day)[chance.randrange(8)]
        asked.setdefault(query, set()).add(client)
        left = crowd.add(query, client, day, ONE)
        if left:
            assert left[CLIENTS] == len(asked.pop(query)) >= k


def test_the_query_asked_least_recently_goes_when_memory_is_full() -> None:
    crowd = Crowd(2, max_bytes=2 * (ENTRY_BYTES + CLIENT_BYTES + 100))
    first, second = names(2)
    for query in ("one", "two", "one", "three"):
        crowd.add(query, first, 0, ONE)
    assert crowd.add("two", second, 0, ONE) is None, "forgotten"
    assert crowd.add("three", second, 0, ONE)


def test_long_queries_of_many_clients_take_more_memory() -> None:
    crowd = Crowd(1_000, max_bytes=ENTRY_BYTES + 50 * CLIENT_BYTES)
    for client in names(100):
        crowd.add("gout", client, 0, ONE)
    assert len(crowd._waiting) <= 1
    assert 0 <= crowd._bytes <= ENTRY_BYTES + 50 * CLIENT_BYTES


def test_what_nobody_asks_any_more_is_forgotten() -> None:
    crowd = Crowd(2)
    crowd.add("old", names(1, 0)[0], 0, ONE)
    crowd.add("new", names(1, 5)[0], 5, ONE)
    crowd.forget_before(5)
    assert crowd.add("old", names(2, 5)[1], 5, ONE) is None
    assert crowd.add("new", names(2, 5)[1], 5, ONE)
