"""Notices and rules in force: the operator's files are read again when they change."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from indexer.errors import EditorialError
from service.search.editorial.advice import Editorial
from service.search.editorial.loader import load_notices, shipped_notices
from service.search.editorial.notices import NO_NOTICES, NoticeBook
from service.search.editorial.rules import Rule, RuleBook
from service.search.today import utc_today
from service.search.watched import WatchedFile

OFF = "off"
"""In place of a file of notices: there are none."""


class _Made(NamedTuple):
    """What the editors say, and what it was made of."""

    notices: NoticeBook
    rules: tuple[Rule, ...]
    day: date
    editorial: Editorial


@dataclass(frozen=True)
class EditorialFiles:
    """What an operator names.

    Attributes:
        rules: the file of pinned and hidden results, if there is one.
        notices: a file of notices in place of the shipped one, or ``off``.
        country: whose numbers the notices show; none if it is empty.
    """

    rules: Path | None = None
    notices: Path | None = None
    country: str = ""


class LiveEditorial:
    """Holds what the editors say, and renews it. Safe to use from several threads."""

    def __init__(
        self,
        files: EditorialFiles,
        on_problem: Callable[[str, str], None],
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = utc_today,
    ) -> None:
        """Read the files.

        Args:
            files: what the operator names.
            on_problem: told ``editorial`` or ``notices`` and what is wrong with that file, while
                what was before stays in force; and by an empty text that it is good again.
            clock: in seconds.
            today: which day it is, by which some rules are no longer in force.
        """
        self._country = files.country
        self._today = today
        is_off = str(files.notices) == OFF
        self._notices = WatchedFile(
            None if is_off else files.notices,
            load_notices,
            NO_NOTICES if is_off else shipped_notices(),
            partial(on_problem, "notices"),
            clock,
        )
        none: tuple[Rule, ...] = ()
        self._rules = WatchedFile(
            files.rules, _RulesReader().read, none, partial(on_problem, "editorial"), clock
        )
        self._made = self._make()

    def current(self) -> Editorial:
        """Return what is in force; reads the files that changed."""
        made = self._made
        notices, rules = self._notices.current(), self._rules.current()
        is_old = notices is not made.notices or rules is not made.rules
        if is_old or self._today() != made.day:
            self._made = made = self._make()
        return made.editorial

    def _make(self) -> _Made:
        notices, rules, day = self._notices.current(), self._rules.current(), self._today()
        return _Made(notices, rules, day, Editorial(notices, rules, self._country, day))


class _RulesReader:
    """Reads the file of rules. It need not be there at first, but must not be lost."""

    def __init__(self) -> None:
        self._was_there = False

    def read(self, path: Path) -> tuple[Rule, ...]:
        rules = RuleBook(path).rules()  # first: it says what is wrong with a path
        is_there = path.exists()
        if self._was_there and not is_there:
            raise EditorialError(f"{path}: the file is gone.")
        self._was_there = is_there
        return rules
