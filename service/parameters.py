"""From a query string or a JSON body to what is asked, or to a problem that says why not."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from service.decoding import body_fields, converted, invalid, query_fields
from service.search.blank import is_blank
from service.search.request import MAX_QUERY_CHARS, MAX_WINDOW, RelatedRequest, SearchRequest
from service.search.suggest.suggestion import MAX_TYPED_CHARS, SuggestRequest

LISTS = ("topic", "language", "audience", "publisher", "facets", "fields")
"""Fields that a query string may repeat."""

NAMES = ("facets", "fields")
"""Lists of names of ours, which a query string may also hold with commas between."""


async def read_search(request: Request) -> SearchRequest:
    """Read a search, asked by GET or POST.

    Raises:
        ProblemError: it is malformed, or a field is unknown or has no usable value.
    """
    if request.method == "POST":
        return search_of(await body_fields(request, SearchRequest), strict=True)
    fields = query_fields(request.query_params, SearchRequest, LISTS)
    for name in NAMES:
        if name in fields:
            said = (each.strip() for text in fields[name] for each in text.split(","))
            fields[name] = [each for each in said if each]
    return search_of(fields, strict=False)


def read_related(request: Request) -> RelatedRequest:
    """Read which articles that are like one are wanted.

    Raises:
        ProblemError: a parameter is unknown or has no usable value.
    """
    fields = query_fields(request.query_params, RelatedRequest, LISTS)
    return converted(fields, RelatedRequest, strict=False)


async def read_suggest(request: Request) -> SuggestRequest:
    """Read what is to be completed, asked by GET or POST.

    Raises:
        ProblemError: it is malformed, or a field is unknown or has no usable value.
    """
    is_post = request.method == "POST"
    if is_post:
        fields = await body_fields(request, SuggestRequest)
    else:
        fields = query_fields(request.query_params, SuggestRequest, LISTS)
    _check_query(fields.get("q", ""), MAX_TYPED_CHARS)
    return converted(fields, SuggestRequest, strict=is_post)


def search_of(fields: Mapping[str, Any], *, strict: bool = True) -> SearchRequest:
    """Return the search that some fields ask for.

    Raises:
        ProblemError: a field has no usable value.
    """
    _check_query(fields.get("q", ""), MAX_QUERY_CHARS)
    request = converted(fields, SearchRequest, strict=strict)
    if request.page * request.per_page > MAX_WINDOW and not request.cursor:
        raise invalid("/page", f"page * per_page may be {MAX_WINDOW} at most; see next_cursor.")
    return request


def _check_query(query: object, most: int) -> None:
    if not isinstance(query, str):
        return  # a wrong type is told like that of any other field
    if len(query) > most:
        detail = f"A query may have {most} characters at most."
        raise invalid("/q", detail, "query-too-long")
    if is_blank(query):
        raise invalid("/q", "Say what to search for.", "query-empty")
