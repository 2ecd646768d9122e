"""The live index: the searcher of the newest generation, swapped without dropping a request.

Where nothing is served yet, a generation is served after a look at its files, and the big ones are
read beside the searches: a service of a big index is back at once after a restart. Where one is
served, the next takes its place only once all of it was read: damage displaces nothing.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexFolderError, IndexMissing
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from service.search.audit import Audit
from service.search.response import IndexInfo
from service.search.searcher import Searcher

OpenSearcher = Callable[[Generation], Searcher]


@dataclass(frozen=True)
class IndexStatus:
    """What is being served, and what stands in the way of the newest generation.

    ``info`` is None while nothing can be served. ``problem`` is one line, or empty.
    """

    info: IndexInfo | None
    problem: str


RETRY_SECONDS = 5.0
"""How long a generation that was refused is left alone: checking it may read much of it."""


@dataclass(frozen=True)
class _Refusal:
    """A generation that was refused, and until when (monotonic) it is not tried again."""

    name: str
    until: float

    def holds(self, name: str) -> bool:
        return self.name == name and time.monotonic() < self.until


class _Lease:
    """A searcher with the number of requests on it; closed by the last one after it is retired."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self._users = 0
        self._retired = False
        self._lock = threading.Lock()

    def acquire(self) -> bool:
        with self._lock:
            if self._retired:
                return False
            self._users += 1
            return True

    def release(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._retired and self._users == 0
        if last:
            self.searcher.close()

    def retire(self) -> None:
        with self._lock:
            self._retired = True
            idle = self._users == 0
        if idle:
            self.searcher.close()


class LiveIndex:
    """Serves the folder's current generation; ``refresh`` moves on to a newer one.

    A generation that cannot be opened or is damaged never takes the place of one that is served.
    """

    def __init__(
        self,
        folder: Path,
        open_searcher: OpenSearcher,
        retry_seconds: float = RETRY_SECONDS,
        audit: Audit | None = None,
    ) -> None:
        self._retry_seconds = retry_seconds
        self._store = GenerationStore(folder)
        self._open_searcher = open_searcher
        self._audit = audit or Audit()
        self._unread: Generation | None = None
        self._lease: _Lease | None = None
        self._problem = f"No index has been opened yet in {folder}."
        self._refreshing = threading.Lock()
        self._refused = _Refusal("", 0.0)

    @property
    def status(self) -> IndexStatus:
        """What is being served now."""
        lease = self._lease
        return IndexStatus(lease.searcher.info if lease else None, self._problem)

    def refresh(self) -> bool:
        """Open the current generation if it is not the one served; return whether it changed.

        The first call after a quick opening reads what was opened, which takes its time; where it
        is damaged, nothing is served any more. Never raises for a bad index: the reason stands in
        ``status.problem``.
        """
        with self._refreshing:
            try:
                self._read_served()
                searcher = self._open_newer()
            except IndexFolderError as error:
                self._problem = str(error)
                return False
            except (OSError, ValueError) as error:
                self._problem = f"The index cannot be opened ({type(error).__name__}: {error})."
                return False
            if searcher is None:
                return False
            self._serve(_Lease(searcher))
            self._problem = ""
        return True

    def _serve(self, lease: _Lease | None) -> None:
        """Serve this from now on, or nothing; what was served before is closed when it is idle."""
        retired, self._lease = self._lease, lease
        if retired:
            retired.retire()

    def _read_served(self) -> None:
        """Read the generation that is served if that has not been done; withdraw a damaged one."""
        if self._unread is None:
            return
        generation, self._unread = self._unread, None
        try:
            self._audit.check(generation)
        except IndexFolderError:
            self._serve(None)
            self._refuse(generation.name)
            raise

    def _open_newer(self) -> Searcher | None:
        """Return a searcher on the current generation, or None if there is nothing to change."""
        name = self._store.current_name()
        if self._lease is not None and self._lease.searcher.info.generation == name:
            self._problem = ""
            return None
        if self._refused.holds(name):
            return None
        try:
            return self._open(name)
        except (IndexFolderError, OSError, ValueError):
            self._refuse(name)
            raise

    def _open(self, name: str) -> Searcher | None:
        generation = self._store.open_quickly(name)
        is_urgent = self._lease is None and name != self._refused.name
        if not is_urgent and not self._audit.check(generation):
            return None
        searcher = self._open_searcher(generation)
        self._unread = generation if is_urgent else None
        return searcher

    def _refuse(self, name: str) -> None:
        self._refused = _Refusal(name, time.monotonic() + self._retry_seconds)

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """Lend the current searcher for one request.

        Raises:
            IndexMissing: nothing can be served.
        """
        while (lease := self._lease) is not None:
            if lease.acquire():
                break
        else:
            raise IndexMissing(self._problem)
        try:
            yield lease.searcher
        finally:
            lease.release()

    def close(self) -> None:
        """Stop serving; running requests finish first."""
        self._audit.stop()
        with self._refreshing:
            self._serve(None)
            self._problem = "The index is closed."
