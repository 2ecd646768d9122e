"""The book of jobs: what was accepted is kept until it is done, whoever crashes."""

import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from indexer.errors import IndexUnwritable, JobRunning, JobUnknown
from indexer.index.database import Database
from indexer.index.job import Edit, Progress, Request
from indexer.index.jobs import JOBS, KEPT_JOBS, KILLED, JobBook

ASKED = Request(sources=("site", "https://c.example/feed"), update=True)
FIELDS = {"title": "Fiebre", "text": "Niño — 39°"}


@pytest.fixture
def book(folder: Path) -> JobBook:
    return JobBook(folder)


def state(book: JobBook, number: int) -> str:
    return book.get(number).state


def texts(folder: Path) -> list[str]:
    """Return what the book holds of the changes' fields."""
    with closing(sqlite3.connect(folder / JOBS)) as db:
        rows = db.execute("SELECT request FROM jobs WHERE kind = 'put' ORDER BY id").fetchall()
    return [row[0].decode() if isinstance(row[0], bytes) else row[0] for row in rows]


def in_another_process(target: object, *values: object) -> int:
    process = multiprocessing.get_context("fork").Process(target=target, args=values)  # type: ignore[arg-type]
    process.start()
    process.join(30)
    return process.exitcode if process.exitcode is not None else -99


class TestStates:
    def test_a_reindex_from_its_beginning_to_its_end(self, book: JobBook) -> None:
        asked = book.ask_for_reindex(ASKED)
        assert (asked.state, asked.kind, asked.started_at) == ("enqueued", "reindex", None)
        assert book.request(asked.id) == ASKED
        begun = book.begin(asked.id)
        assert begun.state == "processing"
        assert begun.started_at
        assert book.note(asked.id, Progress(3, 9, 1, 2))
        assert book.get(asked.id).progress == Progress(3, 9, 1, 2)
        book.end([asked.id], "succeeded", made="g1")
        ended = book.get(asked.id)
        assert (ended.state, ended.generation, ended.error) == ("succeeded", "g1", "")
        assert ended.finished_at
        assert ended.created_at <= begun.started_at <= ended.finished_at
        assert book.unfinished("reindex") == []

    def test_there_is_one_reindex_at_a_time(self, book: JobBook) -> None:
        first = book.ask_for_reindex(ASKED)
        for _ in range(2):
            with pytest.raises(JobRunning, match=f"Job {first.id} has not ended"):
                book.ask_for_reindex(ASKED)
            assert book.unfinished("reindex")[0].id == first.id
            if first.state == "enqueued":
                first = book.begin(first.id)
        book.ask_for_edit("a", None)
        book.end([first.id], "failed", "Why")
        assert book.ask_for_reindex(ASKED).state == "enqueued"

    def test_a_job_begins_once(self, book: JobBook) -> None:
        number = book.ask_for_reindex(ASKED).id
        book.begin(number)
        with pytest.raises(JobUnknown, match=f"Job {number} is not waiting: it is processing"):
            book.begin(number)

    def test_one_that_holds_the_lock_tells_that_the_others_have_died(self, book: JobBook) -> None:
        dead = book.begin_reindex(ASKED).id
        edit = book.ask_for_edit("a", None).id
        live = book.begin_reindex(ASKED).id
        assert (state(book, dead), book.get(dead).error) == ("failed", KILLED)
        assert (state(book, live), state(book, edit)) == ("processing", "enqueued")

    def test_what_is_not_there(self, book: JobBook) -> None:
        for look in (book.get, book.request, book.begin, book.cancel):
            with pytest.raises(JobUnknown, match="There is no job 7"):
                look(7)
        assert book.recent() == book.unfinished("put") == []

    def test_the_newest_first_and_of_some_kinds(self, book: JobBook) -> None:
        put, delete = book.ask_for_edit("a", FIELDS).id, book.ask_for_edit("a", None).id
        reindex = book.ask_for_reindex(ASKED).id
        assert [job.id for job in book.recent()] == [reindex, delete, put]
        assert [job.id for job in book.recent(limit=1)] == [reindex]
        assert [job.id for job in book.recent(("put",))] == [put]
        assert [job.id for job in book.unfinished("put", "delete")] == [put, delete]


class TestCancel:
    def test_one_that_waits_never_begins(self, book: JobBook) -> None:
        number = book.ask_for_reindex(ASKED).id
        assert book.cancel(number).state == "canceled"
        assert book.get(number).finished_at
        with pytest.raises(JobUnknown, match="it is canceled"):
            book.begin(number)

    def test_one_that_runs_is_asked_to_stop(self, book: JobBook) -> None:
        number = book.begin_reindex(ASKED).id
        assert book.note(number, Progress())
        canceled = book.cancel(number)
        assert (canceled.state, canceled.is_canceled) == ("processing", True)
        assert not book.note(number, Progress())

    def test_one_that_has_ended_stays_so(self, book: JobBook) -> None:
        number = book.begin_reindex(ASKED).id
        book.end([number], "succeeded", made="g1")
        assert book.cancel(number) == book.get(number)
        assert (state(book, number), book.get(number).is_canceled) == ("succeeded", False)


