"""A file of the operator's that is read again when it changes, and never by halves."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from indexer.errors import HealthSearchError

SECONDS = 1.0
"""How often a file is looked at, at most."""

T = TypeVar("T")

_Mark = tuple[int, int, int] | None


class WatchedFile(Generic[T]):
    """Holds what a file says, and renews it. Safe to use from several threads.

    A bad file is told of once and leaves in force what was; at the start that is what is given.
    That it is good again is told of as well, by an empty text.
    """

    def __init__(
        self,
        path: Path | None,
        read: Callable[[Path], T],
        before: T,
        on_problem: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the file.

        Args:
            path: of the file; without one, ``before`` is in force for good.
            read: raises one of our errors where the file is bad.
            before: what is in force until a good file was read.
            on_problem: told what is wrong with the file, and by an empty text that nothing is.
            clock: in seconds.
        """
        self._path = path
        self._read_file = read
        self._current = before
        self._on_problem = on_problem
        self._clock = clock
        self._lock = threading.Lock()
        self._mark: _Mark = None
        self._is_refused = False
        self._due = clock() + SECONDS
        if path:
            self._mark = _mark(path)
            self._read(path)

    def current(self) -> T:
        """Return what is in force; reads the file if it changed."""
        if self._path and self._clock() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._look(self._path)
            finally:
                self._lock.release()
        return self._current

    def _look(self, path: Path) -> None:
        self._due = self._clock() + SECONDS
        mark = _mark(path)  # Before the file is read: what changes it after that is seen next time.
        if mark != self._mark:
            self._mark = mark
            self._read(path)

    def _read(self, path: Path) -> None:
        try:
            self._current = self._read_file(path)
        except HealthSearchError as error:
            self._is_refused = True
            self._on_problem(str(error))
            return
        if self._is_refused:
            self._is_refused = False
            self._on_problem("")


def _mark(path: Path) -> _Mark:
    """Return what tells a file from another state of it; nothing if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
