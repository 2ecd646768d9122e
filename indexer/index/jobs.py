"""The book of an index folder's jobs: what was asked for, how far it is, how it ended.

A job reads sources (``reindex``) or changes one article (``put``, ``delete``). The service writes
down what it is asked for, and a process of its own does it; the command line does a job at once and
writes it down too. The book is an SQLite file, so that what was accepted outlives a crash.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec

from indexer.errors import JobRunning, JobUnknown
from indexer.index.database import Database
from indexer.index.job import Edit, Job, Kind, Progress, Request, State

JOBS = "jobs.db"

KEPT_JOBS = 1_000
"""Jobs that stay in the book; older ones that have ended are forgotten."""

KILLED = "The process of this job was killed."

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    request BLOB NOT NULL,
    article TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER,
    skipped INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    is_canceled INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    generation TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, kind);
"""

_COLUMNS = """id, kind, state, article, created_at, started_at, finished_at, done, total, skipped,
    failed, is_canceled, error, generation"""

_UNFINISHED = "SELECT id FROM jobs WHERE kind = 'reindex' AND state IN ('enqueued', 'processing')"


class JobBook:
    """The book of one index folder. Any process may write to it at any time."""

    def __init__(self, folder: Path) -> None:
        self._db = Database(folder / JOBS, _SCHEMA)

    def ask_for_reindex(self, request: Request) -> Job:
        """Write down a reindex that is to be done.

        Raises:
            JobRunning: there is one already that has not ended.
            IndexUnwritable: the book cannot be written.
        """
        with self._db.writing() as db:
            self._refuse_second(db)
            return self._insert(db, "reindex", msgspec.json.encode(request))

    def ask_for_edit(self, article: str, fields: dict[str, Any] | None) -> Job:
        """Write down a change to one article; on return it is on the disk.

        Raises:
            IndexUnwritable: the book cannot be written.
        """
        kind: Kind = "delete" if fields is None else "put"
        with self._db.writing() as db:
            return self._insert(db, kind, msgspec.json.encode(fields), article)

    def begin_reindex(self, request: Request) -> Job:
        """Write down a reindex that begins now. Whoever calls holds the folder's lock.

        Any other that seems to run has therefore died, and is noted as such.

        Raises:
            IndexUnwritable: the book cannot be written.
        """
        with self._db.writing() as db:
            db.execute(
                "UPDATE jobs SET state = 'failed', error = ?, finished_at = ? "
                "WHERE kind = 'reindex' AND state = 'processing'",
                (KILLED, _now()),
            )
            return self._start(db, self._insert(db, "reindex", msgspec.json.encode(request)).id)

    def begin(self, number: int) -> Job:
        """Write down that a job begins.

        Raises:
            JobUnknown: there is no such job waiting.
            IndexUnwritable: the book cannot be written.
        """
        with self._db.writing() as db:
            job = self._one(db, number)
            if job.state == "enqueued":
                return self._start(db, number)
        raise JobUnknown(f"Job {number} is not waiting: it is {job.state}.")

    def begin_edits(self, numbers: Sequence[int]) -> list[int]:
        """Write down that these changes are being made; return those that nobody has canceled.

        Raises:
            IndexUnwritable: the book cannot be written.
        """
        chosen = f"id IN ({_marks(numbers)}) AND kind != 'reindex'"
        with self._db.writing() as db:
            db.execute(
                "UPDATE jobs SET state = 'processing', started_at = ? "  # noqa: S608 - our own marks
                f"WHERE {chosen} AND state = 'enqueued'",
                (_now(), *numbers),
            )
            query = f"SELECT id FROM jobs WHERE {chosen} AND state = 'processing' ORDER BY id"  # noqa: S608
            return [row[0] for row in db.execute(query, numbers)]

    def put_back(self, numbers: Sequence[int]) -> None:
        """Write down that changes could not be made yet: they wait, or are canceled if asked.

        Raises:
            IndexUnwritable: the book cannot be written.
        """
        chosen = f"id IN ({_marks(numbers)}) AND state = 'processing'"
        with self._db.writing() as db:
            db.execute(
                "UPDATE jobs SET state = 'canceled', finished_at = ? "  # noqa: S608 - our own marks
                f"WHERE {chosen} AND is_canceled",
                (_now(), *numbers),
            )
            db.execute(f"UPDATE jobs SET state = 'enqueued' WHERE {chosen}", numbers)  # noqa: S608

    def note(self, number: int, progress: Progress) -> bool:
        """Write down how far a job is; return whether it should go on."""
        with self._db.writing() as db:
            db.execute(
                "UPDATE jobs SET done = ?, total = ?, skipped = ?, failed = ? WHERE id = ?",
                (progress.done, progress.total, progress.skipped, progress.failed, number),
            )
            return not self._one(db, number).is_canceled

    def end(self, numbers: Iterable[int], state: State, error: str = "", made: str = "") -> None:
        """Write down how jobs ended, with the error or the generation that they made live."""
        with self._db.writing() as db:
            for number in numbers:
                db.execute(
                    "UPDATE jobs SET state = ?, error = ?, generation = ?, finished_at = ? "
                    "WHERE id = ?",
                    (state, error, made, _now(), number),
                )
            self._clear(db)

    def cancel(self, number: int) -> Job:
        """Cancel a job that waits, or ask one that runs to stop; one that has ended stays so.

        Raises:
            JobUnknown: there is no such job.
            IndexUnwritable: the book cannot be written.
        """
        with self._db.writing() as db:
            job = self._one(db, number)
            if job.state == "enqueued":
                db.execute(
                    "UPDATE jobs SET state = 'canceled', is_canceled = 1, finished_at = ? "
                    "WHERE id = ?",
                    (_now(), number),
                )
            elif job.state == "processing":
                db.execute("UPDATE jobs SET is_canceled = 1 WHERE id = ?", (number,))
            return self._one(db, number)

    def get(self, number: int) -> Job:
        """Return a job.

        Raises:
            JobUnknown: there is no such job.
        """
        with self._db.reading() as db:
            return self._one(db, number)

    def recent(self, kinds: Sequence[Kind] = get_args(Kind), limit: int = 50) -> list[Job]:
        """Return the newest jobs of these kinds, newest first."""
        return self._select(f"kind IN ({_marks(kinds)}) ORDER BY id DESC LIMIT ?", *kinds, limit)

    def unfinished(self, *kinds: Kind) -> list[Job]:
        """Return the jobs of these kinds that wait or run, oldest first."""
        condition = f"state IN ('enqueued', 'processing') AND kind IN ({_marks(kinds)})"
        return self._select(f"{condition} ORDER BY id", *kinds)

    def request(self, number: int) -> Request:
        """Return what a reindex is asked to do."""
        with self._db.reading() as db:
            row = db.execute("SELECT request FROM jobs WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise JobUnknown(f"There is no job {number}.")
        return msgspec.json.decode(row[0], type=Request)

    def edits(self, numbers: Iterable[int]) -> list[Edit]:
        """Return the changes that these jobs make, in the order they were asked for."""
        found = []
        with self._db.reading() as db:
            for number in sorted(numbers):
                # A change whose text was cleared must never pass for a deletion.
                query = (
                    "SELECT article, request FROM jobs "
                    "WHERE id = ? AND (kind = 'delete' OR kind = 'put' AND request != 'null')"
                )
                for article, fields in db.execute(query, (number,)):
                    found.append(Edit(number, article, msgspec.json.decode(fields)))
        return found

    def edits_since(self, number: int, waiting: Collection[int]) -> list[Edit]:
        """Return the changes made while a job ran: asked for after it, or ``waiting`` before."""
        condition = "kind != 'reindex' AND state = 'succeeded' ORDER BY id"
        made = [job.id for job in self._select(condition)]
        return self.edits(each for each in made if each > number or each in waiting)

    def _select(self, condition: str, *values: object) -> list[Job]:
        with self._db.reading() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {condition}", values)  # noqa: S608
            return [_job(row) for row in rows]

    def _one(self, db: sqlite3.Connection, number: int) -> Job:
        row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (number,)).fetchone()  # noqa: S608
        if row is None:
            raise JobUnknown(f"There is no job {number}.")
        return _job(row)

    def _insert(self, db: sqlite3.Connection, kind: Kind, request: bytes, article: str = "") -> Job:
        cursor = db.execute(
            "INSERT INTO jobs (kind, state, request, article, created_at) "
            "VALUES (?, 'enqueued', ?, ?, ?)",
            (kind, request, article, _now()),
        )
        return self._one(db, cursor.lastrowid or 0)

    def _start(self, db: sqlite3.Connection, number: int) -> Job:
        db.execute(
            "UPDATE jobs SET state = 'processing', started_at = ? WHERE id = ?", (_now(), number)
        )
        return self._one(db, number)

    def _refuse_second(self, db: sqlite3.Connection) -> None:
        if (row := db.execute(_UNFINISHED).fetchone()) is not None:
            raise JobRunning(f"Job {row[0]} has not ended. Wait for it, or cancel it.")

    def _clear(self, db: sqlite3.Connection) -> None:
        """Forget old jobs and the texts of changes, unless a reindex has to make them again."""
        if db.execute(_UNFINISHED).fetchone() is not None:
            return
        db.execute(
            "DELETE FROM jobs WHERE finished_at IS NOT NULL AND id <= "
            "(SELECT max(id) FROM jobs) - ?",
            (KEPT_JOBS,),
        )
        db.execute(
            "UPDATE jobs SET request = 'null' WHERE kind = 'put' AND finished_at IS NOT NULL "
            "AND request != 'null'"
        )


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _job(row: tuple[Any, ...]) -> Job:
    number, kind, state, article, created, started, finished = row[:7]
    done, total, skipped, failed, is_canceled, error, generation = row[7:]
    return Job(
        id=number,
        kind=kind,
        state=state,
        article=article,
        created_at=datetime.fromisoformat(created),
        started_at=datetime.fromisoformat(started) if started else None,
        finished_at=datetime.fromisoformat(finished) if finished else None,
        progress=Progress(done, total, skipped, failed),
        is_canceled=bool(is_canceled),
        error=error,
        generation=generation,
    )
