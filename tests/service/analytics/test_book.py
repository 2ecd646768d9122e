"""The file of counts: sums, periods, and that what is deleted is gone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from indexer.errors import AnalyticsError
from service.analytics.book import Book, first_day

DAY = date(2026, 3, 12)
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "folder" / "counts.db")


def test_counts_add_up_by_day_and_over_days(book: Book) -> None:
    for number in (1, 2):
        book.add({DAY: {"searches": number}}, {(DAY, "gout"): {"searches": 1, "slowest_ms": 600}})
    book.add({BEFORE: {"searches": 5}}, {(BEFORE, "gout"): {"searches": 4, "slowest_ms": 900}})
    assert book.totals(BEFORE, DAY) == {BEFORE: {"searches": 5}, DAY: {"searches": 3}}
    assert book.queries(BEFORE, DAY) == {"gout": {"searches": 6, "slowest_ms": 900}}
    assert book.queries(DAY, DAY) == {"gout": {"searches": 2, "slowest_ms": 600}}


def test_what_is_forgotten_is_no_longer_in_the_file(book: Book) -> None:
    words = [f"{word} arthralgia" for word in "abcdefghijklmnopqrstuvwxyz"]
    book.add({}, {(DAY, word): {"searches": 1} for word in words})
    book.add({}, {(BEFORE, "porphyria"): {"searches": 1}, (DAY, "porphyria"): {"searches": 1}})
    assert b"porphyria" in book.path.read_bytes()
    assert book.forget("porphyria") == 2
    assert b"porphyria" not in book.path.read_bytes()
    assert book.forget("porphyria") == 0
    assert b"arthralgia" in book.path.read_bytes()


def test_what_is_too_old_is_no_longer_in_the_file_and_its_space_is_given_back(book: Book) -> None:
    book.add({DAY: {"searches": 1}}, {(DAY, "gout"): {"searches": 1}})
    size = book.path.stat().st_size
    old = {(BEFORE, f"arthralgia {number}"): {"searches": 1} for number in range(2_000)}
    book.add({BEFORE: {"searches": 2_000}}, old)
    assert book.path.stat().st_size > 4 * size
    book.forget_before(DAY)
    assert b"arthralgia" not in book.path.read_bytes()
    assert book.path.stat().st_size <= 2 * size
    assert (list(book.totals(BEFORE, DAY)), list(book.queries(BEFORE, DAY))) == ([DAY], ["gout"])


def test_who_only_reads_makes_no_file(book: Book) -> None:
    with pytest.raises(AnalyticsError, match="no counts"):
        book.totals(DAY, DAY)
    with pytest.raises(AnalyticsError, match="no counts"):
        book.forget("gout")
    assert not book.path.exists()


def test_a_file_that_is_no_database_is_named(book: Book) -> None:
    book.path.parent.mkdir()
    book.path.write_bytes(b"not a database, and not a short one either" * 30)
    with pytest.raises(AnalyticsError, match=r"counts\.db cannot be used: SQLITE_NOTADB"):
        book.add({DAY: {"searches": 1}}, {(DAY, "porphyria"): {"searches": 1}})


def test_days_of_a_period() -> None:
    assert first_day(DAY, 1) == DAY
    assert first_day(DAY, 2) == BEFORE
