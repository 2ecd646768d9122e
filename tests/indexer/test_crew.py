"""Several processes at one job: their order, their trouble, and their end."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from indexer.crew import Crew
from indexer.errors import IndexUnwritable, JobBroken
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.verification import verify
from indexer.maker import Made, Outcome, Refused, Task, Work
from tests.indexer.builders import bodies, index, item, left_behind

KNOWN = Refused("known", is_failure=False)


@pytest.fixture(autouse=True)
def _help_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.crew.ALONE", 2)
    monkeypatch.setattr("indexer.crew.BATCH", 3)


def outcomes(crew: Crew, works: Iterable[Work | Outcome]) -> list[tuple[int, Outcome]]:
    return list(crew.run(enumerate(works)))


def helpers(crew: Crew) -> list[int]:
    return [each.process.pid for each in crew._helpers if each.process.pid]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class TestOrder:
    def test_outcomes_come_in_the_order_of_the_work(self, tmp_path: Path) -> None:
        works: list[Work | Outcome] = [
            KNOWN if n % 5 == 4 else item(n, text="word " * (900 if n % 3 else 1))
            for n in range(40)
        ]
        with Crew(Task(tmp_path, "", {}), 2) as crew:
            found = outcomes(crew, works)
            pids = helpers(crew)
            crew.finish()
        assert [tag for tag, _ in found] == [*range(40)]
        made = {tag: each for tag, each in found if isinstance(each, Made)}
        assert all(each.id == f"r{tag}" for tag, each in made.items())
        assert [tag for tag, each in found if each == KNOWN] == [*range(4, 40, 5)]
        parts = {each.part for each in made.values()}
        assert parts == {"0", "1", "2"} == {path.name for path in tmp_path.iterdir()}
        assert len(pids) == 2
        assert not any(map(is_there, pids))

    def test_one_process_starts_no_other(self, tmp_path: Path) -> None:
        with Crew(Task(tmp_path, "", {}), 1) as crew:
            found = outcomes(crew, [item(n) for n in range(20)])
            assert helpers(crew) == []
            crew.finish()
        assert {each.part for _, each in found if isinstance(each, Made)} == {"0"}

    def test_little_work_is_done_alone(self, tmp_path: Path) -> None:
        with Crew(Task(tmp_path, "", {}), 2) as crew:
            outcomes(crew, [item(1), *[KNOWN] * 50, item(2)])
            assert helpers(crew) == []
            crew.finish()

    def test_no_work_makes_no_part(self, tmp_path: Path) -> None:
        with Crew(Task(tmp_path / "parts", "", {}), 2) as crew:
            assert outcomes(crew, []) == []
            crew.finish()
        assert list((tmp_path / "parts").iterdir()) == []

    def test_one_new_page_among_many_that_are_known_holds_nothing_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing is kept for it but some outcomes, and the counts go on."""
        monkeypatch.setattr("indexer.crew.BEHIND", 10)
        taken = 0

        def works() -> Iterator[tuple[int, Work | Outcome]]:
            nonlocal taken
            for n in range(200):
                taken += 1
                yield n, item(n) if n < 3 else KNOWN

        with Crew(Task(tmp_path, "", {}), 2) as crew:
            for tag, _ in crew.run(works()):
                assert taken <= tag + 1 + 11
            crew.finish()
        assert taken == 200


class TestDuplicates:
    def test_the_first_place_wins_whichever_process_wrote_it(self, store: GenerationStore) -> None:
        """Every article has three places, far enough apart to meet different processes."""
        places = [item(n, f"{turn}/{n}", text=f"Of {turn}.") for turn in "abc" for n in range(15)]
        report = index(store, *places, processes=2)
        generation = store.current()
        assert (report.new, len(report.skipped)) == (15, 30)
        assert all("same article as a/" in each.reason for each in report.skipped)
        assert bodies(generation) == {f"r{n}": "Of a." for n in range(15)}
        assert verify(generation) == 15
        again = index(store, *places[15:], processes=2)
        assert (again.changed, again.unchanged, len(again.skipped)) == (15, 0, 15)
        assert set(bodies(store.current()).values()) == {"Of b."}
        assert verify(store.current()) == 15


