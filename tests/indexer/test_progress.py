"""A bar where there is a terminal, silence where there is none."""

from pathlib import Path

import pytest

from indexer.index.generations import GenerationStore
from indexer.progress import describe, shown_progress, total_of
from indexer.reindex import reindex
from indexer.sources import open_source
from indexer.tally import Tally
from tests.indexer.builders import page, plan, record, write_jsonl
from tests.journals import NoJournal


def index(folder: Path, *paths: Path) -> None:
    made = plan(*(open_source(str(path)) for path in paths))
    with shown_progress(total_of(made.sources)) as show:

        class Shown(NoJournal):
            def note(self, tally: Tally, /) -> None:
                show(tally)

        reindex(GenerationStore(folder), made, Shown())


def site(folder: Path) -> Path:
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.html").write_text(page(f"Asthma {n}"))
    return folder


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


def test_no_terminal(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    index(folder, site(tmp_path / "site"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("terminal")
def test_a_bar_with_a_total(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index(folder, site(tmp_path / "site"))
    out, err = capsys.readouterr()
    assert out == ""
    assert "Indexing" in err
    assert "3/3" in err


@pytest.mark.usefixtures("terminal")
def test_a_bar_without_a_total(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [record(n) for n in range(7)])
    monkeypatch.setattr("indexer.sources.jsonl.JsonlSource.size", lambda _: None)
    index(folder, site(tmp_path / "site"), path)
    assert "10/?" in capsys.readouterr().err


def test_lines_where_there_is_no_terminal(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr("indexer.progress.LINE_SECONDS", 0.0)
    index(folder, site(tmp_path / "site"))
    out, err = capfd.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0].startswith("1 of 3 items, 0 skipped, 0 failed, ")
    assert lines[-1].startswith("3 of 3 items, ")
    assert lines[-1].endswith(" a second, about 0 s left")


@pytest.mark.parametrize(
    ("total", "seconds", "line"),
    [
        (16_423, 10.0, "2,000 of 16,423 items, 0 skipped, 0 failed, 200 a second, about 72 s left"),
        (None, 4.0, "2,000 items, 0 skipped, 0 failed, 500 a second"),
        (1_000, 4.0, "2,000 of 1,000 items, 0 skipped, 0 failed, 500 a second, about 0 s left"),
    ],
)
def test_rate_and_time_left(total: int | None, seconds: float, line: str) -> None:
    tally = Tally({})
    tally.seen = 2_000
    assert describe(tally, total, seconds) == line
