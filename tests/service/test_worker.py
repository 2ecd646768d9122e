import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from service.access.bootstrap import VARIABLE
from service.app import create_app
from service.meanwhile import meanwhile
from service.settings import Settings
from service.worker import JobProcess
from tests.service.conftest import Lines
from tests.service.fakes import FakeLive
from tests.service.writing import admin_key

PATIENCE = 20.0
"""Seconds after which what never comes is no longer waited for."""


async def until(is_so: Callable[[], bool]) -> None:
    with anyio.fail_after(PATIENCE):
        while not is_so():
            await anyio.sleep(0.001)


def fail_first(monkeypatch: pytest.MonkeyPatch, times: int) -> list[dict[str, Any]]:
    """Let no process be made the first so many times; return what each was to be made with."""
    asked: list[dict[str, Any]] = []
    make = subprocess.Popen

    def popen(_: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        asked.append(options)
        if len(asked) <= times:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return make([sys.executable, "-c", "import time; time.sleep(60)"], **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    return asked


def test_a_process_that_cannot_be_made_is_tried_again_ever_more_slowly(
    monkeypatch: pytest.MonkeyPatch, log: Lines
) -> None:
    asked = fail_first(monkeypatch, 3)
    process = JobProcess(["work"], first_pause=0.001)

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(process.keep)
            await until(lambda: len(asked) == 4)
            tasks.cancel_scope.cancel()

    try:
        anyio.run(run)
    finally:
        process.stop()
    told = [line for line in log.lines if "job-process-not-started" in line]
    assert '"problem":"Resource temporarily unavailable","starting_again_in":0.001' in told[0]
    assert [line.partition("starting_again_in")[2][2:7] for line in told] == [
        "0.001",
        "0.002",
        "0.004",
    ]


def test_search_goes_on_without_a_process_for_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Lines
) -> None:
    asked = fail_first(monkeypatch, 1000)
    live = FakeLive()
    app = create_app(Settings(index=tmp_path), live, admin_key())

    async def run() -> None:
        async with app.router.lifespan_context(app):
            await until(lambda: any("job-process-not-started" in line for line in log.lines))
            await anyio.sleep(0.01)
            assert not live.closed

    anyio.run(run)
    assert asked
    assert live.closed, "at the end it is"


def test_the_process_never_holds_the_admin_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "k" * 20)
    monkeypatch.setenv("HEALTH_SEARCH_INDEX", "elsewhere")
    asked = fail_first(monkeypatch, 1)
    with pytest.raises(BlockingIOError):
        JobProcess(["work"])._start()
    (options,) = asked
    assert VARIABLE not in options["env"]
    assert options["env"]["HEALTH_SEARCH_INDEX"] == "elsewhere"


def test_what_fails_beside_the_requests_is_told_and_begun_again(log: Lines) -> None:
    begun = []

    async def work() -> None:
        begun.append(1)
        if len(begun) < 3:
            raise RuntimeError("no thread, and what somebody typed")

    async def run() -> None:
        async with meanwhile(work, pause=0.001):
            await until(lambda: len(begun) == 3)

    anyio.run(run)
    told = [line for line in log.lines if "background-work-failed" in line]
    assert len(told) == 2
    assert all("RuntimeError" in line and "typed" not in line for line in told)


def test_a_look_at_the_keys_that_fails_leaves_the_service_up(
    monkeypatch: pytest.MonkeyPatch, log: Lines
) -> None:
    live = FakeLive()
    app = create_app(Settings(), live)

    async def follow() -> None:
        raise PermissionError(errno.EACCES, "keys.toml")

    monkeypatch.setattr(app.state.context.access, "follow_keys", follow)

    async def run() -> None:
        async with app.router.lifespan_context(app):
            await until(lambda: any("background-work-failed" in line for line in log.lines))
            await anyio.sleep(0.01)
            assert not live.closed

    anyio.run(run)
