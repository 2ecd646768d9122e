from pathlib import Path
from typing import Any

import pytest

from tests.service.conftest import Lines
from tests.service.desk.conftest import Editor
from tests.service.fakes import HOSTILE

NOTICES = """
[elsewhere]
en = "the emergency number"

[lines.emergency.ZZ]
call = "9 99"
en = "Call 9 99 <b>now</b>"

[[notice]]
kind = "snake-bite"
severity = "emergency"
lines = ["emergency"]
[notice.en]
title = "Bitten by a <snake>?"
text = "Keep still & call {emergency}."
prevention = "first aid"
phrases = ["bitten by a snake"]
"""


def desk(tmp_path: Path, **flags: Any) -> Editor:
    file = tmp_path / "notices.toml"
    file.write_text(NOTICES, encoding="utf-8")
    editor = Editor(tmp_path / "index", **{"notices": str(file), **flags})
    assert editor.sign_in().status_code == 303
    return editor


def test_notices_are_shown_as_visitors_see_them(tmp_path: Path) -> None:
    page = desk(tmp_path, country="ZZ").get("/admin/notices").text
    assert "Bitten by a &lt;snake&gt;?" in page
    assert "Keep still &amp; call 9 99." in page
    assert '<a href="tel:999" rel="noreferrer">Call 9 99 &lt;b&gt;now&lt;/b&gt;</a>' in page
    assert '<code class="quiet">tel:999</code>' in page
    assert "en: 1 pattern<" in page
    assert "<code>first aid</code>" in page
    assert "The numbers are those of <strong>ZZ</strong>" in page


def test_without_a_country_it_is_said_that_there_are_no_numbers(tmp_path: Path) -> None:
    page = desk(tmp_path).get("/admin/notices").text
    assert "call the emergency number." in page
    assert "tel:" not in page
    assert "No country is set" in page


def test_a_phrase_shows_which_notice_it_calls(tmp_path: Path) -> None:
    editor = desk(tmp_path)
    called = editor.send("/admin/notices", phrase="I was bitten by a snake").text
    assert "It calls this notice" in called
    assert "<code>snake-bite</code>" in called
    assert "It calls no notice." in editor.send("/admin/notices", phrase="snakes in art").text


@pytest.mark.parametrize("phrase", [HOSTILE, "\x00", "💊" * 400, "' OR 1=1", "x" * 5_000])
def test_any_phrase_may_be_tried(tmp_path: Path, phrase: str) -> None:
    answer = desk(tmp_path).send("/admin/notices", phrase=phrase)
    assert answer.status_code == 200
    assert "<script>window" not in answer.text


def test_the_phrase_is_neither_logged_nor_kept(tmp_path: Path, log: Lines) -> None:
    editor = desk(tmp_path, analytics=str(tmp_path / "counts.db"))
    editor.send("/admin/notices", phrase="quokkabite")
    assert log.lines
    assert "quokkabite" not in "".join(log.lines)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"quokkabite" not in kept


def test_notices_that_are_turned_off(tmp_path: Path) -> None:
    page = desk(tmp_path, notices="off").get("/admin/notices").text
    assert "Notices are turned off" in page


def test_the_shipped_notices_stand_there_in_both_languages(editor: Editor) -> None:
    page = editor.get("/admin/notices").text
    assert 'lang="en"' in page
    assert 'lang="es"' in page
    assert "the notices that come with the software" in page
