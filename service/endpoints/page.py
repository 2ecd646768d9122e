"""``/``: the search page. Its form works without JavaScript, and what is refused is a page too."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from indexer.errors import IndexFolderError, Overloaded
from service.access.limiter import Standing
from service.analytics.counts import facts_of
from service.context import Context, context_of
from service.problems import ProblemError, problem_of
from service.search.response import SearchResponse
from service.web.form import PageForm, read_form


async def search_page(request: Request) -> Response:
    """Send the search page, with results if something was asked for.

    It lets requests in by itself: a guard before it would answer visitors in JSON.
    """
    context = context_of(request)
    form = read_form(request.query_params, request.headers.get("accept-language", ""))
    try:
        await context.access.admit(request.scope, "search")
        answer = await _answer(request, context, form)
    except (ProblemError, IndexFolderError, Overloaded) as error:
        refused = problem_of(error)
        request.state.problem = refused.code  # for the log
        headers = {**_headers(request, form), **refused.headers}
        return HTMLResponse(context.pages.search(form, refused=refused), refused.status, headers)
    status = 422 if form.too_long else 200
    return HTMLResponse(context.pages.search(form, answer), status, _headers(request, form))


async def _answer(request: Request, context: Context, form: PageForm) -> SearchResponse | None:
    """Return what was found, if something was asked for, and count what it took."""
    if form.query is None:
        return None
    answer = await context.answers.search(form.query)
    await context.access.spend(request, answer.took_ms / 1000)
    visitor = context.analytics.client(request.scope)
    context.analytics.searched(facts_of(form.query, answer), visitor)
    return answer


def _headers(request: Request, form: PageForm) -> dict[str, str]:
    standing: Standing | None = request.scope["state"].get("standing")
    told = standing.headers() if standing else {}
    return {"Content-Language": form.lang, "Vary": "Accept-Language", **told}
