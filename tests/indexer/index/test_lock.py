"""One writer at a time, across processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.errors import IndexLocked, IndexUnwritable
from indexer.index.generations import GenerationStore
from indexer.index.lock import LOCK, writer_lock

HOLD = """
import sys
from pathlib import Path
from indexer.index.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def second_process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that holds the lock of ``folder`` until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def take(folder: Path) -> None:
    """Take the lock and give it back."""
    with writer_lock(folder):
        pass


def test_a_second_writer_is_refused_and_told_who_the_first_is(folder: Path) -> None:
    with second_process(folder) as first, pytest.raises(IndexLocked) as caught:
        take(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder} is being written by process {first.pid} on ")
    assert message.endswith("Wait until it ends, or stop it.")
    assert "\n" not in message


def test_the_lock_dies_with_its_process(folder: Path) -> None:
    with second_process(folder) as first:
        first.kill()
        first.wait()
        with writer_lock(folder):
            assert f"process {os.getpid()} " in (folder / LOCK).read_text()


def test_a_lock_file_that_was_left_behind_locks_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / LOCK).write_text("process 1 on elsewhere\n" * 50)
    with writer_lock(folder):
        text = (folder / LOCK).read_text()
    assert text.startswith(f"process {os.getpid()} on ")
    assert text.count("\n") == 1


def test_it_is_free_again_after_an_error(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="mine"), writer_lock(folder):
        raise RuntimeError("mine")
    with writer_lock(folder):
        pass


def test_two_writers_in_one_process(folder: Path) -> None:
    with writer_lock(folder), pytest.raises(IndexLocked, match=str(os.getpid())):
        take(folder)


def test_the_loser_does_not_overwrite_the_name_of_the_holder(folder: Path) -> None:
    with second_process(folder) as first:
        for _ in range(2):
            with pytest.raises(IndexLocked, match=f"process {first.pid} "):
                take(folder)


def test_reading_needs_no_lock(folder: Path) -> None:
    with writer_lock(folder):
        assert GenerationStore(folder).complete() == []


def test_the_folder_is_made(tmp_path: Path) -> None:
    with writer_lock(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / LOCK).is_file()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(IndexUnwritable, match=r"index cannot be written: "):
        take(tmp_path / "index")


def test_a_folder_where_the_lock_should_be(folder: Path) -> None:
    (folder / LOCK).mkdir(parents=True)
    with pytest.raises(IndexUnwritable, match=r"index cannot be written: Is a directory\."):
        take(folder)
