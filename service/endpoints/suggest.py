"""``/v1/suggest``: completions while somebody types."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
from service.parameters import read_suggest


async def suggest(request: Request) -> Response:
    """Complete what was typed. Answers are not kept: to make one costs hardly more."""
    asked = await read_suggest(request)
    context = context_of(request)
    answer = await context.answers.suggest(asked)
    context.analytics.suggested(context.analytics.client(request.scope))
    return Response(msgspec.json.encode(answer), media_type="application/json")
