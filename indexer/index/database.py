"""An SQLite file that several processes read and write, with errors that say what to do."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from indexer.errors import IndexUnwritable

BUSY_SECONDS = 30.0
"""How long to wait for another process that writes; a write takes milliseconds."""

ADVICE = "If it is damaged, move it away: the index is whole, and a new one will be made."


class Database:
    """The file at ``path``, made when it is first used. Every use is a connection of its own."""

    def __init__(self, path: Path, schema: str, mode: int = 0o644) -> None:
        """Take the file, the statements that make its tables where there are none, and its mode."""
        self._path = path
        self._schema = schema
        self._mode = mode

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to read from.

        Raises:
            IndexUnwritable: the file cannot be read.
        """
        try:
            if not self._path.exists():
                with self.writing():
                    pass
            with closing(self._connect()) as db:
                yield db
        except sqlite3.Error as error:
            raise IndexUnwritable(f"{self._path} cannot be read: {error}. {ADVICE}") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection whose changes are all on the disk at the end, or none on an error.

        Raises:
            IndexUnwritable: the file cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():  # SQLite's own files beside it get its mode
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, self._mode))
            with closing(self._connect()) as db:
                # WAL: readers never wait. FULL: what was accepted is on the disk.
                pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                db.executescript(f"{pragmas} {self._schema}")
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                except BaseException:
                    db.rollback()  # a full disk has done so already
                    raise
                db.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise IndexUnwritable(f"{self._path} cannot be written: {error}. {ADVICE}") from error

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
