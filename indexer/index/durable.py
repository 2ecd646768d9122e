"""Writing so that it outlives a crash, and saying plainly when it cannot be done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import IndexUnwritable


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Turn an operating system's refusal into one line: read-only folder, disk full."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(
            f"{folder} cannot be written: {error.strerror or error}. The live generation is whole."
        ) from error


def write_atomically(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Replace ``path`` so that a reader, or a crash, sees the old content or the new.

    What the process's umask takes away of ``mode`` says who may read it.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)  # what a crash left may have other rights
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
