"""``/v1/suggest``: completions while somebody types."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.answers import tag_of
from service.conditional import is_known
from service.context import context_of
from service.parameters import read_suggest
from service.search.suggest.suggestion import SuggestRequest


async def suggest(request: Request) -> Response:
    """Complete what was typed. Answers are not kept here: to make one costs hardly more.

    One by GET has an entity tag, and a caller that shows it gets a 304.
    """
    asked = await read_suggest(request)
    context = context_of(request)
    context.analytics.suggested(context.analytics.client(request.scope))
    headers = _tag(request, asked)
    if headers and is_known(headers["ETag"], request.headers.getlist("if-none-match")):
        return Response(status_code=304, headers=headers)
    answer = await context.answers.suggest(asked)
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


def _tag(request: Request, asked: SuggestRequest) -> dict[str, str]:
    index = context_of(request).live.status.info
    if index is None or request.method == "POST":
        return {}
    return {"ETag": tag_of(index, "suggest", asked)}
