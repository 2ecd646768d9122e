"""Builds the application of one process; uvicorn finds it by name."""

import logging
import os
from functools import partial

from starlette.applications import Starlette

from indexer.index.analysis import SNOWBALL
from service.access.bootstrap import load_admin_key
from service.app import create_app
from service.logs import log_event
from service.metrics import Metrics
from service.opening import log_missing_numbers, options_of
from service.search.engine import open_searcher
from service.search.lexicon.everyday import everyday_words
from service.search.live import LiveIndex
from service.settings import load

LOG = logging.getLogger(__name__)


def build() -> Starlette:
    """Return the application as the environment configures it."""
    settings = load(os.environ)
    metrics = Metrics()
    for language in SNOWBALL:
        everyday_words(language)  # now, and not while the first visitor waits
    options = options_of(settings, partial(_tell, metrics), metrics.fell_back)
    log_missing_numbers(options.editorial())
    live = LiveIndex(settings.index, partial(open_searcher, options=options))
    return create_app(settings, live, load_admin_key(os.environ, settings.admin_key_file), metrics)


def _tell(metrics: Metrics, name: str, problem: str) -> None:
    """Say that a file of the operator's was refused, and what was stays in force; or mended."""
    metrics.file_refused(name, problem)
    if problem:
        log_event(LOG, logging.WARNING, f"{name}-refused", problem=problem)
    else:
        log_event(LOG, logging.INFO, f"{name}-mended")
