"""``/v1/search``: the query API."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
from service.parameters import read_search


async def search(request: Request) -> Response:
    """Answer a search, asked by GET or POST."""
    answer = await context_of(request).search(await read_search(request))
    return Response(msgspec.json.encode(answer), media_type="application/json")
