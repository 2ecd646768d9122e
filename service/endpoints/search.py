"""``/v1/search``: the query API."""

from starlette.requests import Request
from starlette.responses import Response

from service.analytics.counts import facts_of
from service.answers import canonical
from service.conditional import is_known
from service.context import Context, context_of
from service.parameters import read_search


async def search(request: Request) -> Response:
    """Answer a search. One by GET has an entity tag, and a caller that shows it gets a 304."""
    asked = canonical(await read_search(request))
    context = context_of(request)
    if asked.explain:
        check_may_explain(request, context)
    visitor = context.analytics.client(request.scope)
    is_get = request.method != "POST"
    if is_get and (shown := request.headers.getlist("if-none-match")):
        etag = context.answers.etag(asked)
        if is_known(etag, shown):
            context.metrics.searched("not-modified")
            context.analytics.searched(facts_of(asked), visitor)
            return Response(status_code=304, headers={"ETag": etag})
    answer = await context.answers.find(asked)
    await context.access.spend(request, answer.seconds)
    context.analytics.searched(answer.facts, visitor)
    if not (is_get and answer.etag):
        return Response(answer.body, media_type="application/json")
    if not asked.explain:  # what is spelled is answered before anybody is asked for a key
        context.answers.spell(request.scope["query_string"], asked)
    return Response(answer.body, headers={"ETag": answer.etag}, media_type="application/json")


def check_may_explain(request: Request, context: Context) -> None:
    """Check that the request may be told where scores come from.

    Raises:
        ProblemError: it may not.
    """
    if not context.settings.explain:
        context.access.check(request, "admin")
