"""The lexicon in force: an operator's file is read again when it changes, and never by halves."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from indexer.errors import LexiconError
from service.search.lexicon.loader import load_lexicon
from service.search.lexicon.lookup import Lexicon

SECONDS = 1.0
"""How often the file is looked at, at most."""

_Mark = tuple[int, int] | None


class LiveLexicon:
    """Holds a lexicon and renews it. Safe to use from several threads.

    A bad file is told of once and leaves the lexicon in force that was; at the start that is the
    shipped one. That it is good again is told of as well, by an empty text.
    """

    def __init__(
        self,
        own: Path | None,
        on_problem: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._own = own
        self._on_problem = on_problem
        self._clock = clock
        self._lock = threading.Lock()
        self._lexicon = load_lexicon()
        self._mark: _Mark = None
        self._is_refused = False
        self._due = clock() + SECONDS
        if own:
            self._mark = _mark(own)
            self._read(own)

    def current(self) -> Lexicon:
        """Return the lexicon in force; reads the operator's file if it changed."""
        if self._own and self._clock() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._look(self._own)
            finally:
                self._lock.release()
        return self._lexicon

    def _look(self, own: Path) -> None:
        self._due = self._clock() + SECONDS
        mark = _mark(own)  # Before the file is read: what changes it after that is seen next time.
        if mark != self._mark:
            self._mark = mark
            self._read(own)

    def _read(self, own: Path) -> None:
        try:
            self._lexicon = load_lexicon(own)
        except LexiconError as error:
            self._is_refused = True
            self._on_problem(str(error))
            return
        if self._is_refused:
            self._is_refused = False
            self._on_problem("")


def _mark(path: Path) -> _Mark:
    """Return what tells a file from another state of it; nothing if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
