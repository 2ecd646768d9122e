"""Who may see a page of the desk, and which forms are taken.

A form is taken from a page of our own only: the cookie is never sent from elsewhere
(``SameSite=Strict``), the browser says where the form stood (``check_origin``), and the form
brings the token of the session. Each of the three would do, and they fail in different ways
(OWASP, Cross-Site Request Forgery Prevention Cheat Sheet).
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from indexer.errors import HealthSearchError
from service.desk.forms import FOREIGN, check_origin, read_form
from service.desk.sessions import Session
from service.desk.signing import session_of, to_sign_in
from service.desk.visit import Visit, rendered, status_of
from service.problems import ProblemError

Endpoint = Callable[[Visit], Awaitable[Response]]


def page(path: str, **endpoints: Endpoint) -> Route:
    """Return the route of a page that only those see who are signed in: an endpoint a method."""

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        try:
            session = await session_of(request)
        except HealthSearchError as error:
            return rendered(request, "broken.html", 503, message=str(error))
        if session is None:
            return to_sign_in(request)
        try:
            return await endpoints[method](await _visit(request, session))
        except HealthSearchError as error:
            visit = Visit(request, session)
            return visit.page("message.html", status_of(error), here="", message=str(error))

    return Route(path, answer, methods=list(endpoints))


async def _visit(request: Request, session: Session) -> Visit:
    """Return a visit with the form that it brings.

    Raises:
        ProblemError: the form is none of this session.
    """
    if request.method != "POST":
        return Visit(request, session)
    check_origin(request)
    form = await read_form(request)
    if not session.admits(form.get("token", "")):
        raise ProblemError("forbidden", FOREIGN)
    return Visit(request, session, form)
