"""Several processes that make articles of items, and hand back what came of each in order.

The first items are worked on in this process: most jobs change little, and starting a process costs
as much as a hundred articles. From then on every core gets a process and a part of the index.
"""

import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self, TypeVar

from indexer.errors import IndexUnwritable, JobBroken
from indexer.maker import Maker, Outcome, Task, Work

ALONE = 200
"""Items that this process works on by itself before it gets help."""

ALONE_SECONDS = 1.0
"""For so long at most: pages take longer than records."""

BATCH = 16
"""Items that travel together; a message costs some 50 µs, an item some milliseconds."""

AHEAD = 2
"""Batches that a process has at most: one to work on, and the next."""

BEHIND = 1_000
"""Pieces of work that may wait for an older one: where all else is known, one new page in an
unfilled batch would hold up the counts, and everything would be kept for them."""

OWN_PART = "0"

PR_SET_PDEATHSIG = 1
"""From Linux's ``sys/prctl.h``; see prctl(2)."""

Tag = TypeVar("Tag")


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class _Helper:
    """One process, and how many batches it has to answer."""

    process: BaseProcess
    connection: Connection
    batches: deque[list[int]] = field(default_factory=deque)


class Crew:
    """Makes articles in a ``with`` block; ``finish`` completes what was written."""

    def __init__(self, task: Task, processes: int) -> None:
        # Made once and here: an orphan of a job that was killed must not make it again.
        if task.writes:
            task.parts.mkdir(parents=True, exist_ok=True)
        self._task = task
        self._processes = processes
        self._own = Maker(task, OWN_PART)
        self._alone = 0
        self._alone_seconds = 0.0
        self._helpers: list[_Helper] = []
        self._outcomes: dict[int, Outcome] = {}
        self._batch: list[tuple[int, Work]] = []

    def run(self, tasks: Iterable[tuple[Tag, Work | Outcome]]) -> Iterator[tuple[Tag, Outcome]]:
        """Yield what came of each piece of work, with its tag, in the order given.

        What is an outcome already takes its place in the order.

        Raises:
            JobBroken: a process ended without a word.
            IndexUnwritable: a part cannot be written.
        """
        waiting: deque[tuple[int, Tag]] = deque()
        for number, (tag, work) in enumerate(tasks):
            waiting.append((number, tag))
            if isinstance(work, Outcome):
                self._outcomes[number] = work
            else:
                self._give(number, work)
            yield from self._finished(waiting)
            while len(waiting) > BEHIND:
                yield from self._catch_up(waiting)
        while waiting:
            yield from self._catch_up(waiting)

    def finish(self) -> None:
        """Complete all parts.

        Raises:
            JobBroken: a process ended without a word.
            IndexUnwritable: a part cannot be written.
        """
        for helper in self._helpers:
            self._send(helper, [])
        self._own.finish()
        for helper in self._helpers:
            self._answer(helper)
            helper.process.join()
            helper.connection.close()
        self._helpers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._own.cancel()
        for helper in self._helpers:
            helper.process.kill()
            helper.process.join()
            helper.connection.close()
        self._helpers.clear()

    def _catch_up(self, waiting: deque[tuple[int, Tag]]) -> Iterator[tuple[Tag, Outcome]]:
        """Yield what comes of the oldest piece of work, once it is there, and of those after it."""
        self._send_batch()
        if waiting[0][0] not in self._outcomes:
            self._receive()
        yield from self._finished(waiting)

    def _finished(self, waiting: deque[tuple[int, Tag]]) -> Iterator[tuple[Tag, Outcome]]:
        while waiting and (outcome := self._outcomes.pop(waiting[0][0], None)) is not None:
            yield waiting.popleft()[1], outcome

    def _give(self, number: int, work: Work) -> None:
        if self._processes == 1 or (self._alone < ALONE and self._alone_seconds < ALONE_SECONDS):
            self._alone += 1
            began = time.monotonic()
            self._outcomes[number] = self._own.make(work)
            self._alone_seconds += time.monotonic() - began
            return
        if not self._helpers:
            self._helpers = [_start(self._task, str(n + 1)) for n in range(self._processes)]
        self._batch.append((number, work))
        if len(self._batch) == BATCH:
            self._send_batch()

    def _send_batch(self) -> None:
        if not self._batch:
            return
        while all(len(helper.batches) == AHEAD for helper in self._helpers):
            self._receive()
        helper = min(self._helpers, key=lambda helper: len(helper.batches))
        helper.batches.append([number for number, _ in self._batch])
        self._send(helper, [work for _, work in self._batch])
        self._batch = []

    def _receive(self) -> None:
        """Wait for the next answer and put down its outcomes."""
        busy = {helper.connection: helper for helper in self._helpers if helper.batches}
        for connection in wait(list(busy)):
            helper = busy[connection]  # type: ignore[index]  # what we put in comes out
            answer = self._answer(helper)
            self._outcomes.update(zip(helper.batches.popleft(), answer, strict=True))

    def _send(self, helper: _Helper, works: list[Work]) -> None:
        with suppress(BrokenPipeError):  # receiving tells what happened
            helper.connection.send(works)

    def _answer(self, helper: _Helper) -> list[Outcome]:
        try:
            answer: list[Outcome] | str = helper.connection.recv()
        except (EOFError, ConnectionError):
            raise JobBroken(
                "A process of this job ended without a word; it may have had too little memory. "
                "The live generation is untouched. Try again with --processes 1."
            ) from None
        if isinstance(answer, str):
            raise IndexUnwritable(
                f"{self._task.parts} cannot be written: {answer}. The live generation is whole."
            )
        return answer


def _start(task: Task, name: str) -> _Helper:
    # Forking a process that has threads (a progress bar, downloads) may copy a lock that is held.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_help, args=(task, name, theirs, os.getpid()), daemon=True)
    # Ctrl-C is for the process that has the job: a helper is deaf to it from its first moment, by
    # the signal mask that it inherits. (Starting the tracker would lift the mask here.)
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return _Helper(process, ours)


def _help(task: Task, name: str, connection: Connection, parent: int) -> None:
    """Work in a process of its own until there is no more work, or nobody left to tell."""
    if not _ends_with(parent):
        return
    maker = Maker(task, name)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            while works := connection.recv():
                connection.send([maker.make(work) for work in works])
            maker.finish()
            connection.send([])
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except OSError as error:
            connection.send(error.strerror or str(error))
        except Exception as error:  # noqa: BLE001 - the process that has the job tells of it
            connection.send(f"unexpected {type(error).__name__}; please report this")


def _ends_with(parent: int) -> bool:
    """Ask the kernel to end this process with its parent; return whether that is still there.

    An orphan would write into a folder that the next job has swept. Where the kernel cannot be
    asked it ends a little later, when it finds nobody to give an answer to.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent
