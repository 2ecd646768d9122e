"""Reports and jobs, in lines for people."""

from datetime import UTC, datetime
from typing import Any

from indexer.index.job import Job, Progress
from indexer.report import SHOWN, job_line, report_lines
from indexer.tally import Change, Report, Trouble


def report(**changes: Any) -> Report:
    counts = ("articles", "without_address", "seen", "new", "changed", "unchanged", "deleted")
    fields = {"generation": "g1", **dict.fromkeys((*counts, "kept"), 0)}
    return Report(**{**fields, "skipped": (), "failed": (), **changes})


def test_the_sum_comes_first() -> None:
    lines = list(report_lines(report(articles=9, new=4, changed=3, unchanged=2, deleted=1)))
    assert lines == ["g1 is live with 9 articles: 4 new, 3 changed, 2 unchanged, 1 deleted."]


def test_a_trial_run_lists_every_change_by_kind() -> None:
    changes = (
        Change("new", "a", "https://c.example/a"),
        Change("deleted", "b", ""),
        Change("changed", "c", "c.html"),
    )
    assert list(report_lines(report(generation="", articles=2, changes=changes))) == [
        "Nothing was changed. There would be 2 articles: 0 new, 0 changed, 0 unchanged, 0 deleted.",
        "1 new:",
        "  https://c.example/a",
        "1 changed:",
        "  c.html",
        "1 deleted:",
        "  b",
    ]


def test_what_stays_and_what_went_wrong() -> None:
    troubles = {"skipped": (Trouble("a", "noindex"),), "failed": (Trouble("b", "offline"),)}
    assert list(report_lines(report(kept=2, **troubles)))[1:] == [
        "2 articles stay as they were: their pages could not be read now.",
        "1 skipped:",
        "  a: noindex",
        "1 failed:",
        "  b: offline",
    ]


def test_long_lists_are_cut() -> None:
    some = tuple(Trouble(f"{n}", "x") for n in range(SHOWN))
    assert len(list(report_lines(report(failed=some)))) == 2 + SHOWN
    lines = list(report_lines(report(failed=(*some, *some))))
    assert lines[-1] == f"  … and {SHOWN} more (--json lists all)"
    assert len(lines) == 3 + SHOWN


def test_jobs() -> None:
    began = datetime(2026, 1, 31, 3, 15, tzinfo=UTC)
    job = Job(
        id=7,
        kind="reindex",
        state="failed",
        article="",
        created_at=began,
        started_at=began,
        finished_at=began,
        progress=Progress(1234),
        is_canceled=False,
        error="Why",
        generation="",
    )
    assert job_line(job) == "     7 2026-01-31 03:15 UTC reindex, failed, 1,234 items: Why"