class TestTrouble:
    """The live generation is untouched, and no process is left."""

    @pytest.fixture
    def harm(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Callable[[Callable[[Crew], None]], list[int]]]:
        """Do something to the processes of a job once it has some."""
        pids: list[int] = []

        def arrange(harming: Callable[[Crew], None]) -> list[int]:
            give = Crew._give

            def then_harm(self: Crew, number: int, work: Work) -> None:
                give(self, number, work)
                if self._helpers and not pids:
                    pids.extend(helpers(self))
                    harming(self)

            monkeypatch.setattr(Crew, "_give", then_harm)
            return pids

        yield arrange
        assert pids
        assert not any(map(is_there, pids))

    def test_a_process_that_is_killed(
        self, store: GenerationStore, live: Generation, harm: Callable[..., list[int]]
    ) -> None:
        harm(lambda crew: os.kill(helpers(crew)[0], signal.SIGKILL))
        with pytest.raises(JobBroken) as caught:
            index(store, *map(item, range(60)), processes=2)
        assert "\n" not in str(caught.value)
        assert "Try again with --processes 1." in str(caught.value)
        assert store.current() == live
        assert store.names() == [live.name]
        assert left_behind(store.folder) == []

    def test_a_process_that_cannot_write(
        self, store: GenerationStore, live: Generation, harm: Callable[..., list[int]]
    ) -> None:
        def take_the_folders(crew: Crew) -> None:
            for name in "12":
                (crew._task.parts / name).write_text("in the way")

        harm(take_the_folders)
        with pytest.raises(IndexUnwritable, match="cannot be written: File exists"):
            index(store, *map(item, range(60)), processes=2)
        assert store.complete() == [live]
        assert left_behind(store.folder) == []

    def test_ctrl_c(
        self, store: GenerationStore, live: Generation, harm: Callable[..., list[int]]
    ) -> None:
        def interrupt(_crew: Crew) -> None:
            raise KeyboardInterrupt

        harm(interrupt)
        with pytest.raises(KeyboardInterrupt):
            index(store, *map(item, range(60)), processes=2)
        assert store.complete() == [live]
        assert left_behind(store.folder) == []

    def test_ctrl_c_reaches_no_helper(
        self,
        store: GenerationStore,
        harm: Callable[..., list[int]],
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """A terminal sends it to all of them, also to those that have hardly begun."""

        def interrupt_them(crew: Crew) -> None:
            for pid in helpers(crew):
                os.kill(pid, signal.SIGINT)

        harm(interrupt_them)
        assert index(store, *map(item, range(60)), processes=2).new == 60
        assert capfd.readouterr().err == ""
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_helpers_die_with_their_parent_whatever_they_are_at(tmp_path: Path) -> None:
    """Also one that cannot notice that nobody listens: it may still be writing."""
    reading, writing = os.pipe()
    parent = os.fork()
    if not parent:
        _work_until_killed(tmp_path, writing)
    try:
        pids = [int(pid) for pid in os.read(reading, 100).split()]
        assert len(pids) == 2
        assert all(map(is_there, pids))
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
    finally:
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
        os.close(reading)
        os.close(writing)
    deadline = time.monotonic() + 30
    while any(map(is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    left = [pid for pid in pids if is_running(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def _work_until_killed(parts: Path, writing: int) -> None:
    try:
        crew = Crew(Task(parts, "", {}), 2)
        list(crew.run((n, item(n)) for n in range(6)))
        os.write(writing, " ".join(map(str, helpers(crew))).encode())
        signal.pause()
    finally:
        os._exit(1)


def is_running(pid: int) -> bool:
    """Return whether a process runs; one that nobody has fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
