"""The command line of the write side: what it prints, where, and how it exits."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from indexer.cli import main
from indexer.edits import edit_live
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.manifest import MANIFEST
from indexer.index.verification import verify
from tests.indexer.builders import (
    article,
    left_behind,
    long_records,
    page,
    publish,
    record,
    write_jsonl,
)

Capture = pytest.CaptureFixture[str]
COMMANDS = ("reindex", "extract", "status", "jobs", "verify", "rollback", "prune", "work")
PROGRAM = (sys.executable, "-m", "indexer")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of two articles and a page that is none."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "asthma.html").write_text(page("Asthma"))
    (folder / "fever.html").write_text(page("Fever"))
    (folder / "empty.html").touch()
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records that take several seconds to index."""
    return write_jsonl(tmp_path_factory.mktemp("large") / "a.jsonl", long_records(3000, 250))


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def error_of(capsys: Capture) -> str:
    """Return what was written to standard error: one line; nothing on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("health-index: ")
    assert err.count("\n") == 1
    return err.removeprefix("health-index: ").strip()


def start(*arguments: object, **options: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


class TestUse:
    def test_help_names_every_command(self, capsys: Capture) -> None:
        with pytest.raises(SystemExit) as stop:
            run("--help")
        assert stop.value.code == 0
        text = capsys.readouterr().out
        assert text.startswith("usage: health-index ")
        assert all(f"\n    {command} " in text for command in COMMANDS)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_help_of_a_command(self, capsys: Capture, command: str) -> None:
        with pytest.raises(SystemExit) as stop:
            run(command, "--help")
        assert stop.value.code == 0
        assert f"usage: health-index {command} " in capsys.readouterr().out

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["nonsense"],
            ["reindex"],
            ["extract"],
            ["status", "--nope"],
            ["status", "extra"],
            ["rollback", "a", "b"],
        ],
        ids=" ".join,
    )
    def test_bad_use(self, capsys: Capture, arguments: list[str]) -> None:
        with pytest.raises(SystemExit) as stop:
            run(*arguments)
        assert stop.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("usage: health-index")

    @pytest.mark.parametrize("keep", ["0", "-1", "many", "1.5", "", "²"])
    def test_bad_number(self, capsys: Capture, keep: str) -> None:
        with pytest.raises(SystemExit) as stop:
            run("prune", f"--keep={keep}")
        assert stop.value.code == 2
        error = capsys.readouterr().err.splitlines()[-1]
        assert error.endswith(f"argument --keep: expected a whole number from 1, not {keep!r}")


class TestReindex:
    def test_the_report(self, capsys: Capture, folder: Path, site: Path) -> None:
        assert run("reindex", site, "--index", folder) == 0
        out, err = capsys.readouterr()
        name = GenerationStore(folder).current_name()
        assert out == (
            f"{name} is live with 2 articles: 2 new, 0 changed, 0 unchanged, 0 deleted.\n"
            "2 articles have no web address, so their hits are no links: "
            "pages can be given one with --base-url.\n"
            f"1 failed:\n  {site}/empty.html: empty file\n"
        )
        assert err == ""

    def test_with_a_base_url_every_article_has_an_address(
        self, capsys: Capture, folder: Path, site: Path
    ) -> None:
        assert run("reindex", site, "--index", folder, "--base-url", "https://c.example/") == 0
        assert "no web address" not in capsys.readouterr().out

    def test_a_base_url_without_a_scheme_is_refused(
        self, capsys: Capture, folder: Path, site: Path
    ) -> None:
        with pytest.raises(SystemExit) as stop:
            run("reindex", site, "--index", folder, "--base-url", "c.example")
        assert stop.value.code == 2
        assert "https://" in capsys.readouterr().err

    def test_the_report_as_json(self, capsys: Capture, folder: Path, site: Path) -> None:
        assert run("reindex", site, "--index", folder, "--json") == 0
        out = capsys.readouterr().out
        assert out.count("\n") == 1
        assert json.loads(out) == {
            "generation": GenerationStore(folder).current_name(),
            "articles": 2,
            "without_address": 2,
            "seen": 3,
            "new": 2,
            "changed": 0,
            "unchanged": 0,
            "deleted": 0,
            "kept": 0,
            "skipped": [],
            "failed": [{"url": f"{site}/empty.html", "reason": "empty file"}],
            "changes": [],
            "refusal": "",
            "judged": None,
        }

    def test_many_troubles_are_cut_short(
        self, capsys: Capture, folder: Path, tmp_path: Path
    ) -> None:
        path = write_jsonl(tmp_path / "a.jsonl", [record(1)])
        path.write_bytes(path.read_bytes() + b"{broken\n" * 25)
        assert run("reindex", path, "--index", folder) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[1] == "25 failed:"
        assert len(lines) == 2 + 20 + 1
        assert lines[-1] == "  … and 5 more (--json lists all)"

    def test_file_names_that_are_not_utf8(self, capsys: Capture, folder: Path, site: Path) -> None:
        (site / "fever.html").rename(site / os.fsdecode(b"fiebre ni\xf1o.html"))
        (site / os.fsdecode(b"vac\xedo.html")).touch()
        for option in ("--json", "--base-url=https://clinic.example"):
            assert run("reindex", site, "--index", folder, option) == 0
            assert "vac\\" in capsys.readouterr().out
        odd = site.rename(site.with_name(os.fsdecode(b"sit\xef")))
        assert run("reindex", odd, "--index", folder) == 0
        assert GenerationStore(folder).current().manifest.sources == (
            str(site.with_name("sit\\xef")),
        )

    def test_base_url(self, capsys: Capture, site: Path) -> None:
        assert run("extract", site / "asthma.html", "--base-url", "https://clinic.example/s") == 0
        assert "url: https://clinic.example/s/asthma.html\n" in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["nowhere", "", "x" * 300])
    def test_no_such_source(self, capsys: Capture, folder: Path, site: Path, name: str) -> None:
        assert run("reindex", site, name, "--index", folder) == 2
        assert error_of(capsys) == f"There is no file or folder {name!r}."
        assert not folder.exists()

    def test_nothing_to_index(self, capsys: Capture, live: Generation, tmp_path: Path) -> None:
        (tmp_path / "void").mkdir()
        index = live.folder.parent.parent
        assert run("reindex", tmp_path / "void", "--index", index) == 2
        assert "hold no article" in error_of(capsys)
        assert GenerationStore(index).current() == live

    def test_an_index_that_cannot_be_written(
        self, capsys: Capture, tmp_path: Path, site: Path
    ) -> None:
        (tmp_path / "file").touch()
        for index in (tmp_path / "file", tmp_path / "file" / "below", "/proc/index"):
            assert run("reindex", site, "--index", index) == 2
            assert f"{index} cannot be written: " in error_of(capsys)

    def test_while_another_process_writes(
        self, live: Generation, store: GenerationStore, site: Path
    ) -> None:
        with store.writing():
            process = start("reindex", site, "--index", store.folder)
            out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (2, b"")
        assert f"is being written by process {os.getpid()} on " in err.decode()
        assert err.count(b"\n") == 1
        assert store.current() == live


class TestExtract:
    def test_an_article_for_people(self, capsys: Capture, site: Path) -> None:
        assert run("extract", site) == 0
        out, err = capsys.readouterr()
        assert "\nAsthma\n======\n" in out
        assert "\nFever\n=====\n" in out
        assert "language: en\n" in out
        assert err == f"{site}/empty.html: empty file\n"

    def test_an_article_as_json(self, capsys: Capture, site: Path, tmp_path: Path) -> None:
        path = write_jsonl(tmp_path / "a.jsonl", [record(1), {"title": "No id"}])
        assert run("extract", site / "asthma.html", path, "--json") == 0
        out, err = capsys.readouterr()
        first, second = (json.loads(line) for line in out.splitlines())
        assert (first["title"], first["language"]) == ("Asthma", "en")
        assert second["id"] == "r1"
        assert set(first) == set(second) > {"id", "url", "title", "body", "sections"}
        assert err.startswith(f"{path}:2: ")
        assert err.count("\n") == 1

    def test_no_such_file(self, capsys: Capture) -> None:
        assert run("extract", "nowhere.html") == 2
        assert error_of(capsys) == "There is no file or folder 'nowhere.html'."


class TestStatus:
    def test_for_people(self, capsys: Capture, folder: Path) -> None:
        made = [publish(folder, article(n)) for n in (1, 2)]
        assert run("status", "--index", folder) == 0
        lines = capsys.readouterr().out.splitlines()
        rows = [line for line in lines if made[0].name in line or made[1].name in line]
        assert ["live" in row for row in rows] == [False, True]
        assert all("en:1" in row for row in rows)

    def test_single_changes_are_told_apart_from_jobs(self, capsys: Capture, folder: Path) -> None:
        job = publish(folder, article(1))
        edit_live(GenerationStore(folder), [Edit(1, "a2", {"text": "Pollen.", "title": "New"})])
        assert run("status", "--index", folder) == 0
        first, second = capsys.readouterr().out.splitlines()
        assert "single changes" not in first
        assert second.endswith(f"with single changes to {job.name}")

    def test_names_are_whole_however_long_the_rest(self, capsys: Capture, folder: Path) -> None:
        generation = publish(folder, *(article(n, language=f"l{n}") for n in range(40)))
        assert run("status", "--index", folder) == 0
        assert generation.name in capsys.readouterr().out

    def test_as_json(self, capsys: Capture, folder: Path) -> None:
        first, second = (publish(folder, article(n)) for n in (1, 2))
        assert run("status", "--index", folder, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert told["current"] == second.name
        assert [g["name"] for g in told["generations"]] == [first.name, second.name]
        assert [g["live"] for g in told["generations"]] == [False, True]
        assert set(told["generations"][0]) == {
            "name",
            "live",
            "schema_version",
            "digest",
            "built_at",
            "job",
            "articles",
            "languages",
            "sources",
            "figures",
        }

    def test_no_index(self, capsys: Capture, folder: Path) -> None:
        assert run("status", "--index", folder, "--json") == 2
        assert f"There is no index in {folder}." in error_of(capsys)

    def test_a_broken_pointer_is_told_beside_what_can_be_rolled_back_to(
        self, capsys: Capture, live: Generation, folder: Path
    ) -> None:
        (folder / "CURRENT").write_text("..")
        assert run("status", "--index", folder) == 2
        out, err = capsys.readouterr()
        assert live.name in out
        assert err.endswith("CURRENT does not name a generation. Roll back or reindex.\n")
        assert run("status", "--index", folder, "--json") == 2
        assert json.loads(capsys.readouterr().out)["current"] is None

    def test_a_live_generation_of_another_version(
        self, capsys: Capture, live: Generation, folder: Path
    ) -> None:
        (live.folder / MANIFEST).write_text('{"schema_version": 0}')
        assert run("status", "--index", folder) == 2
        assert "has schema version 0" in error_of(capsys)


class TestVerify:
    def test_whole(self, capsys: Capture, live: Generation, folder: Path) -> None:
        assert run("verify", "--index", folder) == 0
        assert capsys.readouterr().out == (
            f"{live.name}: {len(live.manifest.files)} files and 2 articles are whole; "
            "built 0 days ago.\n"
        )

    def test_damaged(self, capsys: Capture, live: Generation, folder: Path) -> None:
        (live.folder / "articles.json").write_text("{}")
        assert run("verify", "--index", folder) == 2
        assert f"{live.folder}/articles.json has 2 bytes instead of" in error_of(capsys)

    def test_no_index(self, capsys: Capture, folder: Path) -> None:
        assert run("verify", "--index", folder) == 2
        assert "There is no index" in error_of(capsys)


class TestRollback:
    def test_and_forward_again(self, capsys: Capture, folder: Path) -> None:
        first, second = (publish(folder, article(n)) for n in (1, 2))
        assert run("rollback", "--index", folder) == 0
        assert capsys.readouterr().out == f"{first.name} is live: 1 articles.\n"
        assert run("rollback", second.name, "--index", folder) == 0
        assert GenerationStore(folder).current() == second

    def test_nowhere_to_go(self, capsys: Capture, live: Generation, folder: Path) -> None:
        assert run("rollback", "--index", folder) == 2
        assert error_of(capsys) == f"{folder} has no older generation."
        assert run("rollback", "nope", "--index", folder) == 2
        assert "has no generation 'nope'. `health-index status` lists them." in error_of(capsys)
        assert GenerationStore(folder).current() == live


class TestPrune:
    def test_prune(self, capsys: Capture, folder: Path) -> None:
        made = [publish(folder, article(n)).name for n in range(4)]
        assert run("prune", "--keep", 2, "--index", folder) == 0
        assert capsys.readouterr().out == f"2 generations removed: {made[0]}, {made[1]}\n"
        assert run("prune", "--index", folder) == 0
        assert capsys.readouterr().out == "0 generations removed.\n"


@pytest.mark.parametrize("command", ["rollback", "prune"])
def test_a_misspelt_folder_is_not_made(capsys: Capture, folder: Path, command: str) -> None:
    assert run(command, "--index", folder) == 2
    assert error_of(capsys) == f"There is no index in {folder}."
    assert not folder.exists()


class TestProcess:
    """The same through a real process."""

    def test_from_reindex_to_prune(self, folder: Path, site: Path) -> None:
        for command in (
            ["reindex", site],
            ["reindex", site, "--json"],
            ["status"],
            ["verify"],
            ["rollback"],
            ["prune", "--keep", "1"],
        ):
            process = start(*command, "--index", folder)
            out, err = process.communicate(timeout=60)
            assert (process.returncode, err) == (0, b"")
            assert out

    def test_an_error(self, folder: Path) -> None:
        process = start("verify", "--index", folder)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (2, b"")
        assert err.startswith(b"health-index: There is no index in ")
        assert err.count(b"\n") == 1

    def test_a_reader_that_leaves_early(self, corpus: Path) -> None:
        with start("extract", corpus) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert b"Traceback" not in process.stderr.read()
            assert process.wait(60) == 0

    def test_a_reader_that_has_left_before_the_first_line(
        self, folder: Path, live: Generation
    ) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        buffered = {key: v for key, v in os.environ.items() if key != "PYTHONUNBUFFERED"}
        for command in (["status"], ["status", "--json"], ["verify"]):
            with start(*command, "--index", folder, stdout=writing, env=buffered) as process:
                assert process.communicate(timeout=60)[1] == b""
                assert process.returncode == 0
        os.close(writing)
        assert live.folder.exists()

    def test_a_terminal_without_unicode(self, folder: Path, site: Path) -> None:
        (site / "fever.html").write_text(page("Niño", sentence="El niño tiene fiebre — 39°."))
        environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
        for command in (["extract", site], ["reindex", site, "--index", folder]):
            with start(*command, env=environment) as process:
                out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err.decode()
            assert out
        with start("status", "--index", folder, env=environment) as process:
            out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert GenerationStore(folder).current_name().encode() in out

    def test_a_full_disk(
        self, folder: Path, live: Generation, store: GenerationStore, large: Path
    ) -> None:
        """A limit on the size of files makes real writes fail as a full disk does."""

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        with start("reindex", large, "--index", folder, preexec_fn=limit) as process:
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (2, b"")
        assert err.decode().splitlines()[-1] == (
            f"health-index: {folder} cannot be written: File too large. "
            "The live generation is whole."
        )
        assert err.count(b"\n") == 1
        assert store.current() == live
        assert left_behind(folder) == []


def _wait_for_a_build(store: GenerationStore, generations: int) -> None:
    deadline = time.monotonic() + 30
    while len(store.names()) <= generations and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(store.names()) > generations


@pytest.mark.parametrize("seconds", [0, 0.1, 0.3, 0.6, 0.9])
def test_ctrl_c(
    folder: Path, live: Generation, store: GenerationStore, large: Path, seconds: float
) -> None:
    with start("reindex", large, "--index", folder) as process:
        _wait_for_a_build(store, 1)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err == b"health-index: stopped; the live generation is whole.\n"
    assert store.current() == live
    assert verify(store.current()) == 2
    assert left_behind(folder) == []
