"""The live index: the searcher of the newest generation, swapped without dropping a request."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexFolderError, IndexMissing
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
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
"""How long a generation that could not be opened is left alone: checking it reads all of it."""


@dataclass(frozen=True)
class _Refusal:
    """A generation that could not be opened, and until when (monotonic) it is not tried again."""

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

    A generation that cannot be opened never takes the place of one that is being served.
    """

    def __init__(
        self, folder: Path, open_searcher: OpenSearcher, retry_seconds: float = RETRY_SECONDS
    ) -> None:
        self._retry_seconds = retry_seconds
        self._store = GenerationStore(folder)
        self._open_searcher = open_searcher
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

        Never raises for a bad index: the reason stands in ``status.problem``.
        """
        with self._refreshing:
            try:
                searcher = self._open_newer()
            except IndexFolderError as error:
                self._problem = str(error)
                return False
            except (OSError, ValueError) as error:
                self._problem = f"The index cannot be opened ({type(error).__name__}: {error})."
                return False
            if searcher is None:
                return False
            retired, self._lease, self._problem = self._lease, _Lease(searcher), ""
        if retired:
            retired.retire()
        return True

    def _open_newer(self) -> Searcher | None:
        """Return a searcher on the current generation, or None if there is nothing to change."""
        name = self._store.current_name()
        if self._lease is not None and self._lease.searcher.info.generation == name:
            self._problem = ""
            return None
        if self._refused.holds(name):
            return None
        try:
            return self._open_searcher(self._store.open(name))
        except (IndexFolderError, OSError, ValueError):
            self._refused = _Refusal(name, time.monotonic() + self._retry_seconds)
            raise

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
        with self._refreshing:
            lease, self._lease = self._lease, None
            self._problem = "The index is closed."
        if lease:
            lease.retire()
