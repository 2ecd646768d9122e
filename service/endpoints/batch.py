"""``/v1/search:batch``: many searches in one request."""

from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from service.answers import canonical
from service.context import context_of
from service.decoding import body_fields, invalid, known_fields
from service.endpoints.search import check_may_explain
from service.models import MAX_SEARCHES, Batch
from service.parameters import search_of
from service.problems import ProblemError
from service.search.request import SearchRequest


async def search_batch(request: Request) -> Response:
    """Answer searches one after the other, so that a batch holds up nobody else."""
    fields = await body_fields(request, Batch)
    asked = [_search(place, each) for place, each in enumerate(_searches(fields))]
    context = context_of(request)
    if any(each.explain for each in asked):
        check_may_explain(request, context)
    at_once = context.access.at_once(request)
    if at_once is not None and len(asked) > at_once:
        raise invalid("/searches", f"Your limit lets {at_once} searches through at once.")
    await context.access.charge(request, len(asked))
    answers: list[msgspec.Raw] = []
    for each in asked:
        if await request.is_disconnected():  # nobody reads the rest, and each may take seconds
            raise ClientDisconnect
        answer = await context.answers.find(each)
        await context.access.spend(request, answer.seconds)
        answers.append(msgspec.Raw(answer.body))
    return Response(msgspec.json.encode({"answers": answers}), media_type="application/json")


def _searches(fields: dict[str, Any]) -> list[Any]:
    searches = fields.get("searches")
    if not isinstance(searches, list) or not 1 <= len(searches) <= MAX_SEARCHES:
        raise invalid("/searches", f"Expected a list of 1 to {MAX_SEARCHES} searches.")
    return searches


def _search(place: int, fields: Any) -> SearchRequest:
    """Return one of the searches, or the problem with it, which names it."""
    where = f"/searches/{place}"
    if not isinstance(fields, dict):
        raise invalid(where, "Expected an object.")
    try:
        return canonical(search_of(known_fields(fields, SearchRequest)))
    except ProblemError as error:
        raise error.within(where) from None
