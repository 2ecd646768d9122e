"""The command line again: jobs, trial runs, the gate, and how a job is stopped."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.cli import main
from indexer.edits import edit_live
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit, Request
from indexer.index.jobs import JOBS, JobBook
from indexer.index.verification import verify
from tests.indexer.builders import left_behind, long_records, record, write_jsonl
from tests.processes import children, is_alive, until

Capture = pytest.CaptureFixture[str]

CHILD = """
import sys
import indexer.crew
from indexer.cli import main
indexer.crew.ALONE = 3
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
"""A job that gets help early."""


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def site(tmp_path: Path, *numbers: int, **changes: str) -> Path:
    return write_jsonl(tmp_path / "site.jsonl", [record(n, **changes) for n in numbers])


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def last_line(text: str) -> str:
    assert text.startswith("health-index: ")
    assert text.count("\n") == 1
    return text


class TestDryRun:
    def test_it_tells_every_change_and_makes_none(
        self, capsys: Capture, folder: Path, tmp_path: Path
    ) -> None:
        assert run("reindex", site(tmp_path, 1, 2, 3), "--index", folder) == 0
        write_jsonl(tmp_path / "site.jsonl", [record(1), record(2, text="Other."), record(4)])
        before = files(folder)
        capsys.readouterr()
        assert run("reindex", tmp_path / "site.jsonl", "--index", folder, "--dry-run") == 0
        assert files(folder) == before
        address, nothing = "https://clinic.example", "Nothing was changed."
        assert capsys.readouterr().out.splitlines() == [
            f"{nothing} There would be 3 articles: 1 new, 1 changed, 1 unchanged, 1 deleted.",
            *("1 new:", f"  {address}/4"),
            *("1 changed:", f"  {address}/2"),
            *("1 deleted:", f"  {address}/3"),
        ]

    def test_it_tells_that_the_gate_would_refuse(
        self, capsys: Capture, folder: Path, tmp_path: Path
    ) -> None:
        assert run("reindex", site(tmp_path, 1, 2, 3), "--index", folder) == 0
        source = write_jsonl(tmp_path / "site.jsonl", [record(1)])
        capsys.readouterr()
        assert run("reindex", source, "--index", folder, "--dry-run") == 0
        told = capsys.readouterr().out.splitlines()
        assert told[1].startswith("It would not go live: There would be 1 articles instead of 3, ")

    def test_as_json(self, capsys: Capture, folder: Path, tmp_path: Path) -> None:
        source = site(tmp_path, 1)
        assert run("reindex", source, "--index", folder, "--dry-run", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        change = {"kind": "new", "id": "r1", "url": "https://clinic.example/1"}
        assert (told["generation"], told["changes"]) == ("", [change])

    @pytest.mark.parametrize("processes", [1, 2])
    def test_it_makes_no_folder(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
    ) -> None:
        monkeypatch.setattr("indexer.crew.ALONE", 1)
        source = site(tmp_path, *range(5))
        code = run("reindex", source, "--index", folder, "--dry-run", "--processes", processes)
        assert code == 0
        assert not folder.exists()
        assert [path.name for path in tmp_path.iterdir()] == ["site.jsonl"]

    def test_while_a_job_runs(
        self, store: GenerationStore, live: Generation, tmp_path: Path
    ) -> None:
        with store.writing():
            assert run("reindex", site(tmp_path, 1), "--index", store.folder, "--dry-run") == 0
        assert store.current() == live


class TestGate:
    def test_many_gone(self, capsys: Capture, folder: Path, tmp_path: Path) -> None:
        flags = ("--index", folder)
        assert run("reindex", site(tmp_path, *range(10)), *flags) == 0
        capsys.readouterr()
        few = site(tmp_path, *range(6))
        assert run("reindex", few, *flags) == 2
        error = last_line(capsys.readouterr().err)
        assert "6 articles instead of 10, 40% fewer; at most 20% may go at once." in error
        assert error.endswith("mend the source, or run again with --force.\n")
        assert run("reindex", few, *flags, "--max-drop", "39") == 2
        assert run("reindex", few, *flags, "--max-drop", "40%") == 0
        assert run("reindex", site(tmp_path, 1), *flags, "--force") == 0
        assert [job.state for job in JobBook(folder).recent()] == [
            *("succeeded", "succeeded", "failed", "failed", "succeeded")
        ]

    @pytest.mark.parametrize("share", ["101", "-1", "x", "1.5", ""])
    def test_no_percentage(self, capsys: Capture, tmp_path: Path, share: str) -> None:
        with pytest.raises(SystemExit) as stop:
            run("reindex", site(tmp_path, 1), f"--max-drop={share}")
        assert stop.value.code == 2
        assert "expected a percentage from 0 to 100" in capsys.readouterr().err

    def test_an_update_keeps_the_others(
        self, capsys: Capture, folder: Path, tmp_path: Path
    ) -> None:
        assert run("reindex", site(tmp_path, *range(10)), "--index", folder) == 0
        news = write_jsonl(tmp_path / "news.jsonl", [record(3, text="News."), record(11)])
        capsys.readouterr()
        assert run("reindex", news, "--index", folder, "--update") == 0
        told = capsys.readouterr().out
        assert "is live with 11 articles: 1 new, 1 changed, 9 unchanged, 0 deleted." in told


class TestJobs:
    def test_they_are_listed(self, capsys: Capture, folder: Path, tmp_path: Path) -> None:
        assert run("reindex", site(tmp_path, 1, 2), "--index", folder) == 0
        JobBook(folder).ask_for_edit("a", None)
        capsys.readouterr()
        assert run("jobs", "--index", folder) == 0
        newest, oldest = capsys.readouterr().out.splitlines()
        assert newest.endswith(" UTC delete a, enqueued")
        assert oldest.endswith(" UTC reindex, succeeded, 2 items")
        assert run("jobs", "--index", folder, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert [each["kind"] for each in told] == ["delete", "reindex"]

    def test_a_job_of_the_book_is_done(self, folder: Path, tmp_path: Path) -> None:
        book = JobBook(folder)
        asked = Request(sources=(str(site(tmp_path, 1)),))
        number = book.ask_for_reindex(asked).id
        command = [sys.executable, "-m", "indexer", "reindex", "--index", str(folder)]
        assert subprocess.run([*command, "--job", str(number)], check=False).returncode == 0
        job = book.get(number)
        assert (job.state, job.generation) == ("succeeded", GenerationStore(folder).current_name())

    @pytest.mark.parametrize("command", ["jobs", "reindex"])
    def test_a_damaged_book_is_one_line(
        self, capsys: Capture, live: Generation, folder: Path, tmp_path: Path, command: str
    ) -> None:
        (folder / JOBS).write_bytes(b"no database " * 999)
        what = (site(tmp_path, 1),) if command == "reindex" else ()
        assert run(command, *what, "--index", folder) == 2
        assert "move it away" in last_line(capsys.readouterr().err)
        assert GenerationStore(folder).complete() == [live]

    def test_no_index(self, capsys: Capture, folder: Path) -> None:
        assert run("jobs", "--index", folder) == 2
        assert last_line(capsys.readouterr().err).endswith(f"There is no index in {folder}.\n")
        assert not folder.exists()


def test_rolling_back_after_single_changes(
    capsys: Capture, folder: Path, store: GenerationStore, tmp_path: Path
) -> None:
    for numbers in ((1,), (1, 2)):
        assert run("reindex", site(tmp_path, *numbers), "--index", folder) == 0
    first = store.names()[0]
    edit_live(store, [Edit(0, "new", {"title": "Mine"})])
    capsys.readouterr()
    assert run("rollback", "--index", folder) == 0
    assert capsys.readouterr().out == f"{first} is live: 1 articles.\n"
    assert run("verify", "--index", folder) == run("status", "--index", folder) == 0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records that take many seconds to index."""
    return write_jsonl(tmp_path_factory.mktemp("large") / "a.jsonl", long_records(3000, 250))


def start(source: Path, folder: Path) -> "subprocess.Popen[bytes]":
    """Start a job, and wait until it has two helpers."""
    command = [sys.executable, "-c", CHILD, "reindex", str(source), "--index", str(folder)]
    process = subprocess.Popen(
        [*command, "--processes", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    parts = folder / "generations"
    until(lambda: len(list(parts.glob("*/parts/new/[12]"))) == 2, 60)
    return process


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["it", "all"])
def test_a_job_with_helpers_is_stopped(
    live: Generation, store: GenerationStore, large: Path, stop: signal.Signals, whom: object
) -> None:
    folder = store.folder
    with start(large, folder) as process:
        below = children(process.pid)
        (os.killpg if whom is os.killpg else os.kill)(process.pid, stop)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err == b"health-index: stopped; the live generation is whole.\n"
    until(lambda: not any(map(is_alive, below)), 30)
    (job,) = JobBook(folder).recent()
    assert (job.state, job.error) == ("canceled", "Stopped; the live generation is untouched.")
    assert store.complete() == [live]
    assert left_behind(folder) == []


def test_helpers_are_deaf_to_ctrl_c_from_their_first_moment(folder: Path, large: Path) -> None:
    with start(large, folder) as process:
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children(process.pid)}
        deaf = [
            _blocked(pid) >> (signal.SIGINT - 1) & 1
            for pid, command in commands.items()
            if "spawn_main" in command
        ]
        process.terminate()
        process.communicate(timeout=60)
    assert deaf == [1, 1]


def _blocked(pid: int) -> int:
    """Return the signals that a process has blocked, one a bit."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (mask,) = (line.split()[1] for line in lines if line.startswith("SigBlk:"))
    return int(mask, 16)


def test_a_job_with_helpers_is_killed(
    folder: Path, live: Generation, store: GenerationStore, large: Path, tmp_path: Path
) -> None:
    with start(large, folder) as process:
        below = children(process.pid)
        process.kill()
    assert len(below) >= 2
    until(lambda: not any(map(is_alive, below)), 30)
    assert store.current() == live
    assert left_behind(folder) != []
    assert run("reindex", site(tmp_path, *range(3)), "--index", folder) == 0
    assert left_behind(folder) == []
    assert verify(store.current()) == 3
    assert [job.state for job in JobBook(folder).recent()] == ["succeeded", "failed"]