class TestEdits:
    def test_in_the_order_they_were_asked_for(self, book: JobBook) -> None:
        one, two = book.ask_for_edit("a", FIELDS).id, book.ask_for_edit("a", None).id
        book.ask_for_reindex(ASKED)
        assert book.edits([two, one]) == [Edit(one, "a", FIELDS), Edit(two, "a", None)]

    def test_those_made_while_a_job_ran_are_to_be_made_again(self, book: JobBook) -> None:
        done, waiting, bad = (book.ask_for_edit(name, FIELDS).id for name in ("d", "w", "b"))
        book.end([done], "succeeded")
        job = book.begin_reindex(ASKED).id
        later, unmade = book.ask_for_edit("l", None).id, book.ask_for_edit("u", FIELDS).id
        book.end([waiting, later], "succeeded")
        book.end([bad], "failed", "Bad.")
        again = book.edits_since(job, {waiting, bad})
        assert again == [Edit(waiting, "w", FIELDS), Edit(later, "l", None)]
        assert state(book, unmade) == "enqueued"

    @pytest.mark.parametrize("begins", ["before", "after"])
    def test_texts_are_kept_while_a_reindex_may_need_them(
        self, book: JobBook, folder: Path, begins: str
    ) -> None:
        """Also of a reindex that waits: without its text, the change would be lost."""
        job = book.ask_for_reindex(ASKED).id
        if begins == "before":
            book.begin(job)
        put = book.ask_for_edit("a", FIELDS).id
        book.end([put], "succeeded")
        if begins == "after":
            book.begin(job)
        assert book.edits_since(job, set()) == [Edit(put, "a", FIELDS)]
        book.end([job], "succeeded")
        assert texts(folder) == ["null"]

    def test_texts_are_cleared_once_nobody_needs_them(self, book: JobBook, folder: Path) -> None:
        first, waiting = book.ask_for_edit("a", FIELDS).id, book.ask_for_edit("b", FIELDS).id
        book.end([first], "succeeded")
        assert texts(folder)[0] == "null"
        assert "Fiebre" in texts(folder)[1]
        assert book.edits([first, waiting]) == [Edit(waiting, "b", FIELDS)], "never a deletion"


class TestRetention:
    def test_old_ones_that_have_ended_are_forgotten(
        self, book: JobBook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexer.index.jobs.KEPT_JOBS", 3)
        waiting = book.ask_for_edit("waiting", FIELDS).id
        made = [book.ask_for_edit(f"a{n}", FIELDS).id for n in range(6)]
        book.end(made, "succeeded")
        assert [job.id for job in book.recent()] == [*reversed(made[-3:]), waiting]
        assert book.edits([waiting]) == [Edit(waiting, "waiting", FIELDS)]
        assert book.ask_for_edit("next", None).id == made[-1] + 1, "numbers are never used again"

    def test_a_running_reindex_has_all_that_it_must_make_again(
        self, book: JobBook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexer.index.jobs.KEPT_JOBS", 3)
        job = book.begin_reindex(ASKED).id
        made = [book.ask_for_edit(f"a{n}", FIELDS).id for n in range(6)]
        book.end(made, "succeeded")
        assert [edit.job for edit in book.edits_since(job, set())] == made
        book.end([job], "succeeded")
        assert len(book.recent()) == 3

    def test_a_thousand_stay(self) -> None:
        assert KEPT_JOBS == 1_000


def _ask(folder: Path, name: str) -> None:
    for n in range(25):
        JobBook(folder).ask_for_edit(f"{name}{n}", FIELDS)


def _ask_and_end(folder: Path) -> None:
    book = JobBook(folder)
    for _ in range(40):
        with suppress(JobRunning):
            book.end([book.ask_for_reindex(ASKED).id], "succeeded")


def _ask_and_die(folder: Path) -> None:
    JobBook(folder).ask_for_edit("a", FIELDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _die_while_writing(folder: Path) -> None:
    with JobBook(folder)._db.writing() as db:
        db.execute("UPDATE jobs SET state = 'failed'")
        os.kill(os.getpid(), signal.SIGKILL)


class TestProcesses:
    def test_two_that_write_at_once(self, folder: Path) -> None:
        """From the very first entry, when the file is made."""
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=_ask, args=(folder, name)) for name in "abc"]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0, 0, 0]
        asked = [job.article for job in JobBook(folder).unfinished("put")]
        assert sorted(asked) == sorted(f"{name}{n}" for name in "abc" for n in range(25))
        for name in "abc":
            assert [each for each in asked if each[0] == name] == [f"{name}{n}" for n in range(25)]

    def test_many_that_ask_for_a_reindex_at_once(self, folder: Path) -> None:
        """Each is refused or served, and none is told that the book is locked."""
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=_ask_and_end, args=(folder,)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0] * 4
        assert {job.state for job in JobBook(folder).recent()} == {"succeeded"}

    def test_what_was_accepted_outlives_a_crash(self, folder: Path) -> None:
        assert in_another_process(_ask_and_die, folder) == -signal.SIGKILL
        (job,) = JobBook(folder).unfinished("put")
        assert JobBook(folder).edits([job.id]) == [Edit(job.id, "a", FIELDS)]

    def test_half_a_change_of_the_book_is_none(self, book: JobBook, folder: Path) -> None:
        number = book.ask_for_edit("a", FIELDS).id
        assert in_another_process(_die_while_writing, folder) == -signal.SIGKILL
        assert state(book, number) == "enqueued"
        assert book.cancel(number).state == "canceled", "and the book is not locked"

    def test_an_error_takes_back_what_was_begun(self, book: JobBook) -> None:
        number = book.ask_for_edit("a", FIELDS).id

        def fail() -> None:
            with book._db.writing() as db:
                db.execute("UPDATE jobs SET state = 'failed'")
                raise RuntimeError("mine")

        with pytest.raises(RuntimeError, match="mine"):
            fail()
        assert state(book, number) == "enqueued"


