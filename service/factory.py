"""Builds the application of one process; uvicorn finds it by name."""

import logging
import os
from functools import partial

from starlette.applications import Starlette

from indexer.index.analysis import SNOWBALL
from service.admin import load_key
from service.app import create_app
from service.logs import log_event
from service.metrics import Metrics
from service.opening import options_of
from service.search.engine import open_searcher
from service.search.everyday import everyday_words
from service.search.live import LiveIndex
from service.settings import load

LOG = logging.getLogger(__name__)


def build() -> Starlette:
    """Return the application as the environment configures it."""
    settings = load(os.environ)
    metrics = Metrics()
    for language in SNOWBALL:
        everyday_words(language)  # now, and not while the first visitor waits
    options = options_of(settings, _refuse, metrics.fell_back)
    live = LiveIndex(settings.index, partial(open_searcher, options=options))
    return create_app(settings, live, load_key(os.environ, settings.admin_key_file), metrics)


def _refuse(problem: str) -> None:
    """Say that the site's own names were not taken; the lexicon before stays in force."""
    log_event(LOG, logging.WARNING, "lexicon-refused", problem=problem)
