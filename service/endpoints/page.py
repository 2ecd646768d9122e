"""``/``: the search page. Its form works without JavaScript."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from indexer.errors import IndexFolderError, Overloaded
from service.analytics.counts import facts_of
from service.context import context_of
from service.problems import RETRY_AFTER_SECONDS
from service.web.form import PageForm, read_form


async def search_page(request: Request) -> Response:
    """Send the search page, with results if something was asked for."""
    context = context_of(request)
    form = read_form(request.query_params, request.headers.get("accept-language", ""))
    if form.query is None:
        status = 422 if form.too_long else 200
        return HTMLResponse(context.pages.search(form), status, headers=_headers(form))
    try:
        answer = await context.answers.search(form.query)
    except (IndexFolderError, Overloaded):
        headers = {**_headers(form), "Retry-After": str(RETRY_AFTER_SECONDS)}
        return HTMLResponse(context.pages.search(form, unavailable=True), 503, headers)
    await context.access.spend(request, answer.took_ms / 1000)
    visitor = context.analytics.client(request.scope)
    context.analytics.searched(facts_of(form.query, answer), visitor)
    return HTMLResponse(context.pages.search(form, answer), headers=_headers(form))


def _headers(form: PageForm) -> dict[str, str]:
    return {"Content-Language": form.lang, "Vary": "Accept-Language"}
