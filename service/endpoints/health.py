"""``/healthz`` and ``/readyz``: what a supervisor or a load balancer asks."""

from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
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
    built_at = status.info.built_at
    if built_at.tzinfo is None:
        built_at = built_at.replace(tzinfo=UTC)
    age = max(0.0, (datetime.now(UTC) - built_at).total_seconds())
    body = Readiness(index=status.info, age_seconds=round(age, 1), warning=status.problem)
    return Response(msgspec.json.encode(body), media_type="application/json")