class TestTrouble:
    def assert_one_line(self, book: JobBook, why: str) -> None:
        for look in (book.recent, lambda: book.ask_for_edit("a", None)):
            with pytest.raises(IndexUnwritable) as caught:
                look()
            assert why in str(caught.value)
            assert "jobs.db cannot be " in str(caught.value)
            assert "\n" not in str(caught.value)

    def test_no_book(self, book: JobBook, folder: Path) -> None:
        folder.mkdir()
        (folder / JOBS).write_bytes(b"not a database, and long enough to be taken for one" * 99)
        self.assert_one_line(book, "file is not a database. If it is damaged, move it away")
        (folder / JOBS).unlink()
        assert book.ask_for_edit("a", None).id == 1, "the advice works"

    def test_another_process_that_does_not_let_go(
        self, book: JobBook, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = book.ask_for_edit("a", None).id
        monkeypatch.setattr("indexer.index.database.BUSY_SECONDS", 0.01)
        with closing(sqlite3.connect(folder / JOBS, isolation_level=None)) as db:
            db.execute("BEGIN EXCLUSIVE")
            with pytest.raises(IndexUnwritable, match="database is locked"):
                book.ask_for_edit("b", None)
            assert state(book, number) == "enqueued", "reading does not wait"

    def test_a_full_disk(
        self, book: JobBook, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = book.ask_for_edit("a", FIELDS).id

        def connect(_: Database) -> sqlite3.Connection:
            db = sqlite3.connect(folder / JOBS, isolation_level=None)
            db.execute("PRAGMA max_page_count = 1")  # as many as there are
            return db

        with monkeypatch.context() as patch:
            patch.setattr(Database, "_connect", connect)
            with pytest.raises(IndexUnwritable, match="database or disk is full"):
                book.ask_for_edit("b", {"text": "x" * 100_000})
        assert [job.id for job in book.recent()] == [number]
        assert book.ask_for_edit("c", FIELDS).id == number + 1
        assert folder.is_dir()

    def test_a_folder_in_its_place(self, book: JobBook, folder: Path) -> None:
        (folder / JOBS).mkdir(parents=True)
        self.assert_one_line(book, "unable to open database file")

    def test_a_file_in_place_of_the_folder(self, book: JobBook, folder: Path) -> None:
        folder.write_text("")
        self.assert_one_line(book, "File exists")

    def test_looking_at_an_old_index_makes_the_book(self, book: JobBook, folder: Path) -> None:
        assert book.recent() == []
        assert (folder / JOBS).is_file()


def test_a_change_that_is_being_made_is_processing(book: JobBook) -> None:
    made, gone, waits = (book.ask_for_edit(f"a{n}", {"title": "x"}).id for n in range(3))
    book.cancel(gone)
    assert book.begin_edits([made, gone]) == [made]
    assert [book.get(n).state for n in (made, gone, waits)] == [
        "processing",
        "canceled",
        "enqueued",
    ]
    assert book.begin_edits([made, gone]) == [made], "a change that a crash interrupted"
    assert book.cancel(made).state == "processing"


def test_a_change_that_cannot_be_made_yet_waits_unless_it_was_canceled(book: JobBook) -> None:
    first, second = (book.ask_for_edit(f"a{n}", {"title": "x"}).id for n in range(2))
    book.begin_edits([first, second])
    book.cancel(second)
    book.put_back([first, second])
    assert (book.get(first).state, book.get(second).state) == ("enqueued", "canceled")
