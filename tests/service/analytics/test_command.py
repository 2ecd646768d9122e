"""``health-search analytics``."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.analytics.book import Book
from service.cli import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "counts.db"
    today = datetime.now(UTC).date()
    gout = {"searches": 7, "clients": 6, "click 1": 3, "slow": 1, "slowest_ms": 800}
    none = {"searches": 5, "zero": 5, "clients": 5}
    queries = {(today, "gout"): gout, (today, "[red]xyzzy"): none}
    old = today - timedelta(days=10)
    Book(path).add(
        {today: {"searches": 20, "zero": 5, "click 1": 3}, old: {"searches": 4}}, queries
    )
    return path


def test_a_report_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analytics", str(file)]) == 0
    told = capsys.readouterr().out
    assert "24 searches, 5 found nothing, 3 clicks" in told
    assert "Most asked" in told
    assert "[red]xyzzy" in told
    assert "Clicks by place: 1: 3" in told
    assert "nobody clicked" not in told


def test_a_report_for_programs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analytics", str(file), "--days", "7", "--json", "--analytics-k", "6"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told["days"]), told["searches"], told["k"]) == (7, 20, 6)
    assert [row["query"] for row in told["top"]] == ["gout"]


def test_forgetting(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analytics", str(file), "--forget", "GOUT?"]) == 0
    assert capsys.readouterr().out == "forgotten, from 1 day\n"
    assert b"gout" not in file.read_bytes()
    assert main(["analytics", str(file), "--forget", "gout"]) == 2
    assert "gout" not in capsys.readouterr().err


def test_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analytics", str(tmp_path / "none.db")]) == 2
    assert "There are no counts at" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_days_are_a_number(file: Path, days: str) -> None:
    with pytest.raises(SystemExit):
        main(["analytics", str(file), "--days", days])
