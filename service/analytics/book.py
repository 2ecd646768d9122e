"""The book of counts: an SQLite file that holds what at least k clients did, and nothing else."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

from indexer.errors import AnalyticsError
from service.analytics.counts import SLOWEST_MS, Counts

BUSY_SECONDS = 5.0
"""How long to wait for another process that writes; a write takes milliseconds."""

APPLICATION = 0x48534131
"""SQLite's application id of such a file ("HSA1"), so that no other file is taken for one."""

_SCHEMA = f"""
PRAGMA auto_vacuum = INCREMENTAL;
BEGIN IMMEDIATE;
PRAGMA application_id = {APPLICATION};
CREATE TABLE IF NOT EXISTS totals (
    day TEXT NOT NULL, what TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (day, what)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS queries (
    day TEXT NOT NULL, query TEXT NOT NULL, what TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (day, query, what)
) WITHOUT ROWID;
COMMIT;
"""

_SUM = (
    f"DO UPDATE SET number = CASE WHEN what = '{SLOWEST_MS}' "
    "THEN max(number, excluded.number) ELSE number + excluded.number END"
)
_ADD_TOTAL = "INSERT INTO totals VALUES (?, ?, ?) ON CONFLICT (day, what) " + _SUM  # noqa: S608 - our own names
_ADD_QUERY = "INSERT INTO queries VALUES (?, ?, ?, ?) ON CONFLICT (day, query, what) " + _SUM  # noqa: S608

Totals = Mapping[date, Mapping[str, int]]
Queries = Mapping[tuple[date, str], Mapping[str, int]]


class Book:
    """The file at ``path``. Every use is a connection of its own; any process may use it.

    What is deleted is overwritten (``secure_delete``), the file shrinks, and nothing is written to
    temporary files. While it writes, SQLite keeps a journal beside the file and removes it.

    Every method raises ``AnalyticsError`` if the file cannot be read or written. The error names
    SQLite's or the system's reason, and no query.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, totals: Totals, queries: Queries) -> None:
        """Add to the counts of days and of queries; all of it is on the disk at the end."""
        days = [(str(d), what, n) for d, counts in totals.items() for what, n in counts.items()]
        asked = [
            (str(day), query, what, number)
            for (day, query), counts in queries.items()
            for what, number in counts.items()
        ]
        with self._writing() as db:
            db.executemany(_ADD_TOTAL, days)
            db.executemany(_ADD_QUERY, asked)

    def forget_before(self, day: date) -> None:
        """Delete all counts of the days before one, and give the space back."""
        with self._writing() as db:
            db.execute("DELETE FROM totals WHERE day < ?", (str(day),))
            db.execute("DELETE FROM queries WHERE day < ?", (str(day),))
        self._shrink()

    def forget(self, query: str) -> int:
        """Delete a query, in normal form, from all days; return from how many."""
        self._check_exists()
        with self._writing() as db:
            found = db.execute("SELECT count(DISTINCT day) FROM queries WHERE query = ?", (query,))
            days = int(found.fetchone()[0])
            db.execute("DELETE FROM queries WHERE query = ?", (query,))
        self._shrink()
        return days

    def totals(self, since: date, until: date) -> dict[date, Counts]:
        """Return the counts of each day of a period."""
        found: dict[date, Counts] = {}
        with self._reading() as db:
            rows = db.execute(
                "SELECT day, what, number FROM totals WHERE day BETWEEN ? AND ?",
                (str(since), str(until)),
            )
            for day, what, number in rows:
                found.setdefault(date.fromisoformat(day), {})[what] = number
        return found

    def queries(self, since: date, until: date) -> dict[str, Counts]:
        """Return the counts of each query, added up over a period."""
        found: dict[str, Counts] = {}
        with self._reading() as db:
            rows = db.execute(
                "SELECT query, what, CASE WHEN what = ? THEN max(number) ELSE sum(number) END "
                "FROM queries WHERE day BETWEEN ? AND ? GROUP BY query, what",
                (SLOWEST_MS, str(since), str(until)),
            )
            for query, what, number in rows:
                found.setdefault(query, {})[what] = number
        return found

    def _check_exists(self) -> None:
        if not self.path.is_file():
            raise AnalyticsError(f"There are no counts at {self.path}.")

    def _shrink(self) -> None:
        with self._connected() as db:
            db.executescript("PRAGMA incremental_vacuum;")  # execute() would free one page only

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        self._check_exists()
        with self._connected() as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection whose changes are all on the disk at the end, or none on an error."""
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            self._make()
            with closing(sqlite3.connect(self.path, BUSY_SECONDS, isolation_level=None)) as db:
                db.executescript("PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;")
                if not _is_ours(db):
                    self._begin(db)
                yield db
        except sqlite3.Error as error:
            reason = getattr(error, "sqlite_errorname", type(error).__name__)
            raise AnalyticsError(f"{self.path} cannot be used: {reason}.") from None
        except OSError as error:
            raise AnalyticsError(f"{self.path} cannot be used: {error.strerror}.") from None

    def _make(self) -> None:
        """Make the file, for nobody but the service's own user to read."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))

    def _begin(self, db: sqlite3.Connection) -> None:
        """Make the tables, unless another process has just done so."""
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and not _is_ours(db):
            raise AnalyticsError(f"{self.path} is an SQLite file of something else.")
        db.executescript(_SCHEMA)


def _is_ours(db: sqlite3.Connection) -> bool:
    return bool(db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION)


def first_day(until: date, days: int) -> date:
    """Return the first of so many days of which ``until`` is the last."""
    return until - timedelta(days=days - 1)
