"""The keys in force: the file is read again when it changes, and never by halves."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from indexer.errors import KeyFileError
from service.access.keyfile import KeyFile
from service.access.keys import Key, find

SECONDS = 1.0
"""How often the file is looked at, at most."""

_Mark = tuple[int, int, int] | None


def utc_today() -> date:
    """Return the day that it is now in UTC."""
    return datetime.now(UTC).date()


class KeyRing:
    """Holds the admin key and those of a file, and renews these. It belongs to one event loop.

    A bad file is told of once and leaves the keys in force that were: at the start, none. That it
    is good again is told of as well, by an empty text.
    """

    def __init__(
        self,
        admin_key: Key | None = None,
        file: Path | None = None,
        on_problem: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._admin_keys = (admin_key,) if admin_key else ()
        self._file = KeyFile(file) if file else None
        self._on_problem = on_problem
        self._clock = clock
        self._keys: tuple[Key, ...] = ()
        self._mark: _Mark = None
        self._is_refused = False
        self._due = clock() + SECONDS
        if self._file:
            self._mark = _mark(self._file.path)
            self._read(self._file)

    @property
    def is_kept(self) -> bool:
        """Whether there is a place for keys, so that the service may be written to."""
        return bool(self._admin_keys) or self._file is not None

    def find(self, text: str) -> Key | None:
        """Return the key in force that ``text`` is, be it expired."""
        return find(self._current(), text)

    def with_hash(self, hashed: str) -> Key | None:
        """Return the key in force that has this hash, be it expired."""
        return next((key for key in self._current() if key.hash == hashed), None)

    def look(self) -> None:
        """Read the file if it has changed, and a second has passed since the last look."""
        if self._file and self._clock() >= self._due:
            self._due = self._clock() + SECONDS
            mark = _mark(self._file.path)  # before the file is read: a later change is seen next
            if mark != self._mark:
                self._mark = mark
                self._read(self._file)

    def _current(self) -> tuple[Key, ...]:
        self.look()
        return self._admin_keys + self._keys

    def _read(self, file: KeyFile) -> None:
        problem = ""
        try:
            keys = file.read()
        except KeyFileError as error:
            problem = str(error)
        else:
            if self._mark is None and self._keys:
                problem = f"{file.path}: the file is gone."
            else:
                self._keys = keys
        if problem or self._is_refused:
            self._is_refused = bool(problem)
            self._on_problem(problem)


def _mark(path: Path) -> _Mark:
    """Return what tells a file from another state of it; nothing if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
