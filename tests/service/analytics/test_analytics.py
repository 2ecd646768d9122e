"""From searches and clicks to a file in which no query stands that fewer than k clients asked."""

import os
import random
import sqlite3
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from service.access.addresses import Proxies
from service.analytics.analytics import Analytics, Plan
from service.analytics.book import Book
from service.analytics.clients import addresses
from service.analytics.counts import SearchFacts
from tests.service.analytics.counting import PAUSE, TODAY, Counting, visitor
from tests.service.conftest import Lines

DAY = 86_400.0


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    return Counting(tmp_path)


def test_a_query_is_kept_once_k_clients_have_asked_it(counting: Counting) -> None:
    counting.ask(2, "gout")
    counting.asks(0, "Gout?")
    assert counting.kept() == {}
    counting.asks(2, "gout")
    assert counting.kept() == {"gout": {"searches": 4, "clients": 3}}
    counting.ask(2, "gout")
    assert counting.kept() == {"gout": {"searches": 4, "clients": 3}}, "rare again"
    assert counting.totals() == {TODAY: {"searches": 6}}


def test_what_is_counted_of_a_search(counting: Counting) -> None:
    counting.asks(0, "gout", total=0)
    counting.asks(1, "gout", total=None, seconds=0.74)
    counting.asks(2, "gout", total=7, seconds=0.0)
    counts = {"searches": 3, "zero": 1, "slow": 1, "slowest_ms": 700, "kept": 1}
    assert counting.kept() == {"gout": {**counts, "clients": 3}}
    del counts["slowest_ms"]
    assert counting.totals() == {TODAY: counts}


def test_the_longest_of_all_times_is_kept(counting: Counting) -> None:
    for seconds in (0.8, 1.23, 0.6):
        counting.ask(3, "gout", seconds=seconds)
    assert counting.kept()["gout"]["slowest_ms"] == 1200


def test_what_is_typed_on_the_way_is_not_counted(counting: Counting) -> None:
    for number in range(3):
        for text in ("g", "go", "gou", "gout"):
            facts = SearchFacts(text, 1, 0.01)
            counting.analytics.searched(facts, counting.client(number))
            counting.passes(1)
    assert counting.kept() == {}
    counting.passes(PAUSE)
    assert counting.kept() == {"gout": {"searches": 3, "clients": 3}}


def test_a_click_counts_by_its_place_once_a_search(counting: Counting) -> None:
    for number in range(3):
        counting.analytics.searched(SearchFacts("gout", 90, 0.01), counting.client(number))
        counting.click(number, '"Gout"', 1 + 10 * number)
        counting.click(number, "gout", 1 + 10 * number)
    clicks = {"click 1": 1, "click 11-20": 1, "click 21+": 1}
    assert counting.kept() == {
        "gout": {"searches": 3, "clients": 3, "click 1": 1, "click 11-20": 1}
    }
    assert counting.totals() == {TODAY: {"searches": 3, **clicks}}


def test_only_who_searched_lately_can_click(counting: Counting) -> None:
    counting.click(0, "gout", 1)
    counting.asks(0, "gout")
    counting.analytics.write()
    counting.click(1, "gout", 1)
    counting.click(0, "asthma", 1)
    counting.passes(600)
    counting.click(0, "gout", 1)
    assert counting.totals() == {TODAY: {"searches": 1}}


def test_clicks_alone_keep_no_query_of_one_client(counting: Counting) -> None:
    counting.asks(0, "gout")
    counting.analytics.write()
    for position in range(1, 40):
        counting.click(0, "gout", position)
    assert counting.kept() == {}
    assert sum(counting.totals()[TODAY].values()) == 1 + 12


@pytest.mark.parametrize("query", ["ann@example.org", "patient 12345678", "x" * 61])
def test_what_is_a_persons_is_counted_but_never_kept(counting: Counting, query: str) -> None:
    counting.ask(9, query)
    assert counting.kept() == {}
    assert counting.totals() == {TODAY: {"searches": 9}}


def test_suggestions_are_only_added_up(counting: Counting) -> None:
    for number in range(4):
        counting.analytics.suggested(counting.client(number))
    assert counting.totals() == {TODAY: {"suggestions": 4}}


@pytest.mark.parametrize("scope", [visitor(1, dnt="1"), visitor(1, method="HEAD")])
def test_who_is_not_to_be_counted_is_not(counting: Counting, scope: dict[str, object]) -> None:
    client = counting.analytics.client(scope)
    counting.analytics.searched(SearchFacts("gout", 1, 0.1), client)
    counting.analytics.suggested(client)
    counting.analytics.clicked("gout", 1, client)
    counting.passes(PAUSE)
    assert counting.totals() == {}


