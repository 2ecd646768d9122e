"""The keys in force: the file is read again when it changes, and never by halves."""

import time
from collections.abc import Callable
from pathlib import Path

from indexer.errors import KeyFileError
from service.access.keyfile import KeyFile
from service.access.keys import Key, find
from service.search.watched import WatchedFile


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
        self._has_file = file is not None
        self._before: tuple[Key, ...] = ()
        self._watched: WatchedFile[tuple[Key, ...]] = WatchedFile(
            file, self._read, (), on_problem, clock
        )

    @property
    def is_kept(self) -> bool:
        """Whether there is a place for keys, so that the service may be written to."""
        return bool(self._admin_keys) or self._has_file

    def find(self, text: str) -> Key | None:
        """Return the key in force that ``text`` is, be it expired."""
        return find(self._current(), text)

    def with_hash(self, hashed: str) -> Key | None:
        """Return the key in force that has this hash, be it expired."""
        return next((key for key in self._current() if key.hash == hashed), None)

    def look(self) -> None:
        """Read the file if it has changed, and a second has passed since the last look."""
        self._watched.current()

    def _current(self) -> tuple[Key, ...]:
        return self._admin_keys + self._watched.current()

    def _read(self, path: Path) -> tuple[Key, ...]:
        """Read the keys of a file, which may come to be there later, but may not go."""
        keys = KeyFile(path).read()
        if self._before and not path.exists():
            raise KeyFileError(f"{path}: the file is gone.")
        self._before = keys
        return keys
