"""Files are read once, whatever generation they belong to, and damage to them is found."""

import os
import threading
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.generation import Generation
from service.search import audit as module
from service.search.audit import Audit
from tests.service.search.conftest import Publish

ARTICLE = Article(id="a", url="https://a.example/", title="Gout", body="Gout hurts.", language="en")


class Reading(Audit):
    """Counts the files that it reads."""

    def __init__(self) -> None:
        super().__init__(rest=0)
        self.read: list[int] = []

    def _hash(self, file: object) -> object:  # type: ignore[override]
        found = super()._hash(file)  # type: ignore[arg-type]
        self.read.append(found.size)
        return found


@pytest.fixture
def generation(tmp_path: Path, publish: Publish) -> Generation:
    return publish(tmp_path / "index", [ARTICLE])


def files(generation: Generation) -> list[Path]:
    return [generation.folder / name for name in generation.manifest.files]


def test_every_file_is_read_and_none_twice(generation: Generation) -> None:
    audit = Reading()
    assert audit.check(generation) is True
    assert sorted(audit.read) == sorted(mark.size for mark in generation.manifest.files.values())
    audit.read.clear()
    assert audit.check(generation) is True
    assert audit.read == []


@pytest.mark.parametrize("how", ["flip", "cut", "remove"])
def test_damage_to_any_file_is_found(generation: Generation, how: str) -> None:
    for path in files(generation):
        whole = path.read_bytes()
        if not whole:
            continue
        if how == "flip":
            path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        elif how == "cut":
            path.write_bytes(whole[:-1])
        else:
            path.unlink()
        with pytest.raises(IndexDamaged, match=path.name):
            Audit(rest=0).check(generation)
        path.write_bytes(whole)
    assert Audit(rest=0).check(generation)


def test_a_file_that_was_touched_is_read_again(generation: Generation) -> None:
    audit = Reading()
    audit.check(generation)
    audit.read.clear()
    path = max(files(generation), key=lambda path: path.stat().st_size)
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match="checksum"):
        audit.check(generation)
    with pytest.raises(IndexDamaged, match="checksum"):
        audit.check(generation)
    assert audit.read == [len(content)] * 2, "what is sound is not read again, what is not is"


def test_a_hard_link_is_known(generation: Generation, tmp_path: Path, publish: Publish) -> None:
    """The next generation takes its segments over so."""
    audit = Reading()
    audit.check(generation)
    audit.read.clear()
    path = max(files(generation), key=lambda path: path.stat().st_size)
    name = path.relative_to(generation.folder).as_posix()
    other = publish(tmp_path / "other", [])
    os.link(path, other.folder / "linked")
    other.manifest.files["linked"] = generation.manifest.files[name]
    expected = sorted(mark.size for mark in publish(tmp_path / "o2", []).manifest.files.values())
    audit.check(other)
    assert len(audit.read) == len(expected)
    assert path.stat().st_size not in audit.read


def test_the_same_file_under_another_checksum_is_not(generation: Generation) -> None:
    audit = Reading()
    audit.check(generation)
    name, mark = max(generation.manifest.files.items(), key=lambda item: item[1].size)
    generation.manifest.files[name] = type(mark)(size=mark.size, sha256="0" * 64)
    with pytest.raises(IndexDamaged, match="checksum"):
        audit.check(generation)


def test_what_only_an_older_generation_held_is_forgotten(
    generation: Generation, tmp_path: Path, publish: Publish
) -> None:
    """Or a service that runs for years would remember every file that there ever was."""
    audit = Reading()
    audit.check(generation)
    audit.check(publish(tmp_path / "other", []))
    audit.read.clear()
    audit.check(generation)
    assert max(mark.size for mark in generation.manifest.files.values()) in audit.read


def test_it_can_be_stopped(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_BYTES", 1)
    audit, found = Audit(rest=1e9), []
    thread = threading.Thread(target=lambda: found.append(audit.check(generation)))
    thread.start()
    audit.stop()
    thread.join(timeout=30)
    assert found == [False]
    assert audit.check(generation) is False
