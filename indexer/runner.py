"""The process beside the service that does the jobs of the book.

Changes to single articles it makes itself, within a fraction of a second. A reindex gets a process
of its own, so that neither the service nor the changes wait for it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from indexer.edits import article_of_edit, edit_live
from indexer.errors import HealthSearchError, IndexLocked, JobUnknown, ModelError, PageError
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.jobs import KILLED, JobBook
from indexer.index.lock import RUNNER_LOCK, WRITER_LOCK, is_locked, lock_folder
from indexer.index.vectors.embedder import Embedder, open_embedder

POLL_SECONDS = 0.1
"""How often to look into the book; a look takes a fraction of a millisecond."""

BATCH = 200
"""Changes that are made at once: each may hold a megabyte of text."""

RETRY_SECONDS = 5.0
"""How long to wait before a change is tried again that the index did not take."""

STOP_SECONDS = 10.0
"""How long a reindex may take to stop cleanly."""

DEAD_SECONDS = 2.0
"""How long a job must have been without its lock to count as dead: one that ends lets go of the
lock just before it says so."""


class Runner:
    """Does the jobs of one index folder; one runner a folder."""

    def __init__(self, folder: Path, flags: Sequence[str], complain: Callable[[str], None]) -> None:
        """Take the folder, the flags that every reindex gets, and who hears of trouble."""
        self._complain = complain
        self._folder = folder
        self._flags = tuple(flags)
        self._book = JobBook(folder)
        self._store = GenerationStore(folder)
        self._child: subprocess.Popen[bytes] | None = None
        self._job = 0
        self._not_before = 0.0
        self._suspects: dict[int, float] = {}

    def run(self, parent: int) -> None:
        """Work until the process ``parent``, which started this one, is gone, or it is stopped."""
        try:
            while os.getppid() == parent:
                with suppress(IndexLocked), lock_folder(self._folder, RUNNER_LOCK):
                    while os.getppid() == parent:
                        self.step()
                        time.sleep(POLL_SECONDS)
                time.sleep(RETRY_SECONDS / 5)
        finally:
            self._stop_child("The service stopped; ask again.")

    def step(self) -> None:
        """Look into the book once and do what is due."""
        if time.monotonic() < self._not_before:
            return
        # First what may mend the index: changes to an index of another version wait for a reindex.
        for task in (self._follow, self._edit):
            try:
                task()
            except HealthSearchError as error:
                # A full disk, a damaged index: what was accepted waits until it can be done.
                self._wait(str(error))
            except Exception as error:  # noqa: BLE001 - a running reindex may mend it: do not end it
                self._wait(f"Unexpected {type(error).__name__}; please report this.")

    def _wait(self, reason: str) -> None:
        self._complain(reason)
        self._not_before = time.monotonic() + RETRY_SECONDS

    def _edit(self) -> None:
        waiting = [job.id for job in self._book.unfinished("put", "delete")][:BATCH]
        if not waiting:
            return
        begun = self._book.begin_edits(waiting)
        edits = [edit for edit in self._book.edits(begun) if self._is_sound(edit)]
        numbers = [edit.job for edit in edits]

        def note(generation: Generation) -> None:
            self._book.end(numbers, "succeeded", made=generation.name)

        try:
            if edits:
                edit_live(self._store, edits, note, lambda: self._embedder)
        except BaseException:
            self._book.put_back(numbers)
            raise

    @cached_property
    def _embedder(self) -> Embedder | None:
        """The sentence model, loaded when an index with vectors changes; None without it."""
        try:
            return open_embedder()
        except ModelError as error:
            self._complain(f"Changed articles are not ranked by meaning: {error}")
            return None

    def _is_sound(self, edit: Edit) -> bool:
        if edit.fields is None:
            return True
        try:
            article_of_edit(edit)
        except PageError as error:
            self._book.end([edit.job], "failed", str(error))
            return False
        except Exception as error:  # noqa: BLE001 - one that trips a bug must not hold up the others
            reason = f"Unexpected {type(error).__name__}; please report this article."
            self._book.end([edit.job], "failed", reason)
            return False
        return True

    def _follow(self) -> None:
        """Start a reindex that waits, stop one that is canceled, note one that died."""
        if self._child and self._child.poll() is not None:
            self._bury("The process of this job ended without a word. Is one of its flags wrong?")
        for job in self._book.unfinished("reindex"):
            if job.state == "enqueued" and not self._child:
                self._start(job.id)
            elif job.is_canceled and job.id == self._job:
                self._stop_child("Stopped as asked.")
            elif job.state == "processing" and job.id != self._job:
                self._suspect(job.id)

    def _suspect(self, number: int) -> None:
        """Note that a job of another process is dead, if it is."""
        if is_locked(self._folder, WRITER_LOCK):
            self._suspects.pop(number, None)
        elif time.monotonic() - self._suspects.setdefault(number, time.monotonic()) > DEAD_SECONDS:
            self._end_dead(number, KILLED)

    def _start(self, number: int) -> None:
        command = [sys.executable, "-m", "indexer", "reindex", "--job", str(number)]
        command += ["--index", str(self._folder), *self._flags]
        self._job = number
        self._child = subprocess.Popen(  # noqa: S603 - our own program and the operator's flags
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _stop_child(self, reason: str) -> None:
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._bury(reason)

    def _bury(self, reason: str) -> None:
        self._end_dead(self._job, reason)
        self._child, self._job = None, 0

    def _end_dead(self, number: int, reason: str) -> None:
        with suppress(JobUnknown):
            job = self._book.get(number)
            if job.finished_at is None:
                self._book.end([number], "canceled" if job.is_canceled else "failed", reason)
