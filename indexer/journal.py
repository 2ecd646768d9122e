"""A job in the book of jobs: from its beginning, over its progress, to its end."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from indexer.errors import HealthSearchError, IndexFolderError, JobCanceled
from indexer.index.job import Edit, Job, Progress, Request, State
from indexer.index.jobs import JobBook
from indexer.progress import Show
from indexer.tally import Report, Tally

NOTE_SECONDS = 0.5
"""Between two notes of a job's progress; each waits for the disk."""


class BookJournal:
    """Writes a job's course into the book, and shows it."""

    def __init__(self, book: JobBook, request: Request, total: int | None, show: Show) -> None:
        self._book = book
        self._request = request
        self._total = total
        self._show = show
        self._job: Job | None = None
        self._waiting: set[int] = set()
        self._noted = 0.0

    def take(self, number: int) -> None:
        """Be the journal of a job that the book has already.

        Raises:
            JobUnknown: it is not waiting.
        """
        self._job = self._book.begin(number)

    def begin(self) -> None:
        """Note that the job begins."""
        if self._job is None:
            self._job = self._book.begin_reindex(self._request)
        self._waiting = {job.id for job in self._book.unfinished("put", "delete")}

    def note(self, tally: Tally) -> None:
        """Note how far the job is.

        Raises:
            JobCanceled: someone asked it to stop.
        """
        self._show(tally)
        now = time.monotonic()
        if self._job is None or now - self._noted < NOTE_SECONDS:
            return
        self._noted = now
        if not self._book.note(self._job.id, self._progress(tally)):
            raise JobCanceled("Stopped as asked; the live generation is untouched.")

    def later_edits(self) -> Iterable[Edit]:
        """Return the changes to single articles that were made while the job ran."""
        return self._book.edits_since(self._job.id, self._waiting) if self._job else ()

    @contextmanager
    def ending(self) -> Iterator[list[Report]]:
        """Note how the job ends: with the report that is put into the list, or with an error."""
        reports: list[Report] = []
        try:
            yield reports
        except (KeyboardInterrupt, JobCanceled):
            self._fail("canceled", "Stopped; the live generation is untouched.")
            raise
        except HealthSearchError as error:
            self._fail("failed", str(error))
            raise
        except BaseException as error:
            self._fail("failed", f"Unexpected {type(error).__name__}; please report this.")
            raise
        else:
            for report in reports:
                progress = Progress(
                    report.seen, report.seen, len(report.skipped), len(report.failed)
                )
                if self._job:
                    self._book.note(self._job.id, progress)
                self._end("succeeded", made=report.generation)

    def _fail(self, state: State, error: str) -> None:
        with suppress(IndexFolderError):  # a full disk: the error itself is what people must see
            self._end(state, error)

    def _end(self, state: State, error: str = "", made: str = "") -> None:
        if self._job is not None:
            self._book.end([self._job.id], state, error, made)

    def _progress(self, tally: Tally) -> Progress:
        return Progress(tally.seen, self._total, len(tally.skipped), len(tally.failed))
