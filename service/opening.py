"""How the service opens an index: by its settings, with what they name beside it."""

from collections.abc import Callable
from dataclasses import replace

from service.search.lexicon import LiveLexicon
from service.search.options import Options, options_for
from service.search.tuning import DEFAULT
from service.settings import Settings


def options_of(
    settings: Settings,
    on_problem: Callable[[str], None],
    on_fallback: Callable[[], None] = lambda: None,
) -> Options:
    """Return how to search by some settings.

    Args:
        settings: of the service.
        on_problem: told why the site's own names are not taken, while the lexicon before stays in
            force; and by an empty text that they are taken again.
        on_fallback: called for each query that Whoosh's own matchers score.

    Raises:
        ModelError: ranking by meaning is asked for, and its parts are not installed.
    """
    return replace(
        options_for(replace(DEFAULT, semantic=settings.semantic)),
        seconds=settings.search_seconds,
        on_fallback=on_fallback,
        lexicon=LiveLexicon(settings.lexicon, on_problem).current,
    )
