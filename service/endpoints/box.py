"""The search box for other sites: its script, how to paste it, and the search for browsers."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from service.conditional import is_known
from service.context import context_of
from service.endpoints.documents import REVALIDATE
from service.search.blank import is_blank
from service.search.suggest.suggestion import MAX_TYPED_CHARS, SuggestRequest
from service.web.addresses import base_address
from service.web.texts import choose_language

SUGGESTIONS = "application/x-suggestions+json"
"""The media type of the suggestions that browsers ask for (OpenSearch Suggestions 1.1)."""

SCRIPT_HEADERS = {
    # An hour without a question, and a day in which an old one may stand in: sites load it on
    # every page, and a new version of the service need not be there at once.
    "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}

_GZIP = re.compile(
    r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)", re.IGNORECASE
)
"""How an ``Accept-Encoding`` says that gzip is welcome."""


async def search_box(request: Request) -> Response:
    """Send the script that defines ``<health-search>``."""
    box = context_of(request).pages.box
    headers = {**SCRIPT_HEADERS, "ETag": box.etag}
    if is_known(box.etag, request.headers.getlist("if-none-match")):
        return Response(status_code=304, headers=headers)
    if _GZIP.search(request.headers.get("accept-encoding", "")):  # packed once, and well
        headers["Content-Encoding"] = "gzip"
        return Response(box.gzipped, headers=headers, media_type="text/javascript")
    return Response(box.script, headers=headers, media_type="text/javascript")


async def embed(request: Request) -> Response:
    """Send the page that says how a site shows the box."""
    return HTMLResponse(context_of(request).pages.embed(_base(request)), headers=REVALIDATE)


async def opensearch(request: Request) -> Response:
    """Send the description by which a browser adds the site's search."""
    lang = choose_language("", request.headers.get("accept-language", ""))
    body = context_of(request).pages.opensearch(_base(request), lang)
    media_type = "application/opensearchdescription+xml"
    headers = {**REVALIDATE, "Vary": "Accept-Language"}
    return Response(body, headers=headers, media_type=media_type)


async def opensearch_suggest(request: Request) -> Response:
    """Complete what is typed into a browser's search field. What cannot be has no completions."""
    typed = request.query_params.get("q", "")
    texts: list[str] = []
    if len(typed) <= MAX_TYPED_CHARS and not is_blank(typed):
        answer = await context_of(request).answers.suggest(SuggestRequest(typed))
        texts = [each.text for each in answer.suggestions]
    return Response(msgspec.json.encode((typed, texts)), media_type=SUGGESTIONS)


def _base(request: Request) -> str:
    return base_address(context_of(request).settings.public_url, request.scope)
