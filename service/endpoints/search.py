"""``/v1/search``: the query API."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
from service.parameters import from_json, from_query_string
from service.problems import ProblemError
from service.search.request import SearchRequest


async def search(request: Request) -> Response:
    """Answer a search, asked by GET or POST."""
    answer = await context_of(request).search(await _read(request))
    return Response(msgspec.json.encode(answer), media_type="application/json")


async def _read(request: Request) -> SearchRequest:
    if request.method != "POST":
        return from_query_string(request.query_params)
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise ProblemError("unsupported-media-type")
    return from_json(await request.body())
