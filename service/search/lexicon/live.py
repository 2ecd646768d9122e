"""The lexicon in force: an operator's file is read again when it changes, and never by halves."""

import time
from collections.abc import Callable
from pathlib import Path

from service.search.lexicon.loader import load_lexicon
from service.search.lexicon.lookup import Lexicon
from service.search.watched import WatchedFile


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
        self._file = WatchedFile(own, load_lexicon, load_lexicon(), on_problem, clock)

    def current(self) -> Lexicon:
        """Return the lexicon in force; reads the operator's file if it changed."""
        return self._file.current()