def test_days_are_counted_apart_and_old_ones_deleted(tmp_path: Path) -> None:
    counting = Counting(tmp_path, k=2, days=3)
    for _ in range(5):
        counting.ask(2, "gout")
        counting.analytics.write()
        counting.passes(DAY - 2 * PAUSE)
    days = [TODAY + timedelta(days=number) for number in range(5)]
    assert counting.totals() == {day: {"searches": 2} for day in days[3:]}
    counting.asks(0, "gout")
    assert counting.kept()["gout"]["searches"] == 4
    report = counting.analytics.report(3)
    assert [day.searches for day in report.days] == [2, 2, 1]


def test_one_person_alone_is_no_crowd_on_however_many_days(counting: Counting) -> None:
    for _ in range(20):
        counting.asks(0, "ann example")
        counting.passes(DAY)
    assert counting.kept() == {}


def test_a_restart_forgets_what_was_rare(tmp_path: Path) -> None:
    counting = Counting(tmp_path)
    counting.ask(2, "gout")
    counting.analytics.write(is_last=True)
    again = Counting(tmp_path)
    again.asks(3, "gout")
    assert again.kept() == {}


def test_the_end_counts_what_was_still_being_typed(counting: Counting) -> None:
    for number in range(3):
        counting.analytics.searched(SearchFacts("gout", 1, 0.1), counting.client(number))
    counting.analytics.write(is_last=True)
    assert counting.kept()["gout"]["searches"] == 3


@pytest.mark.parametrize("k", [2, 5])
def test_whatever_is_asked_no_rare_query_is_in_the_file(tmp_path: Path, k: int) -> None:
    counting, chance = Counting(tmp_path, k=k), random.Random(k)
    asked: dict[str, set[bytes]] = defaultdict(set)
    for _ in range(1_500):
        number, query = chance.randrange(40), f"worry{int(chance.expovariate(0.02))}"
        asked[query].add(counting.client(number))
        counting.asks(number, query)
        if not chance.randrange(50):
            counting.analytics.write()
    kept = counting.kept()
    frequent = {query for query, clients in asked.items() if len(clients) >= k}
    assert kept
    assert set(kept) <= frequent
    content = counting.file.read_bytes()
    for query in set(asked) - frequent:
        assert query.encode() + b"searches" not in content
        assert query.encode() + b"clients" not in content


def test_off_nothing_is_counted() -> None:
    analytics = Analytics(Plan(), addresses(Proxies(())))
    client = analytics.client(visitor(1))
    assert client == b""
    analytics.searched(SearchFacts("gout", 1, 0.1), client)
    analytics.clicked("gout", 1, client)
    analytics.write()
    report = analytics.report(7)
    assert (report.is_on, len(report.days), report.searches, report.top) == (False, 7, 0, ())


def test_a_broken_disk_stops_the_counting_and_nothing_else(counting: Counting, log: Lines) -> None:
    counting.file.mkdir()
    for _ in range(3):
        counting.ask(3, "gout")
        counting.analytics.write()
    assert len([problem for problem in counting.told if problem]) == 3
    (line,) = [line for line in log.lines if "analytics" in line]
    assert '"analytics-unwritable"' in line
    assert "gout" not in line
    counting.file.rmdir()
    counting.ask(3, "asthma")
    assert list(counting.kept()) == ["asthma"]
    assert counting.told[-1] == ""
    assert '"analytics-mended"' in log.lines[-1]


def test_the_file_of_something_else_is_left_alone(counting: Counting) -> None:
    with sqlite3.connect(counting.file) as other:
        other.execute("CREATE TABLE theirs (what TEXT)")
    other.close()
    before = counting.file.read_bytes()
    counting.ask(3, "gout")
    counting.analytics.write()
    assert "something else" in counting.told[-1]
    assert counting.file.read_bytes() == before


def test_only_the_service_may_read_the_file(counting: Counting) -> None:
    counting.ask(3, "gout")
    assert counting.kept()
    assert counting.file.stat().st_mode & 0o077 == 0
    assert os.listdir(counting.file.parent) == [counting.file.name], "no journal is left"  # noqa: PTH208


def live(counting: Counting) -> None:
    """Let the thread run that writes, while three clients ask for "gout"."""

    async def ask() -> None:
        async with counting.analytics.running():
            counting.ask(3, "gout")

    anyio.run(ask)


def test_what_nobody_expected_tells_no_query_either(
    counting: Counting, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("gout")

    monkeypatch.setattr(Book, "add", fail)
    live(counting)
    assert counting.told[-1]
    (line,) = [line for line in log.lines if "analytics" in line]
    assert '"analytics-failed"' in line
    assert "gout" not in line


def test_the_thread_writes_and_ends(counting: Counting) -> None:
    live(counting)
    with sqlite3.connect(counting.file) as db:
        rows = db.execute("SELECT number FROM queries WHERE query = 'gout'").fetchall()
    db.close()
    assert rows
