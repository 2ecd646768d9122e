"""The process beside the service: changes in their order, one reindex at a time, and clean ends."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.edits import article_of_edit, edit_live
from indexer.errors import ModelError
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit, Job, Request
from indexer.index.jobs import KILLED, JobBook
from indexer.index.lock import RUNNER_LOCK, is_locked, lock_folder
from indexer.index.vectors.embedder import Embedder
from indexer.journal import BookJournal
from indexer.reindex import reindex
from indexer.runner import Runner
from indexer.tally import Tally
from tests.embedders import WordEmbedder
from tests.indexer.builders import Items, bodies, index, item, plan
from tests.journals import NoJournal

ASKED = Request(sources=("nowhere",))
SLEEPS = [sys.executable, "-c", "import time; time.sleep(99)"]


@pytest.fixture
def book(folder: Path) -> JobBook:
    return JobBook(folder)


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def runner(
    folder: Path, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runner]:
    monkeypatch.setattr("indexer.runner.RETRY_SECONDS", 0.0)
    monkeypatch.setattr("indexer.runner.DEAD_SECONDS", 0.0)
    made = Runner(folder, (), complaints.append)
    yield made
    made._stop_child("The test is over.")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of the reindexes that were started; processes that sleep stand for them."""
    commands: list[list[str]] = []
    popen = subprocess.Popen

    def start(command: list[str], **options: object) -> "subprocess.Popen[bytes]":
        commands.append(command)
        return popen(SLEEPS, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("indexer.runner.subprocess.Popen", start)
    return commands


def put(book: JobBook, name: str, text: str = "Mine.") -> int:
    return book.ask_for_edit(name, {"title": name, "text": text}).id


def steps(runner: Runner, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not until():
        assert time.monotonic() < deadline
        runner.step()
        time.sleep(0.01)


class TestChanges:
    def test_in_their_order_and_together(
        self, runner: Runner, book: JobBook, store: GenerationStore
    ) -> None:
        index(store, item(1), item(2))
        asked = [put(book, "r1", "One."), put(book, "r1", "Two."), put(book, "new")]
        asked.append(book.ask_for_edit("r2", None).id)
        runner.step()
        assert bodies(store.current()) == {"r1": "Two.", "new": "Mine."}
        jobs = [book.get(number) for number in asked]
        assert {(job.state, job.generation) for job in jobs} == {
            ("succeeded", store.current_name())
        }
        assert len(store.names()) == 2

    def test_many_in_several_goes(
        self,
        runner: Runner,
        book: JobBook,
        store: GenerationStore,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("indexer.runner.BATCH", 2)
        for n in range(5):
            put(book, f"a{n % 2}", f"{n}.")
        left = []
        while waiting := len(book.unfinished("put")):
            left.append(waiting)
            runner.step()
        assert left == [5, 3, 1]
        assert bodies(store.current()) == {"a0": "4.", "a1": "3."}

    @pytest.mark.parametrize("bug", [False, True])
    def test_a_bad_one_fails_alone(
        self,
        runner: Runner,
        book: JobBook,
        store: GenerationStore,
        monkeypatch: pytest.MonkeyPatch,
        bug: bool,
    ) -> None:
        def trip(edit: Edit) -> Article:
            if edit.article == "bad" and bug:
                raise RecursionError("a secret")
            return article_of_edit(edit)

        monkeypatch.setattr("indexer.runner.article_of_edit", trip)
        good = put(book, "good")
        bad = book.ask_for_edit("bad", {"title": ""}).id
        last = put(book, "last")
        runner.step()
        assert [book.get(n).state for n in (good, bad, last)] == [
            "succeeded",
            "failed",
            "succeeded",
        ]
        assert book.get(bad).error
        assert "secret" not in book.get(bad).error
        assert set(bodies(store.current())) == {"good", "last"}

    def test_a_canceled_one_is_not_made(
        self, runner: Runner, book: JobBook, store: GenerationStore
    ) -> None:
        put(book, "good")
        book.cancel(put(book, "canceled"))
        runner.step()
        assert set(bodies(store.current())) == {"good"}

    def test_they_wait_for_an_index_that_takes_them(
        self,
        runner: Runner,
        book: JobBook,
        store: GenerationStore,
        complaints: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        index(store, item(1))
        number = put(book, "new")
        with monkeypatch.context() as patch:
            patch.setattr("indexer.edits.build_digest", lambda: "other")
            runner.step()
            runner.step()
        assert len(complaints) == 2
        assert "another version" in complaints[0]
        assert book.get(number).state == "enqueued"
        runner.step()
        assert book.get(number).state == "succeeded"

    def test_the_reindex_that_they_wait_for_is_started(
        self,
        runner: Runner,
        book: JobBook,
        store: GenerationStore,
        started: list[list[str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        index(store, item(1))
        put(book, "new")
        monkeypatch.setattr("indexer.edits.build_digest", lambda: "other")
        book.ask_for_reindex(ASKED)
        runner.step()
        assert len(started) == 1

    @pytest.mark.usefixtures("started", "unclosed_files")
    @pytest.mark.filterwarnings("ignore::ResourceWarning")
    def test_a_damaged_index_does_not_end_the_reindex_that_mends_it(
        self, runner: Runner, book: JobBook, store: GenerationStore, complaints: list[str]
    ) -> None:
        index(store, item(1))
        for path in store.current().whoosh.iterdir():
            path.write_bytes(b"rubbish")
        number = put(book, "new")
        book.ask_for_reindex(ASKED)
        runner.step()
        assert len(complaints) == 1
        assert runner._child
        assert runner._child.poll() is None
        assert book.get(number).state == "enqueued"

    def test_that_changes_get_no_vectors_is_told_once(
        self,
        runner: Runner,
        book: JobBook,
        store: GenerationStore,
        complaints: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def open_embedder() -> Embedder:
            raise ModelError("It is not installed.")

        monkeypatch.setattr("indexer.runner.open_embedder", open_embedder)
        reindex(store, plan(Items(item(1)), embedder=WordEmbedder()), NoJournal())
        for name in ("new", "newer"):
            number = put(book, name)
            runner.step()
            assert book.get(number).state == "succeeded"
        assert complaints == ["Changed articles are not ranked by meaning: It is not installed."]

    def test_a_crash_between_the_switch_and_the_note_loses_nothing(
        self, runner: Runner, book: JobBook, store: GenerationStore
    ) -> None:
        number = put(book, "new")
        edit_live(store, book.edits([number]))
        runner.step()
        assert book.get(number).state == "succeeded"
        assert set(bodies(store.current())) == {"new"}

    @pytest.mark.parametrize("is_taken", [True, False], ids=["of the book", "at once"])
    def test_those_made_while_a_reindex_runs_are_in_its_result(
        self, runner: Runner, book: JobBook, store: GenerationStore, is_taken: bool
    ) -> None:
        """Of the last one before it too, and those between being asked for and beginning."""
        index(store, item(1), item(2), item(3))
        waiting = put(book, "waiting")
        job = book.ask_for_reindex(ASKED).id if is_taken else 0
        early = put(book, "early") if is_taken else waiting

        class Busy(BookJournal):
            def note(self, tally: Tally) -> None:
                super().note(tally)
                if tally.seen == 2:
                    put(book, "r1", "One.")
                    put(book, "r1", "Two.")
                    book.ask_for_edit("r2", None)
                    runner._edit()

        journal = Busy(book, ASKED, None, lambda _: None)
        if is_taken:
            runner._edit()
            assert book.get(early).state == "succeeded"
            journal.take(job)
        with journal.ending() as reports:
            sources = plan(Items(item(1), item(2, text="Changed."), item(3)))
            reports.append(reindex(store, sources, journal))
        live = bodies(store.current())
        assert live["r1"] == "Two."
        assert "r2" not in live
        assert live.get("early" if is_taken else "waiting") == "Mine."
        assert {each.state for each in book.recent()} == {"succeeded"}


class TestReindex:
    def test_it_is_started_once_with_the_flags(
        self, folder: Path, book: JobBook, started: list[list[str]]
    ) -> None:
        runner = Runner(folder, ("--base-url", "https://c.example/"), print)
        number = book.ask_for_reindex(ASKED).id
        for _ in range(3):
            runner.step()
        ((*_, module, reindex, job, n, index, path, flag, url),) = started
        assert (module, reindex, job, n) == ("indexer", "reindex", "--job", str(number))
        assert (index, path, flag, url) == (
            "--index",
            str(folder),
            "--base-url",
            "https://c.example/",
        )
        runner._stop_child("The test is over.")

    def test_changes_do_not_wait_for_it(
        self, runner: Runner, book: JobBook, store: GenerationStore, started: list[list[str]]
    ) -> None:
        book.ask_for_reindex(ASKED)
        runner.step()
        put(book, "new")
        runner.step()
        assert (len(started), set(bodies(store.current()))) == (1, {"new"})

    def test_a_canceled_one_is_stopped(
        self, runner: Runner, book: JobBook, started: list[list[str]]
    ) -> None:
        number = book.ask_for_reindex(ASKED).id
        runner.step()
        book.begin(number)
        runner.step()
        assert runner._child
        child = runner._child
        book.cancel(number)
        runner.step()
        assert child.poll() is not None
        job = book.get(number)
        assert (job.state, job.error, len(started)) == ("canceled", "Stopped as asked.", 1)

    @pytest.mark.parametrize("begun", [False, True])
    def test_one_that_dies_without_a_word_is_not_started_again(
        self, runner: Runner, book: JobBook, started: list[list[str]], begun: bool
    ) -> None:
        number = book.ask_for_reindex(ASKED).id
        runner.step()
        if begun:
            book.begin(number)
        assert runner._child
        runner._child.kill()
        runner._child.wait()
        runner.step()
        runner.step()
        job = book.get(number)
        assert job.state == "failed"
        assert job.error.startswith("The process of this job ended without a word.")
        assert len(started) == 1
        book.ask_for_reindex(ASKED)
        runner.step()
        assert len(started) == 2

    @pytest.mark.usefixtures("started")
    def test_one_that_said_how_it_ended_is_believed(self, runner: Runner, book: JobBook) -> None:
        number = book.ask_for_reindex(ASKED).id
        runner.step()
        assert runner._child
        book.begin(number)
        book.end([number], "succeeded", made="g1")
        runner._child.kill()
        runner._child.wait()
        runner.step()
        assert (book.get(number).state, book.get(number).error) == ("succeeded", "")

    @pytest.mark.usefixtures("started")
    def test_one_of_another_process_that_died(
        self, runner: Runner, book: JobBook, store: GenerationStore
    ) -> None:
        with store.writing():
            number = book.begin_reindex(ASKED).id
            runner.step()
            runner.step()
            assert book.get(number).state == "processing", "it holds the lock"
        steps(runner, lambda: book.get(number).finished_at is not None)
        assert (book.get(number).state, book.get(number).error) == ("failed", KILLED)

    @pytest.mark.usefixtures("started")
    def test_one_that_had_no_lock_yet_is_not_suspected_for_ever(
        self,
        runner: Runner,
        book: JobBook,
        store: GenerationStore,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """When it lets go of the lock at its end, it has its seconds again."""
        monkeypatch.setattr("indexer.runner.DEAD_SECONDS", 1000.0)
        number = book.begin_reindex(ASKED).id
        runner.step()
        assert set(runner._suspects) == {number}
        with store.writing():
            runner.step()
        assert runner._suspects == {}

    @pytest.mark.usefixtures("started")
    def test_one_that_waits_is_not_dead(self, runner: Runner, book: JobBook) -> None:
        """The process of the one before may take its time to end."""
        first = book.ask_for_reindex(ASKED).id
        runner.step()
        book.begin(first)
        book.end([first], "succeeded")
        second = book.ask_for_reindex(ASKED).id
        for _ in range(5):
            runner.step()
        assert book.get(second).state == "enqueued"

    def test_a_real_one(self, runner: Runner, book: JobBook, tmp_path: Path) -> None:
        """It cannot read its source, and says so in the book."""
        missing = str(tmp_path / "nowhere")
        number = book.ask_for_reindex(Request(sources=(missing,))).id
        steps(runner, lambda: book.get(number).finished_at is not None)
        job: Job = book.get(number)
        assert job.state == "failed"
        assert job.error


class TestRun:
    def command(self, folder: Path) -> list[str]:
        return [sys.executable, "-m", "indexer", "work", "--index", str(folder)]

    def test_it_ends_when_whoever_started_it_is_gone(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parents = iter([1, 1, 1, 1])
        monkeypatch.setattr("os.getppid", lambda: next(parents, 2))
        monkeypatch.setattr("indexer.runner.POLL_SECONDS", 0.0)
        monkeypatch.setattr("indexer.runner.RETRY_SECONDS", 0.0)
        Runner(folder, (), print).run(1)
        assert not is_locked(folder, RUNNER_LOCK)

    def test_only_one_works(
        self, folder: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parents = iter([1, 1, 1])
        monkeypatch.setattr("os.getppid", lambda: next(parents, 2))
        monkeypatch.setattr(Runner, "step", lambda _: pytest.fail("two work"))
        with lock_folder(folder, RUNNER_LOCK):
            runner.run(1)

    def test_it_stops_cleanly_when_told(self, folder: Path, book: JobBook) -> None:
        number = put(book, "new")
        with subprocess.Popen(self.command(folder), stderr=subprocess.PIPE) as process:
            deadline = time.monotonic() + 60
            while book.get(number).finished_at is None and time.monotonic() < deadline:
                time.sleep(0.02)
            process.terminate()
            assert process.communicate(timeout=30)[1] == b""
            assert process.returncode == 0
        assert book.get(number).state == "succeeded"

    @pytest.mark.usefixtures("started")
    def test_its_reindex_stops_with_it(
        self, runner: Runner, book: JobBook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = book.ask_for_reindex(ASKED).id
        parents = iter([1, 1, 1])
        monkeypatch.setattr("os.getppid", lambda: next(parents, 2))
        runner.run(1)
        assert runner._child is None
        assert book.get(number).error == "The service stopped; ask again."
