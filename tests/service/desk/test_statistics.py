from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.analytics.book import Book
from service.desk.plots import HEIGHT, Value, plot_of, top_of
from tests.service.desk.conftest import Editor
from tests.service.fakes import HOSTILE

TODAY = datetime.now(UTC).date()


@pytest.fixture
def counting(tmp_path: Path) -> Editor:
    """Signed in where searches are counted; some were."""
    file = tmp_path / "counts.db"
    days = [TODAY - timedelta(days=number) for number in (0, 3, 20, 60)]
    Book(file).add(
        {day: {"searches": 100, "zero": 10, "click 1": 20, "click 2": 5} for day in days},
        {
            (days[1], "gout diet"): {"searches": 40, "click 1": 20, "clients": 9},
            (days[1], "sciatika"): {"searches": 7, "zero": 7, "clients": 6},
            (days[1], "knee pain"): {"searches": 9, "slow": 2, "slowest_ms": 1300, "clients": 6},
            (days[1], HOSTILE): {"searches": 8, "zero": 8, "slow": 8, "clients": 6},
        },
    )
    editor = Editor(tmp_path / "index", analytics=str(file))
    assert editor.sign_in().status_code == 303
    return editor


def test_without_a_file_it_is_said_how_to_count_and_what_is_kept(editor: Editor) -> None:
    page = editor.get("/admin/analytics").text
    assert "Nothing is counted" in page
    assert "--analytics FILE" in page
    assert "at least 5 different visitors" in page
    assert "After 90 days all of it is deleted." in page
    assert "<svg" not in page


@pytest.mark.parametrize(
    ("asked", "days", "searches"),
    [("", 30, 300), ("?days=7", 7, 200), ("?days=90", 90, 400), ("?days=x", 30, 300)],
)
def test_a_period_is_shown(counting: Editor, asked: str, days: int, searches: int) -> None:
    page = counting.get(f"/admin/analytics{asked}").text
    assert f"<strong>{searches}</strong> searches" in page
    assert f'?days={days}" aria-current="true"' in page
    assert page.count('<tr><th scope="row">20') == days  # a row of the table for each day


def test_queries_that_found_nothing_lead_to_a_rule_for_them(counting: Editor) -> None:
    page = counting.get("/admin/analytics").text
    assert 'href="../admin/results/new?pattern=sciatika"' in page


def test_the_charts_are_named_and_described(counting: Editor) -> None:
    page = counting.get("/admin/analytics").text
    assert page.count("<svg") == page.count('role="img"') == 2
    for name in ("days-title", "days-desc", "places-title", "places-desc"):
        assert f'id="{name}"' in page
    assert page.count('<rect class="bar"') == 3 + 2  # days with searches, places with clicks
    assert 'style="' not in page  # the policy forbids it


def test_slow_queries_are_named_with_their_longest_time(counting: Editor) -> None:
    assert "1.3 s" in counting.get("/admin/analytics").text


def test_queries_are_escaped(counting: Editor) -> None:
    page = counting.get("/admin/analytics").text
    assert "<script>window" not in page
    assert "<img src=x" not in page
    assert "pattern=%3Cscript%3E" in page


def test_a_file_that_cannot_be_read_is_a_message(counting: Editor, tmp_path: Path) -> None:
    (tmp_path / "counts.db").write_bytes(b"no database" * 1000)
    page = counting.get("/admin/analytics")
    assert page.status_code == 503
    assert "counts.db cannot be used" in page.text
    assert counting.get("/admin").status_code == 200


def test_the_overview_says_how_many_searches_there_were_today(counting: Editor) -> None:
    assert "<strong>100</strong> searches today" in counting.get("/admin").text


def test_the_scale_ends_at_a_round_number() -> None:
    cases = {0: 2, 1: 2, 3: 4, 9: 10, 10: 10, 11: 20, 41: 60, 100: 100, 101: 200, 8_001: 10_000}
    assert {highest: top_of(highest) for highest in cases} == cases


def test_bars_stand_side_by_side_on_the_base_line() -> None:
    plot = plot_of([Value(10, 5, "a"), Value(0, 0, "b"), Value(5, 0, "c"), Value(8, 8, "d")])
    assert plot.scale == (10, 5, 0)
    assert [bar.height for bar in plot.bars] == [HEIGHT, 0, HEIGHT / 2, HEIGHT * 0.8]
    assert all(bar.y + bar.height == HEIGHT for bar in plot.bars)
    assert plot.bars[0].part_height == HEIGHT / 2
    lefts = [bar.x for bar in plot.bars]
    assert lefts == sorted(lefts)
    assert all(a.x + a.width < b.x for a, b in zip(plot.bars, plot.bars[1:], strict=False))
    assert plot.bars[-1].x + plot.bars[-1].width < 100


def test_a_chart_of_nothing_has_a_scale() -> None:
    assert plot_of([]).scale == (2, 1, 0)
