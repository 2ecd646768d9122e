"""How the service opens an index: by its settings, with what they name beside it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from service.logs import log_event
from service.search.editorial.advice import Editorial
from service.search.editorial.live import EditorialFiles, LiveEditorial
from service.search.editorial.notices import EMERGENCY
from service.search.lexicon import LiveLexicon
from service.search.options import Options, options_for
from service.search.tuning import DEFAULT
from service.settings import Settings

LOG = logging.getLogger(__name__)


def options_of(
    settings: Settings,
    on_problem: Callable[[str, str], None],
    on_fallback: Callable[[], None] = lambda: None,
) -> Options:
    """Return how to search by some settings.

    Args:
        settings: of the service.
        on_problem: told ``lexicon``, ``editorial`` or ``notices`` and why that file is not taken,
            while what was before stays in force; and by an empty text that it is taken again.
        on_fallback: called for each query that Whoosh's own matchers score.

    Raises:
        ModelError: ranking by meaning is asked for, and its parts are not installed.
    """
    files = EditorialFiles(settings.editorial, settings.notices, settings.country)
    return replace(
        options_for(replace(DEFAULT, semantic=settings.semantic)),
        seconds=settings.search_seconds,
        on_fallback=on_fallback,
        lexicon=LiveLexicon(settings.lexicon, partial(on_problem, "lexicon")).current,
        editorial=LiveEditorial(files, on_problem).current,
    )


def missing_numbers(editorial: Editorial) -> str:
    """Return for what the notices name nobody in their country; empty if nothing is missing."""
    if not (kinds := editorial.lacking):
        return ""
    instead = "Notices say 'your local emergency number' instead. " if EMERGENCY in kinds else ""
    return (
        f"The notices have no number of {editorial.country} for {', '.join(kinds)}. {instead}"
        "Add it to a file of your own (--notices)."
    )


def log_missing_numbers(editorial: Editorial) -> None:
    """Say in the log what numbers are missing; that for emergencies is worth a warning."""
    if problem := missing_numbers(editorial):
        level = logging.WARNING if EMERGENCY in editorial.lacking else logging.INFO
        log_event(LOG, level, "notices-without-numbers", problem=problem)
