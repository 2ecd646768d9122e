"""Keeps the process running that does the jobs of the index, beside the service."""

import logging
import os
import shlex
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio import to_thread

from service.access.bootstrap import VARIABLE
from service.logs import log_event
from service.meanwhile import meanwhile
from service.settings import Settings

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How often to look whether the process is still there."""

FIRST_PAUSE_SECONDS = 1.0
LAST_PAUSE_SECONDS = 60.0
"""Pauses before the process is started again: each is twice the one before."""

STOP_SECONDS = 15.0
"""How long the process may take to stop: it gives a running reindex ten seconds."""


@asynccontextmanager
async def work_on_jobs(settings: Settings) -> AsyncIterator[None]:
    """Have the jobs of the index done while this lasts.

    Every process of the service starts such a process. They agree by a lock on the one that works,
    and each ends by itself when the service that started it was killed.
    """
    process = JobProcess(command(settings))
    try:
        async with meanwhile(process.keep):
            yield
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(process.stop)


def command(settings: Settings) -> list[str]:
    """Return the command of the process; what follows ``--`` are flags for every reindex.

    A service that ranks by meaning needs vectors, whatever job made its index.
    """
    flags = [*(["--semantic"] if settings.semantic else []), *shlex.split(settings.job_flags)]
    work = [sys.executable, "-m", "indexer", "work", "--index", str(settings.index)]
    return [*work, "--parent", str(os.getpid()), "--", *flags]


class JobProcess:
    """A process that is started again, ever more slowly, when it ends."""

    def __init__(self, command: Sequence[str], first_pause: float = FIRST_PAUSE_SECONDS) -> None:
        self._command = command
        self._first_pause = first_pause
        self._process: subprocess.Popen[bytes] | None = None

    async def keep(self) -> None:
        """Start the process, and again whenever it has ended."""
        pause = self._first_pause
        while True:
            started = time.monotonic()
            event, why = await self._run()
            if time.monotonic() - started > LAST_PAUSE_SECONDS:
                pause = self._first_pause
            log_event(LOG, logging.ERROR, event, **why, starting_again_in=pause)
            await anyio.sleep(pause)
            pause = min(2 * pause, LAST_PAUSE_SECONDS)

    def stop(self) -> None:
        """Stop the process, cleanly if it does so in time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log_event(LOG, logging.ERROR, "job-process-killed")
            self._process.kill()
            self._process.wait()

    async def _run(self) -> tuple[str, dict[str, Any]]:
        """Start the process and wait for its end; return what came of it, for the log."""
        try:
            await to_thread.run_sync(self._start)
        except OSError as error:  # too many processes, no memory: visitors can search all the same
            return "job-process-not-started", {"problem": error.strerror or type(error).__name__}
        while (code := self._exit_code()) is None:
            await anyio.sleep(LOOK_SECONDS)
        return "job-process-ended", {"code": code}

    def _start(self) -> None:
        # In a session of its own, Ctrl-C reaches the service only, which then stops the process.
        self._process = subprocess.Popen(  # noqa: S603 - our own program and the operator's settings
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name != VARIABLE},
            start_new_session=True,
        )

    def _exit_code(self) -> int | None:
        return self._process.poll() if self._process else None
