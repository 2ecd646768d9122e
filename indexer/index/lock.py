"""Locks of an index folder, held by the operating system: they die with their process."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import IndexLocked, IndexUnwritable

WRITER_LOCK = "writer.lock"
SWITCH_LOCK = "switch.lock"
RUNNER_LOCK = "runner.lock"

TRIES = 5
PAUSE_SECONDS = 0.05
"""A look at a lock takes microseconds."""


@contextmanager
def lock_folder(folder: Path, name: str) -> Iterator[None]:
    """Hold a lock of the folder.

    Raises:
        IndexLocked: another process holds it; the message names that process.
        IndexUnwritable: the lock file cannot be made.
    """
    with _opened(folder, name) as descriptor:
        _acquire(descriptor, folder / name)
        yield


@contextmanager
def wait_for_folder(folder: Path, name: str) -> Iterator[None]:
    """Hold a lock of the folder once it is free.

    Raises:
        IndexUnwritable: the lock file cannot be made.
    """
    with _opened(folder, name) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def is_locked(folder: Path, name: str) -> bool:
    """Return whether some process holds a lock of the folder now."""
    try:
        with lock_folder(folder, name):
            return False
    except IndexLocked:
        return True


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[int]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise IndexUnwritable(f"{folder} cannot be written: {error.strerror}.") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _took(descriptor: int) -> bool:
    """Try for a moment: someone may only have looked whether the lock is free."""
    for _ in range(TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def _acquire(descriptor: int, path: Path) -> None:
    if not _took(descriptor):
        holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
        raise IndexLocked(
            f"{path.parent} is being written by {holder or 'another process'}. "
            "Wait until it ends, or stop it."
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}, {now}\n".encode(), 0)
