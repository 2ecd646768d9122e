"""Builds the application of one process; uvicorn finds it by name."""

import os
from functools import partial

from starlette.applications import Starlette

from service.admin import load_key
from service.app import create_app
from service.metrics import Metrics
from service.search.engine import open_searcher
from service.search.live import LiveIndex
from service.search.options import Options
from service.settings import load


def build() -> Starlette:
    """Return the application as the environment configures it."""
    settings = load(os.environ)
    metrics = Metrics()
    open_as_set = partial(
        open_searcher,
        options=Options(seconds=settings.search_seconds, on_fallback=metrics.fell_back),
    )
    live = LiveIndex(settings.index, open_as_set)
    return create_app(settings, live, load_key(os.environ, settings.admin_key_file), metrics)
