"""Notices and rules in force: read again when their files change, and never by halves."""

import os
from datetime import date
from pathlib import Path

import pytest

from service.search.editorial.live import EditorialFiles, LiveEditorial
from service.search.editorial.rules import Rule, RuleBook
from service.search.watched import SECONDS

NOTICES = """
[elsewhere]
en = "help"

[[notice]]
kind = "own"
severity = "info"

[notice.en]
title = "Ours"
text = "Our text."
alone = ["own words"]
"""

RULE = Rule(id="r", pattern="flu", pinned=("a",))


class Desk:
    """Two files, a clock that is set by hand, and what was told of the files."""

    def __init__(self, folder: Path) -> None:
        self.rules, self.notices = folder / "rules.json", folder / "notices.toml"
        self.now = 0.0
        self.today = date(2026, 1, 1)
        self.told: list[tuple[str, bool]] = []

    def open(self, country: str = "", notices: Path | None = None) -> LiveEditorial:
        return LiveEditorial(
            EditorialFiles(self.rules, notices or self.notices, country),
            lambda name, problem: self.told.append((name, bool(problem))),
            lambda: self.now,
            lambda: self.today,
        )

    def write(self, path: Path, text: str) -> None:
        """Write a file, with a time of its own however coarse the file system's is."""
        path.write_text(text)
        self.now += SECONDS
        os.utime(path, (self.now, self.now))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.write(desk.notices, NOTICES)
    return desk


def kinds(live: LiveEditorial, text: str) -> list[str]:
    return [notice.kind for notice in live.current().advice(text, "").notices]


def test_without_files_the_shipped_notices_are_in_force() -> None:
    live = LiveEditorial(EditorialFiles(), lambda *_: None)
    assert kinds(live, "i want to die") == ["suicide"]
    assert live.current().edition == ""
    assert live.current() is live.current()


def test_notices_can_be_replaced_or_off(desk: Desk) -> None:
    assert kinds(desk.open(), "own words") == ["own"]
    assert kinds(desk.open(), "i want to die") == []
    off = desk.open(notices=Path("off"))
    assert kinds(off, "i want to die") == []
    assert len({desk.open().current().edition, off.current().edition, ""}) == 3


def test_a_change_is_in_force_after_a_second_and_has_another_edition(desk: Desk) -> None:
    live = desk.open()
    before = live.current()
    RuleBook(desk.rules).put(RULE)
    assert live.current() is before
    desk.now += SECONDS
    after = live.current()
    assert after.advice("flu", "").pinned == ("a",)
    assert after.edition != before.edition
    assert after.edition == desk.open().current().edition
    RuleBook(desk.rules).remove(RULE.id)
    desk.now += SECONDS
    assert live.current().advice("flu", "").pinned == ()
    assert live.current().edition == before.edition


def test_a_file_that_is_lost_leaves_what_was(desk: Desk) -> None:
    live = desk.open()
    assert desk.told == [], "it need not be there at first"
    RuleBook(desk.rules).put(RULE)
    desk.now += SECONDS
    assert live.current().advice("flu", "").pinned == ("a",)
    desk.rules.unlink()
    desk.notices.unlink()
    desk.now += SECONDS
    assert live.current().advice("flu", "").pinned == ("a",)
    assert kinds(live, "own words") == ["own"]
    assert sorted(desk.told) == [("editorial", True), ("notices", True)]


def test_a_bad_file_leaves_what_was_and_is_told_once(desk: Desk) -> None:
    RuleBook(desk.rules).put(RULE)
    live = desk.open()
    desk.write(desk.rules, "{")
    desk.write(desk.notices, "[[notice]]")
    for _ in range(3):
        assert live.current().advice("flu", "").pinned == ("a",)
        assert kinds(live, "own words") == ["own"]
        desk.now += SECONDS
    assert sorted(desk.told) == [("editorial", True), ("notices", True)]
    desk.write(desk.rules, '{"rules": []}')
    assert live.current().advice("flu", "").pinned == ()
    assert kinds(live, "own words") == ["own"]
    assert desk.told[2:] == [("editorial", False)]


def test_bad_at_the_start_the_shipped_notices_are_in_force(desk: Desk) -> None:
    desk.notices.write_text("nonsense")
    assert kinds(desk.open(), "i want to die") == ["suicide"]
    assert desk.told == [("notices", True)]


def test_a_rule_ends_with_its_day(desk: Desk) -> None:
    RuleBook(desk.rules).put(Rule(id="r", pattern="flu", pinned=("a",), until=desk.today))
    live = desk.open()
    assert live.current().advice("flu", "").pinned == ("a",)
    desk.today = date(2026, 1, 2)
    assert live.current().advice("flu", "").pinned == ()


def test_the_country_is_part_of_the_edition(desk: Desk) -> None:
    assert desk.open("US").current().edition != desk.open("GB").current().edition


def test_a_path_that_no_file_can_have_is_told_like_any_other_fault(desk: Desk) -> None:
    desk.rules = desk.rules.with_name("r" * 300)
    assert desk.open().current().advice("flu", "", "").pinned == ()
    assert desk.told == [("editorial", True)]
