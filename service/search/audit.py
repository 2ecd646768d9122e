"""Reads a generation's files and compares their checksums, without getting in the way of searches.

Segments are taken over from generation to generation by hard links, so a file is known by what
stays the same then, and is read once.
"""

import threading
import time
from functools import partial
from hashlib import sha256
from io import FileIO
from os import fstat
from pathlib import Path
from typing import NamedTuple

from indexer.index.generation import Generation
from indexer.index.manifest import FileMark, check_file

READ_BYTES = 1 << 23
"""Read at a time: some milliseconds of work, in which the hash lets other threads run. Between two
of them a busy interpreter has to be waited for, so smaller ones would take longer in all."""

REST = 3.0
"""Rest after each read, as a multiple of the processor's time that it took: a quarter of one core
is taken, and 1 GB that is in the page cache takes some three seconds."""


class _Identity(NamedTuple):
    """What a file that nobody has touched keeps, whatever its name; and what it should hold."""

    device: int
    inode: int
    size: int
    modified_ns: int
    sha256: str


class _StoppedError(Exception):
    """The audit was stopped before it was through."""


class Audit:
    """Checks generations one after the other, from one thread at a time."""

    def __init__(self, rest: float = REST) -> None:
        self._rest = rest
        self._sound: set[_Identity] = set()
        self._stop = threading.Event()

    def check(self, generation: Generation) -> bool:
        """Read what has not been read before; return whether it was read to the end.

        Raises:
            IndexDamaged: the first file that is missing, truncated or altered.
        """
        passed: set[_Identity] = set()
        try:
            for name, mark in generation.manifest.files.items():
                check_file(generation.folder / name, mark, partial(self._read, mark, passed))
        except _StoppedError:
            return False
        finally:
            self._sound |= passed
        self._sound = passed  # what only older generations held is as good as gone
        return True

    def stop(self) -> None:
        """Make a running check, and those that follow, return at once."""
        self._stop.set()

    def _read(self, mark: FileMark, passed: set[_Identity], path: Path) -> FileMark:
        with path.open("rb", buffering=0) as file:
            now = fstat(file.fileno())
            identity = _Identity(now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, mark.sha256)
            found = mark if identity in self._sound else self._hash(file)
        if found == mark:
            passed.add(identity)
        return found

    def _hash(self, file: FileIO) -> FileMark:
        digest, size = sha256(), 0
        while True:
            began = time.thread_time()
            chunk = file.read(READ_BYTES)
            if not chunk:
                return FileMark(size=size, sha256=digest.hexdigest())
            digest.update(chunk)
            size += len(chunk)
            if self._stop.wait(self._rest * (time.thread_time() - began)):
                raise _StoppedError
