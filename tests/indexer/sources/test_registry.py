"""From what an operator types to a source."""

import os
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import open_source
from indexer.sources.folder import FolderSource
from indexer.sources.jsonl import JsonlSource


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", FolderSource),
        ("a.xhtml.gz", FolderSource),
        ("a.jsonl", JsonlSource),
        ("a.ndjson.gz", JsonlSource),
    ],
)
def test_files(tmp_path: Path, name: str, kind: type) -> None:
    (tmp_path / name).touch()
    assert isinstance(open_source(str(tmp_path / name)), kind)


@pytest.mark.parametrize("name", ["site", "site.jsonl", "site.html"])
def test_a_folder_is_a_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert isinstance(open_source(str(tmp_path / name)), FolderSource)


@pytest.mark.parametrize("name", ["", "nowhere", "nowhere/a.html", "x" * 300, "a\0b"])
def test_there_is_no_such_file(name: str) -> None:
    """An empty name, as of a variable that is not set, is not the working folder."""
    with pytest.raises(SourceError, match="There is no file or folder"):
        open_source(name)


def test_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to("nowhere")
    with pytest.raises(SourceError, match="There is no file or folder"):
        open_source(str(tmp_path / "a.jsonl"))


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.gz", "a"])
def test_other_files_are_refused_with_what_is_expected(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(SourceError, match=r"is no source: expected .*\.jsonl"):
        open_source(str(tmp_path / name))


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    for name in ("a.jsonl", "site"):
        (tmp_path / name).mkdir()
        with pytest.raises(SourceError, match=f"{name} may not be read"):
            open_source(str(tmp_path / name))
