"""One writer at a time, across processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.errors import IndexLocked, IndexUnwritable
from indexer.index.generations import GenerationStore
from indexer.index.lock import WRITER_LOCK, is_locked, lock_folder, wait_for_folder

HOLD = """
import sys
from pathlib import Path
from indexer.index.lock import lock_folder
with lock_folder(Path(sys.argv[1]), "writer.lock"):
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
    with lock_folder(folder, WRITER_LOCK):
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
        with lock_folder(folder, WRITER_LOCK):
            assert f"process {os.getpid()} " in (folder / WRITER_LOCK).read_text()


def test_a_lock_file_that_was_left_behind_locks_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / WRITER_LOCK).write_text("process 1 on elsewhere\n" * 50)
    with lock_folder(folder, WRITER_LOCK):
        text = (folder / WRITER_LOCK).read_text()
    assert text.startswith(f"process {os.getpid()} on ")
    assert text.count("\n") == 1


def test_it_is_free_again_after_an_error(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="mine"), lock_folder(folder, WRITER_LOCK):
        raise RuntimeError("mine")
    with lock_folder(folder, WRITER_LOCK):
        pass


def test_two_writers_in_one_process(folder: Path) -> None:
    with lock_folder(folder, WRITER_LOCK), pytest.raises(IndexLocked, match=str(os.getpid())):
        take(folder)


def test_the_loser_does_not_overwrite_the_name_of_the_holder(folder: Path) -> None:
    with second_process(folder) as first:
        for _ in range(2):
            with pytest.raises(IndexLocked, match=f"process {first.pid} "):
                take(folder)


def test_reading_needs_no_lock(folder: Path) -> None:
    with lock_folder(folder, WRITER_LOCK):
        assert GenerationStore(folder).complete() == []


def test_the_folder_is_made(tmp_path: Path) -> None:
    with lock_folder(tmp_path / "a" / "b", WRITER_LOCK):
        assert (tmp_path / "a" / "b" / WRITER_LOCK).is_file()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(IndexUnwritable, match=r"index cannot be written: "):
        take(tmp_path / "index")


def test_a_folder_where_the_lock_should_be(folder: Path) -> None:
    (folder / WRITER_LOCK).mkdir(parents=True)
    with pytest.raises(IndexUnwritable, match=r"index cannot be written: Is a directory\."):
        take(folder)


def test_whether_it_is_held(folder: Path) -> None:
    assert not is_locked(folder, WRITER_LOCK)
    with second_process(folder):
        assert is_locked(folder, WRITER_LOCK)
    assert not is_locked(folder, WRITER_LOCK)


def test_waiting_until_it_is_free(folder: Path) -> None:
    with second_process(folder) as first:
        threading.Timer(0.3, first.kill).start()
        with wait_for_folder(folder, WRITER_LOCK):
            assert first.wait(10) != 0
