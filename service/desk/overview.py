"""The first page: what is served, what is in the way, and what was done last."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread
from starlette.responses import Response

from indexer.errors import AnalyticsError, IndexFolderError
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from service.answers import VERSION
from service.context import Context
from service.desk.visit import Visit
from service.metrics import FILES

LAST_JOBS = 5


@dataclass(frozen=True)
class Disk:
    """The disk that the index folder is on, in bytes."""

    free: int
    total: int


async def overview(visit: Visit) -> Response:
    """Show how the service is."""
    context = visit.context
    folder = context.settings.index
    return visit.page(
        "overview.html",
        here="overview",
        status_of_index=context.live.status,
        live=await to_thread.run_sync(_live, folder),
        disk=await to_thread.run_sync(_disk, folder),
        jobs=await to_thread.run_sync(lambda: context.book.recent(limit=LAST_JOBS)),
        searches=context.metrics.searches(),
        today=await to_thread.run_sync(_today, context),
        warnings=_warnings(context),
        uptime=time.monotonic() - context.started,
        settings=context.settings,
        version=VERSION,
    )


def _today(context: Context) -> int | None:
    """Return how many searches there were today (UTC), where they are counted."""
    if not context.analytics.is_on:
        return None
    with suppress(AnalyticsError):
        return context.analytics.report(1).searches
    return None


def _live(folder: Path) -> Generation | None:
    """Return the generation that should be served, if it can be read."""
    try:
        return GenerationStore(folder).live()
    except IndexFolderError:
        return None


def _disk(folder: Path) -> Disk | None:
    """Return the space of the index's disk, if it can be told."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(usage.free, usage.total)


def _warnings(context: Context) -> list[str]:
    """Return what the operator has to see to, beside the index."""
    refused = [
        f"{FILES[name].capitalize()} is refused: {problem} What was read before holds."
        for name, problem in context.metrics.refused.items()
    ]
    if context.metrics.analytics_are_failing:
        return [*refused, "What visitors search for cannot be written down; the log says why."]
    return refused
