"""Generations: built aside, made live in one step, rolled back, removed."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from indexer.errors import (
    GenerationUnknown,
    IndexDamaged,
    IndexFolderError,
    IndexForeign,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
)
from indexer.index import durable
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.ledger import Ledger
from indexer.index.manifest import ARTICLES, MANIFEST
from indexer.index.publishing import Build, Contents
from indexer.index.schema import SCHEMA_VERSION
from tests.indexer.builders import article, left_behind, publish

EMPTY = Contents({}, Ledger(), {}, ())


@contextmanager
def building(store: GenerationStore) -> Iterator[Build]:
    with store.writing() as writing, writing.build() as build:
        yield build


def make_foreign(generation: Generation) -> None:
    path = generation.folder / MANIFEST
    fields = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**fields, "schema_version": SCHEMA_VERSION + 1}))


def names(found: list[Generation]) -> list[str]:
    return [generation.name for generation in found]


class TestCurrent:
    def test_it_is_what_was_published_last(self, folder: Path, store: GenerationStore) -> None:
        first = publish(folder, article(1))
        assert store.current() == first
        second = publish(folder, article(2))
        assert store.current() == second
        assert store.complete() == [first, second]
        assert set(second.marks()) == {"a2"}

    def test_there_is_no_index(self, folder: Path, store: GenerationStore) -> None:
        with pytest.raises(IndexMissing) as caught:
            store.current()
        assert f"There is no index in {folder}." in str(caught.value)
        assert f"health-index reindex SOURCE --index {folder}" in str(caught.value)
        assert store.names() == []
        assert store.complete() == []
        assert not folder.exists(), "looking makes no folder"

    @pytest.mark.parametrize(
        "content",
        [b"", b"\n \n", b".", b"..", b"../../etc", b"/etc", b"a/b", b".hidden", b"\xff\xfe", b"a/"],
    )
    def test_it_holds_no_name(
        self, live: Generation, store: GenerationStore, content: bytes
    ) -> None:
        (store.folder / "CURRENT").write_bytes(content)
        assert live.folder.exists()
        with pytest.raises(IndexDamaged) as caught:
            store.current()
        assert str(store.folder / "CURRENT") in str(caught.value)
        assert str(caught.value).endswith("Roll back or reindex.")

    @pytest.mark.parametrize("content", [b"20200101T000000000Z-abcd\n", b"two\nlines", b"a\0b"])
    def test_it_names_a_generation_that_is_gone(
        self, live: Generation, store: GenerationStore, content: bytes
    ) -> None:
        (store.folder / "CURRENT").write_bytes(content)
        with pytest.raises(IndexDamaged) as caught:
            store.current()
        assert "CURRENT names '" in str(caught.value)
        assert "\n" not in str(caught.value)
        with store.writing() as writing:
            assert writing.roll_back() == live, "the advice works"

    def test_it_is_a_folder(self, live: Generation, store: GenerationStore) -> None:
        (store.folder / "CURRENT").unlink()
        (store.folder / "CURRENT").mkdir()
        with pytest.raises(IndexDamaged, match=r"CURRENT cannot be read .* Roll back or reindex\."):
            store.current()
        assert live.folder.exists()

    def test_the_index_folder_is_a_file(self, folder: Path, store: GenerationStore) -> None:
        folder.write_text("")
        with pytest.raises(IndexDamaged, match="Not a directory"):
            store.current()
        assert store.complete() == []

    def test_damage_is_noticed_on_opening(
        self, store: GenerationStore, damage: Callable[[str, str], Path]
    ) -> None:
        path = damage(ARTICLES, "truncate")
        with pytest.raises(IndexDamaged, match=str(path)):
            store.current()

    def test_damage_to_a_big_file_is_noticed_by_all_but_a_quick_opening(
        self,
        live: Generation,
        store: GenerationStore,
        damage: Callable[[str, str], Path],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("indexer.index.manifest.SMALL_BYTES", -1)
        path = damage(ARTICLES, "flip")
        assert store.open_quickly(live.name) == live
        for check in (store.current, lambda: store.open(live.name)):
            with pytest.raises(IndexDamaged, match=str(path)):
                check()
        damage(ARTICLES, "truncate")
        with pytest.raises(IndexDamaged, match=str(path)):
            store.open_quickly(live.name)

    def test_a_quick_opening_knows_the_names_too(
        self, live: Generation, store: GenerationStore
    ) -> None:
        with pytest.raises(GenerationUnknown):
            store.open_quickly("nope")
        make_foreign(live)
        with pytest.raises(IndexForeign):
            store.open_quickly(live.name)

    @pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}', b'{"a": "\xff"}'])
    def test_damaged_hashes(self, live: Generation, content: bytes) -> None:
        (live.folder / ARTICLES).write_bytes(content)
        with pytest.raises(IndexDamaged, match=ARTICLES):
            live.marks()

    def test_another_version(self, live: Generation, store: GenerationStore) -> None:
        make_foreign(live)
        with pytest.raises(IndexForeign):
            store.current()
        assert store.complete() == []

    def test_a_folder_that_may_not_be_listed(
        self, live: Generation, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert live.folder.exists()

        def refuse(_path: Path) -> Iterator[Path]:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "iterdir", refuse)
        with pytest.raises(IndexDamaged, match=r"generations cannot be read \(Permission denied\)"):
            store.complete()


class TestPublish:
    def test_readers_see_the_old_one_until_the_switch(
        self, live: Generation, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """At every file operation of a publication the current generation is a whole one."""
        seen: list[str] = []
        sync = durable.sync

        def look(path: Path) -> None:
            sync(path)
            seen.append(store.current().name)

        monkeypatch.setattr(durable, "sync", look)
        new = publish(store.folder, article(3))
        assert seen[0] == live.name
        assert seen[-1] == new.name
        assert seen == sorted(seen), "it switches once"

    def test_a_stop_at_any_moment_leaves_a_whole_generation(
        self, live: Generation, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sync = durable.sync
        outcomes = set()
        for stop_at in range(40):
            calls = iter(range(1000))

            def fail(path: Path, calls: Iterator[int] = calls, stop_at: int = stop_at) -> None:
                if next(calls) == stop_at:
                    raise OSError(errno.ENOSPC, "No space left on device")
                sync(path)

            with monkeypatch.context() as patch:
                patch.setattr(durable, "sync", fail)
                try:
                    publish(store.folder, article(3))
                except IndexUnwritable as error:
                    outcomes.add(str(error))
                else:
                    outcomes.add("done")
            assert store.current().name >= live.name
        why = "cannot be written: No space left on device. The live generation is whole."
        assert outcomes == {f"{store.folder} {why}", "done"}

    def test_whoever_is_reading_the_pointer_reads_on(
        self, live: Generation, store: GenerationStore
    ) -> None:
        with (store.folder / "CURRENT").open() as pointer:
            publish(store.folder, article(3))
            assert pointer.read() == f"{live.name}\n"

    def test_every_file_reaches_the_disk_before_the_switch(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[Path] = []
        monkeypatch.setattr(durable, "sync", synced.append)
        new = publish(store.folder, article(1))
        assert synced[-2:] == [store.folder / ".CURRENT.new", store.folder]
        before = set(synced[:-2])
        assert before >= {p for p in new.folder.rglob("*") if p.name != MANIFEST}
        assert before >= {new.folder, store.folder / "generations"}

    def test_nothing_is_left_of_a_build_that_fails(
        self, live: Generation, store: GenerationStore
    ) -> None:
        def build_and_fail() -> None:
            with building(store) as build:
                (build.whoosh / "segment").write_text("half")
                raise RuntimeError("mine")

        with pytest.raises(RuntimeError, match="mine"):
            build_and_fail()
        assert store.complete() == [live]
        assert left_behind(store.folder) == []

    def test_nothing_is_left_of_a_build_that_is_never_published(
        self, live: Generation, store: GenerationStore
    ) -> None:
        with building(store) as build:
            assert sorted(build.folder.iterdir()) == [build.columns, build.whoosh]
        assert not build.folder.exists()
        assert store.current() == live

    def test_a_build_is_no_generation_yet(self, live: Generation, store: GenerationStore) -> None:
        with building(store) as build:
            assert store.complete() == [live]
            with pytest.raises(IndexDamaged, match=r"manifest\.json is missing"):
                store.open(build.folder.name)

    def test_names_sort_by_time(self, folder: Path, store: GenerationStore) -> None:
        made = [publish(folder, article(n)).name for n in range(3)]
        assert made == sorted(made) == store.names()


class TestUnwritable:
    def test_a_full_disk_is_one_line(self, live: Generation, store: GenerationStore) -> None:
        with pytest.raises(IndexUnwritable) as caught, building(store):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        assert str(caught.value) == (
            f"{store.folder} cannot be written: No space left on device. "
            "The live generation is whole."
        )
        assert store.current() == live

    def test_a_file_where_the_generations_should_be(
        self, folder: Path, store: GenerationStore
    ) -> None:
        folder.mkdir()
        (folder / "generations").write_text("")
        with pytest.raises(IndexUnwritable, match="cannot be written"), building(store):
            pytest.fail("built in a file")

    def test_a_lock_that_the_file_system_does_not_know(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: int) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        monkeypatch.setattr("fcntl.flock", refuse)
        with pytest.raises(IndexUnwritable, match="No locks available"), store.writing():
            pytest.fail("wrote without a lock")

    def test_only_one_writes(self, store: GenerationStore) -> None:
        with store.writing(), pytest.raises(IndexLocked), store.writing():
            pytest.fail("two writers")


class TestRollBack:
    def test_to_the_one_before(self, folder: Path, store: GenerationStore) -> None:
        first, second, third = (publish(folder, article(n)) for n in (1, 2, 3))
        with store.writing() as writing:
            assert writing.roll_back() == second
            assert store.current() == second
            assert writing.roll_back() == first
            with pytest.raises(GenerationUnknown, match="no older generation"):
                writing.roll_back()
            assert store.current() == first
            assert writing.roll_back(third.name) == third
        assert store.current() == third

    @pytest.mark.parametrize("name", ["nope", "", "..", "../../etc", ".", "CURRENT"])
    def test_to_one_that_is_unknown(
        self, live: Generation, store: GenerationStore, name: str
    ) -> None:
        with store.writing() as writing, pytest.raises(GenerationUnknown) as caught:
            writing.roll_back(name)
        assert f"{store.folder} has no generation {name!r}" in str(caught.value)
        assert store.current() == live

    def test_to_a_damaged_one(
        self, live: Generation, store: GenerationStore, damage: Callable[[str, str], Path]
    ) -> None:
        new = publish(store.folder, article(3))
        files = live.manifest.files
        path = damage(max(files, key=lambda name: files[name].size), "flip")
        for name in (None, live.name):
            with store.writing() as writing, pytest.raises(IndexDamaged, match=str(path)):
                writing.roll_back(name)
        assert store.current() == new

    def test_to_one_of_another_version(self, live: Generation, store: GenerationStore) -> None:
        new = publish(store.folder, article(3))
        make_foreign(live)
        with store.writing() as writing:
            with pytest.raises(IndexForeign):
                writing.roll_back(live.name)
            with pytest.raises(GenerationUnknown):
                writing.roll_back()
        assert store.current() == new

    def test_it_mends_a_lost_pointer(self, live: Generation, store: GenerationStore) -> None:
        (store.folder / "CURRENT").unlink()
        with store.writing() as writing:
            assert writing.roll_back() == live
        assert store.current() == live

    def test_in_an_empty_folder(self, store: GenerationStore) -> None:
        with store.writing() as writing, pytest.raises(GenerationUnknown):
            writing.roll_back()


class TestPrune:
    def test_the_newest_stay(self, folder: Path, store: GenerationStore) -> None:
        made = [publish(folder, article(n)).name for n in range(5)]
        with store.writing() as writing:
            assert writing.prune(keep=2) == made[:3]
            assert writing.prune(keep=2) == []
        assert store.names() == made[3:]

    def test_the_live_one_stays_however_old(self, folder: Path, store: GenerationStore) -> None:
        made = [publish(folder, article(n)).name for n in range(4)]
        with store.writing() as writing:
            writing.roll_back(made[0])
            assert writing.prune(keep=1) == made[1:3]
        assert store.current().name == made[0]

    def test_damaged_and_unfinished_ones_go(self, folder: Path, store: GenerationStore) -> None:
        damaged, unfinished, good, live = (publish(folder, article(n)) for n in range(4))
        (damaged.folder / MANIFEST).write_text("{")
        (unfinished.folder / MANIFEST).unlink()
        with store.writing() as writing:
            assert writing.prune(keep=4) == [damaged.name, unfinished.name]
        assert store.complete() == [good, live]

    def test_those_of_another_version_count_too(self, folder: Path, store: GenerationStore) -> None:
        """After an upgrade the first reindex prunes beside generations it cannot read."""
        made = [publish(folder, article(n)) for n in range(3)]
        make_foreign(made[0])
        make_foreign(made[1])
        with store.writing() as writing:
            assert writing.prune(keep=2) == [made[0].name]
        assert store.names() == names(made[1:])

    def test_without_a_pointer(self, live: Generation, store: GenerationStore) -> None:
        (store.folder / "CURRENT").unlink()
        with store.writing() as writing:
            assert writing.prune(keep=1) == []
        assert store.complete() == [live]

    def test_a_removal_that_is_cut_short_leaves_no_half_generation(
        self, live: Generation, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new = publish(store.folder, article(3))

        def fail(_path: Path) -> None:
            raise OSError(errno.EIO, "Input/output error")

        with monkeypatch.context() as patch:
            patch.setattr("shutil.rmtree", fail)
            with pytest.raises(IndexUnwritable), store.writing() as writing:
                writing.prune(keep=1)
        assert live.folder.exists()
        assert store.complete() == [new], "it is not offered for a rollback"
        with store.writing() as writing:
            assert writing.sweep() == [live.name]


class TestSweep:
    def test_builds_without_a_manifest_go(self, live: Generation, store: GenerationStore) -> None:
        half = store.folder / "generations" / "20200101T000000000Z-abcd"
        (half / "whoosh").mkdir(parents=True)
        (half / ".manifest.json.new").write_text("{")
        with store.writing() as writing:
            assert writing.sweep() == [half.name]
            assert writing.sweep() == []
        assert store.current() == live

    def test_in_an_empty_folder(self, store: GenerationStore) -> None:
        with store.writing() as writing:
            assert writing.sweep() == []

    def test_files_among_the_generations_are_left_alone(
        self, live: Generation, store: GenerationStore
    ) -> None:
        stray = store.folder / "generations" / "README"
        stray.write_text("mine")
        with store.writing() as writing:
            assert writing.sweep() == writing.prune() == []
        assert stray.exists()
        assert store.complete() == [live]


def test_every_error_of_the_store_is_in_the_tree() -> None:
    kinds = (GenerationUnknown, IndexDamaged, IndexForeign, IndexLocked, IndexMissing)
    assert all(issubclass(kind, IndexFolderError) for kind in (*kinds, IndexUnwritable))
