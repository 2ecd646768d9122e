"""``/healthz``, ``/readyz`` and ``/metrics``: what those ask who watch the service."""

from pathlib import Path

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from indexer.errors import IndexUnwritable
from indexer.index.outcomes import outcomes_in
from service.context import context_of
from service.gauges import Gauge, age_seconds, of_analytics, of_cache, of_index, of_jobs
from service.metrics import MEDIA_TYPE
from service.models import Health, Readiness
from service.problems import index_unavailable


async def healthz(_: Request) -> Response:
    """Say that the process is alive; it does not look at the index."""
    return Response(msgspec.json.encode(Health()), media_type="application/json")


async def readyz(request: Request) -> Response:
    """Say whether searches can be answered, from which index, and what is in the way."""
    status = context_of(request).live.status
    if status.info is None:
        raise index_unavailable(status.problem)
    age = round(age_seconds(status.info), 1)
    body = Readiness(index=status.info, age_seconds=age, warning=status.problem)
    return Response(msgspec.json.encode(body), media_type="application/json")


async def metrics(request: Request) -> Response:
    """Say what has been counted, in Prometheus' text format."""
    context = context_of(request)
    now = [
        *of_index(context.live.status.info),
        *of_cache(*context.answers.kept_size),
        *of_analytics(
            is_on=context.analytics.is_on, is_failing=context.metrics.analytics_are_failing
        ),
        *await to_thread.run_sync(_jobs, context.settings.index),
    ]
    text = await to_thread.run_sync(context.metrics.text, now)  # of several processes: files
    return Response(text, headers={"Content-Type": MEDIA_TYPE})


def _jobs(folder: Path) -> tuple[Gauge, ...]:
    """Return what is told of the index's jobs; nothing where there are none, or none readable."""
    try:
        outcomes = outcomes_in(folder)
    except IndexUnwritable:
        return ()
    return of_jobs(outcomes) if outcomes else ()
