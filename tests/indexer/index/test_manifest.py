"""Whatever happens to the files of a generation, it is noticed before anything reads them."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from indexer.errors import IndexDamaged, IndexForeign
from indexer.index import manifest
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.manifest import (
    ARTICLES,
    MANIFEST,
    FileMark,
    check_files,
    check_sizes,
    mark_files,
    read_manifest,
)
from indexer.index.schema import SCHEMA_VERSION

WHAT_TO_DO = "Roll back or reindex."


def test_what_stands_in_it(live: Generation) -> None:
    found = read_manifest(live.folder)
    assert found == live.manifest
    assert found.articles == 2
    assert found.languages == {"en": 2}
    assert found.sources == ("test",)
    assert found.built_at.utcoffset() is not None
    assert ARTICLES in found.files
    on_disk = {p.relative_to(live.folder).as_posix() for p in live.folder.rglob("*") if p.is_file()}
    assert set(found.files) == on_disk - {MANIFEST}


def test_it_is_readable_for_people(live: Generation) -> None:
    lines = (live.folder / MANIFEST).read_text().splitlines()
    assert f'  "schema_version": {SCHEMA_VERSION},' in lines


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged) as caught:
        read_manifest(tmp_path)
    assert str(caught.value) == f"{tmp_path / MANIFEST} is missing. {WHAT_TO_DO}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"rubbish",
        b"[]",
        b"{}",
        b'{"schema_version": "1"}',
        b'{"schema_version": %d}' % SCHEMA_VERSION,
        b'{"schema_version": %d, "digest": "\xff"}' % SCHEMA_VERSION,
        b"[" * 100_000,
    ],
)
def test_malformed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged) as caught:
        read_manifest(tmp_path)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / MANIFEST} cannot be read (")
    assert message.endswith(WHAT_TO_DO)
    assert "\n" not in message


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 0, -1])
def test_another_version_is_said_before_anything_else(tmp_path: Path, version: int) -> None:
    (tmp_path / MANIFEST).write_bytes(b'{"schema_version": %d, "files": 1}' % version)
    with pytest.raises(IndexForeign) as caught:
        read_manifest(tmp_path)
    assert f"{tmp_path} has schema version {version}" in str(caught.value)
    assert "health-index reindex" in str(caught.value)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(IndexDamaged, match="cannot be read"):
        read_manifest(tmp_path)


def test_any_flipped_byte_of_it_is_noticed_or_harmless(
    live: Generation, store: GenerationStore
) -> None:
    """A flipped digit of a count passes here; ``verify`` counts."""
    path = live.folder / MANIFEST
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :])
        with pytest.raises((IndexDamaged, IndexForeign)):
            store.current()
    path.write_bytes(whole)
    assert store.current() == live


def test_a_cut_anywhere_is_noticed(live: Generation, store: GenerationStore) -> None:
    path = live.folder / MANIFEST
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at])
        with pytest.raises(IndexDamaged):
            store.current()


@pytest.mark.parametrize("how", ["remove", "truncate", "flip"])
def test_damage_to_any_file_is_noticed(
    live: Generation, damage: Callable[[str, str], Path], how: str
) -> None:
    assert len(live.manifest.files) >= 3
    for name in live.manifest.files:
        whole = (live.folder / name).read_bytes()
        if not whole and how != "remove":
            continue
        path = damage(name, how)
        with pytest.raises(IndexDamaged) as caught:
            check_files(live.folder, live.manifest.files)
        assert str(caught.value).startswith(f"{path} ")
        assert str(caught.value).endswith(WHAT_TO_DO)
        path.write_bytes(whole)
    check_files(live.folder, live.manifest.files)


@pytest.mark.parametrize("how", ["remove", "truncate", "flip"])
@pytest.mark.parametrize("is_small", [True, False])
def test_a_look_finds_all_but_altered_bytes_of_big_files(
    live: Generation,
    damage: Callable[[str, str], Path],
    how: str,
    is_small: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, mark in live.manifest.files.items():
        if not mark.size and how != "remove":
            continue
        monkeypatch.setattr(manifest, "SMALL_BYTES", mark.size if is_small else mark.size - 1)
        whole = (live.folder / name).read_bytes()
        path = damage(name, how)
        if how == "flip" and not is_small:
            check_sizes(live.folder, {name: mark})
        else:
            with pytest.raises(IndexDamaged, match=str(path)):
                check_sizes(live.folder, {name: mark})
        path.write_bytes(whole)
    check_sizes(live.folder, live.manifest.files)


def test_a_look_does_not_read_big_files(live: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> FileMark:
        pytest.fail(f"read {path}")

    monkeypatch.setattr(manifest, "SMALL_BYTES", -1)
    monkeypatch.setattr(manifest, "_mark", refuse)
    check_sizes(live.folder, live.manifest.files)


def test_a_folder_in_place_of_a_big_file(live: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "SMALL_BYTES", -1)
    path = live.folder / ARTICLES
    path.unlink()
    path.mkdir()
    with pytest.raises(IndexDamaged, match="cannot be read"):
        check_sizes(live.folder, live.manifest.files)


def test_each_kind_of_damage_has_its_words(
    live: Generation, damage: Callable[[str, str], Path]
) -> None:
    size = live.manifest.files[ARTICLES].size
    for how, words in (
        ("flip", "is altered: its checksum differs"),
        ("truncate", f"has {size // 2} bytes instead of {size}"),
        ("remove", r"cannot be read \(No such file or directory\)"),
    ):
        whole = (live.folder / ARTICLES).read_bytes()
        path = damage(ARTICLES, how)
        with pytest.raises(IndexDamaged, match=words):
            check_files(live.folder, live.manifest.files)
        path.write_bytes(whole)


def test_marks_are_relative_and_leave_the_manifest_out(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"abc")
    (tmp_path / MANIFEST).write_bytes(b"{}")
    marks = mark_files(tmp_path, {})
    assert list(marks) == ["sub/a"]
    assert marks["sub/a"].size == 3
    assert marks["sub/a"].sha256.startswith("ba7816bf")
    assert msgspec.json.encode(marks).startswith(b'{"sub/a":{"size":3,"sha256":"ba7816bf')
