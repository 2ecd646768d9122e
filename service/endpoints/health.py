"""``/healthz``, ``/readyz`` and ``/metrics``: what those ask who watch the service."""

from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
from service.metrics import MEDIA_TYPE
from service.models import Health, Readiness
from service.problems import index_unavailable
from service.search.response import IndexInfo


async def healthz(_: Request) -> Response:
    """Say that the process is alive; it does not look at the index."""
    return Response(msgspec.json.encode(Health()), media_type="application/json")


async def readyz(request: Request) -> Response:
    """Say whether searches can be answered, from which index, and what is in the way."""
    status = context_of(request).live.status
    if status.info is None:
        raise index_unavailable(status.problem)
    age = round(_age(status.info), 1)
    body = Readiness(index=status.info, age_seconds=age, warning=status.problem)
    return Response(msgspec.json.encode(body), media_type="application/json")


async def metrics(request: Request) -> Response:
    """Say what has been counted, in Prometheus' text format."""
    context = context_of(request)
    info = context.live.status.info
    index = (info.articles, _age(info)) if info else (None, None)
    return Response(context.metrics.text(*index), headers={"Content-Type": MEDIA_TYPE})


def _age(info: IndexInfo) -> float:
    """Return the seconds since an index was built."""
    built_at = info.built_at
    if built_at.tzinfo is None:
        built_at = built_at.replace(tzinfo=UTC)
    return max(0.0, (datetime.now(UTC) - built_at).total_seconds())
