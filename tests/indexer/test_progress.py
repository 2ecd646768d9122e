"""A bar where there is a terminal, silence where there is none."""

from pathlib import Path

import pytest

from indexer.index.generations import GenerationStore
from indexer.progress import progress_bar
from indexer.reindex import NamedSource, reindex
from indexer.sources import open_source
from tests.indexer.builders import page, record, write_jsonl


def index(folder: Path, *paths: Path) -> None:
    sources = [NamedSource(path.name, open_source(str(path))) for path in paths]
    with progress_bar(sources) as progress:
        reindex(GenerationStore(folder), sources, progress)


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
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [record(n) for n in range(7)])
    index(folder, site(tmp_path / "site"), path)
    assert "10/?" in capsys.readouterr().err
