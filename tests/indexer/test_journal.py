"""What the book learns of a job: that it began, how far it is, how it ended."""

from pathlib import Path

import pytest

from indexer.errors import GateError, IndexUnwritable, JobCanceled, JobUnknown
from indexer.index.job import Job, Progress, Request
from indexer.index.jobs import JOBS, JobBook
from indexer.journal import BookJournal
from indexer.tally import Tally

ASKED = Request(sources=("site",))


@pytest.fixture
def book(folder: Path) -> JobBook:
    return JobBook(folder)


@pytest.fixture
def journal(book: JobBook, monkeypatch: pytest.MonkeyPatch) -> BookJournal:
    monkeypatch.setattr("indexer.journal.NOTE_SECONDS", 0.0)
    return BookJournal(book, ASKED, 9, lambda _: None)


def only(book: JobBook) -> Job:
    (job,) = book.recent(("reindex",))
    return job


def seen(count: int) -> Tally:
    tally = Tally({})
    tally.seen = count
    tally.skip("a", "b")
    return tally


def test_a_job_of_the_command_line_writes_itself_down(book: JobBook, journal: BookJournal) -> None:
    journal.begin()
    assert only(book).state == "processing"
    assert book.request(only(book).id) == ASKED
    journal.note(seen(3))
    assert only(book).progress == Progress(3, 9, 1, 0)


def test_a_job_of_the_book_is_taken_once(book: JobBook, journal: BookJournal) -> None:
    number = book.ask_for_reindex(ASKED).id
    journal.take(number)
    journal.begin()
    assert (only(book).id, only(book).state) == (number, "processing")
    with pytest.raises(JobUnknown):
        journal.take(number)


def test_notes_are_not_too_many(
    book: JobBook, journal: BookJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    journal._show = lambda tally: shown.append(tally.seen)
    monkeypatch.setattr("indexer.journal.NOTE_SECONDS", 1000.0)
    journal.begin()
    journal._noted -= 1000.0
    for count in (1, 2, 3):
        journal.note(seen(count))
    assert only(book).progress.done <= 1
    assert shown == [1, 2, 3]


def test_a_canceled_job_stops(book: JobBook, journal: BookJournal) -> None:
    journal.begin()
    book.cancel(only(book).id)
    with pytest.raises(JobCanceled, match="untouched"), journal.ending():
        journal.note(seen(1))
    assert only(book).state == "canceled"


@pytest.mark.parametrize(
    ("error", "state", "says"),
    [
        (KeyboardInterrupt(), "canceled", "Stopped; the live generation is untouched."),
        (GateError("Too few."), "failed", "Too few."),
        (RuntimeError("a secret"), "failed", "Unexpected RuntimeError; please report this."),
    ],
    ids=["stopped", "refused", "bug"],
)
def test_how_a_job_ends(
    book: JobBook, journal: BookJournal, error: BaseException, state: str, says: str
) -> None:
    journal.begin()
    with pytest.raises(type(error)), journal.ending():
        raise error
    assert (only(book).state, only(book).error) == (state, says)


def test_a_book_that_cannot_be_written_does_not_hide_why_the_job_failed(
    journal: BookJournal, folder: Path
) -> None:
    journal.begin()
    (folder / JOBS).write_bytes(b"x" * 5_000)
    for name in (f"{JOBS}-wal", f"{JOBS}-shm"):
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(GateError, match="Too few"), journal.ending():
        raise GateError("Too few.")
    with pytest.raises(KeyboardInterrupt), journal.ending():
        raise KeyboardInterrupt
    with pytest.raises(IndexUnwritable):
        journal.note(seen(1))


def test_an_error_before_the_job_began_is_not_written_down(
    journal: BookJournal, folder: Path
) -> None:
    with pytest.raises(GateError), journal.ending():
        raise GateError("No.")
    assert not folder.exists()
    assert list(journal.later_edits()) == []


def test_changes_while_it_runs(book: JobBook, journal: BookJournal) -> None:
    done, waiting = (book.ask_for_edit(name, {"title": name}).id for name in ("d", "w"))
    book.end([done], "succeeded")
    journal.begin()
    later = book.ask_for_edit("l", None).id
    book.end([waiting, later], "succeeded")
    assert [edit.job for edit in journal.later_edits()] == [waiting, later]
