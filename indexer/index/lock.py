"""The writer's lock: one writer a folder, held by the operating system."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import IndexLocked, IndexUnwritable

LOCK = "writer.lock"


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for writing. The lock dies with its process, so it cannot be left behind.

    Raises:
        IndexLocked: another writer holds it; the message names that writer.
        IndexUnwritable: the lock file cannot be made.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise IndexUnwritable(f"{folder} cannot be written: {error.strerror}.") from error
    try:
        _acquire(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
        raise IndexLocked(
            f"{path.parent} is being written by {holder or 'another process'}. "
            "Wait until it ends, or stop it."
        ) from None
    now = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}, {now}\n".encode(), 0)
