"""From a query string or a JSON body to what is asked, or to a problem that says why not."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from service.decoding import body_fields, converted, invalid, query_fields
from service.search.request import MAX_QUERY_CHARS, MAX_WINDOW, SearchRequest
from service.search.suggest.suggestion import MAX_TYPED_CHARS, SuggestRequest

LISTS = ("topic", "language")
"""Fields that a query string may repeat."""

VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
"""What a query must hold at least once: anything but white space and control characters."""

_VISIBLE = re.compile(VISIBLE)


async def read_search(request: Request) -> SearchRequest:
    """Read a search, asked by GET or POST.

    Raises:
        ProblemError: it is malformed, or a field is unknown or has no usable value.
    """
    if request.method == "POST":
        return _search(await body_fields(request, SearchRequest), strict=True)
    return _search(query_fields(request.query_params, SearchRequest, LISTS), strict=False)


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


def is_blank(text: str) -> bool:
    """Return whether a text holds nothing to see, or to search for."""
    return not _VISIBLE.search(text)


def _search(fields: Mapping[str, Any], *, strict: bool) -> SearchRequest:
    _check_query(fields.get("q", ""), MAX_QUERY_CHARS)
    request = converted(fields, SearchRequest, strict=strict)
    if request.page * request.per_page > MAX_WINDOW:
        raise invalid("/page", f"page * per_page may be {MAX_WINDOW} at most.")
    return request


def _check_query(query: object, most: int) -> None:
    if not isinstance(query, str):
        return  # a wrong type is told like that of any other field
    if len(query) > most:
        detail = f"A query may have {most} characters at most."
        raise invalid("/q", detail, "query-too-long")
    if is_blank(query):
        raise invalid("/q", "Say what to search for.", "query-empty")
