"""Generations that share files, and those that single changes made: published, thinned, pruned."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.edits import edit_live
from indexer.errors import GateError, GenerationUnknown
from indexer.index import manifest
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.verification import verify
from tests.indexer.builders import bodies, index, item, left_behind


def edit(store: GenerationStore, number: int) -> Generation:
    return edit_live(store, [Edit(0, f"e{number}", {"title": f"Mine {number}"})])


def contents(generation: Generation) -> dict[str, bytes]:
    files = (path for path in generation.folder.rglob("*") if path.is_file())
    return {path.relative_to(generation.folder).as_posix(): path.read_bytes() for path in files}


def job(store: GenerationStore, *numbers: int) -> Generation:
    index(store, *(item(n) for n in numbers))
    return store.current()


class TestSharedFiles:
    def test_no_later_job_alters_an_older_generation(self, store: GenerationStore) -> None:
        first = job(store, *range(9))
        before = contents(first)
        job(store, *range(1, 9))
        edit(store, 1)
        assert contents(first) == before
        assert store.open(first.name) == first
        assert verify(first) == 9

    def test_removing_an_old_one_leaves_the_new_one_whole(self, store: GenerationStore) -> None:
        first, second = job(store, *range(9)), job(store, *range(10))
        shared = [name for name in contents(first) if name in contents(second) and ".seg" in name]
        assert shared
        assert (second.folder / shared[0]).stat().st_nlink == 2
        with store.writing() as writing:
            assert writing.prune(keep=1) == [first.name]
        assert store.current() == second
        assert verify(second) == len(bodies(second)) == 10

    def test_shared_files_are_not_read_again(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = job(store, *range(9))
        read: list[str] = []
        mark = manifest._mark

        def watch(path: Path) -> manifest.FileMark:
            read.append(path.name)
            return mark(path)

        monkeypatch.setattr(manifest, "_mark", watch)
        second = edit(store, 1)
        shared = [name for name in first.manifest.files if name.endswith(".seg")]
        assert shared
        assert not {Path(name).name for name in shared} & set(read)
        for name in shared:
            assert second.manifest.files[name] == first.manifest.files[name]
        assert store.current() == second, "the checksums that were carried over are right"

    def test_where_there_are_no_links(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError("no links here")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        job(store, *range(9))
        second = job(store, *range(1, 10))
        assert store.current() == second
        assert verify(second) == 9
        assert {path.stat().st_nlink for path in second.whoosh.iterdir()} == {1}

    def test_a_file_of_the_same_name_is_not_taken_for_the_same(
        self, store: GenerationStore
    ) -> None:
        """Whoosh's table of contents has one name in all generations."""
        first, second = job(store, *range(9)), job(store, *range(1, 9))
        (name,) = [name for name in first.manifest.files if name.endswith(".toc")]
        assert first.manifest.files[name] != second.manifest.files[name]

    def test_damage_is_not_carried_on(
        self, live: Generation, store: GenerationStore, damage: Callable[[str, str], Path]
    ) -> None:
        (name,) = [name for name in live.manifest.files if name.endswith(".seg")]
        inode = damage(name, "flip").stat().st_ino
        after = job(store, 1, 2)
        assert inode not in {path.stat().st_ino for path in after.whoosh.iterdir()}
        assert store.current() == after


class TestSingleChanges:
    def test_what_they_made_stems_from_a_job(self, store: GenerationStore) -> None:
        first = job(store, 1)
        made = edit(store, 2)
        assert (first.manifest.job, made.manifest.job) == (first.name, first.name)
        assert made.manifest.sources == first.manifest.sources
        assert made.ledger() == first.ledger()
        assert edit(store, 3).manifest.job == first.name

    def test_only_the_last_two_stay_beside_the_jobs(self, store: GenerationStore) -> None:
        jobs = [job(store, 1).name, job(store, 1, 2).name]
        edits = [edit(store, n).name for n in range(5)]
        assert store.names() == sorted([*jobs, *edits[-2:]])

    def test_the_build_of_a_running_job_stays_and_so_does_its_base(
        self, store: GenerationStore
    ) -> None:
        job(store, 1)
        base = edit(store, 0)
        with store.writing() as writing, writing.build() as build:
            for n in range(1, 5):
                edit(store, n)
                assert build.whoosh.is_dir()
                assert store.open(base.name) == base

    def test_rolling_back_takes_back_the_job_with_its_changes(self, store: GenerationStore) -> None:
        job(store, 1)
        before = edit(store, 1)
        job(store, 1, 2)
        edit(store, 2)
        with store.writing() as writing, store.switching():
            assert writing.roll_back() == before
            with pytest.raises(GenerationUnknown):
                writing.roll_back()
        assert set(bodies(store.current())) == {"r1", "e1"}

    def test_changes_after_a_rollback_are_of_the_job_that_is_live(
        self, store: GenerationStore
    ) -> None:
        first = job(store, 1)
        job(store, 1, 2)
        with store.writing() as writing, store.switching():
            writing.roll_back()
        made = edit(store, 1)
        assert made.manifest.job == first.name
        assert set(bodies(made)) == {"r1", "e1"}
        assert store.open(first.name) == first

    def test_prune_leaves_enough_to_roll_back(self, store: GenerationStore) -> None:
        for n in range(5):
            job(store, *range(n + 1))
            edit(store, n)
            edit(store, n + 10)
        with store.writing() as writing, store.switching():
            writing.prune()
            rolled = [len(bodies(writing.roll_back())) for _ in range(2)]
        assert rolled == [4, 3]

    def test_a_change_that_fails_leaves_nothing(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = job(store, 1)

        def refuse(*_: object) -> None:
            raise GateError("no")

        monkeypatch.setattr("indexer.edits.check_build", refuse)
        with pytest.raises(GateError):
            edit(store, 1)
        assert store.current() == before
        assert store.names() == [before.name]
        assert left_behind(store.folder) == []
