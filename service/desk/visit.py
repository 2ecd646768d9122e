"""One request of somebody who is signed in."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from indexer.errors import (
    AnalyticsError,
    EditorialError,
    GenerationUnknown,
    HealthSearchError,
    IndexLocked,
)
from service.context import Context, context_of
from service.desk.forms import Form
from service.desk.sessions import Session
from service.problems import problem_of

HEADERS = {
    "Cache-Control": "no-store, no-transform",
    # With `no-referrer`, as elsewhere, browsers send no usable Origin with a form.
    "Referrer-Policy": "same-origin",
}
"""``no-transform``: a page that holds a secret beside what somebody typed is not compressed, or
its length would tell the secret (the attack called BREACH)."""

DONE = {
    "job-started": "The job is noted. The list below shows how far it is.",
    "job-canceled": "The job was asked to stop.",
    "rolled-back": "Done. Searches are answered from that generation within a few seconds.",
    "rule-saved": "Saved. Searches follow it within a second or two.",
    "rule-removed": "Removed. Searches are as they were without it.",
}
"""What a page says after a change. Only its name stands in the address."""


@dataclass(frozen=True)
class Visit:
    """A request with the session it belongs to, and the form that it brings."""

    request: Request
    session: Session
    form: Form = field(default_factory=dict)

    @property
    def context(self) -> Context:
        """What the application is made of."""
        return context_of(self.request)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page of the desk; ``message`` says what could not be done."""
        done = DONE.get(self.request.query_params.get("done", ""), "")
        given = {"message": "", "done": done, "token": self.session.form_token, **values}
        return rendered(self.request, template, status, **given)

    def see(self, where: str, done: str, at: str = "", **fields: str) -> Response:
        """Send to a page, ``at`` a part of it; it says what was ``done``, and takes fields."""
        place = f"#{at}" if at else ""
        return redirect(self.request, f"{where}?{urlencode({'done': done, **fields})}{place}")


def rendered(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page; its links are relative, so that the site may stand below a path."""
    html = context_of(request).desk.render(template, up=_up(request), **values)
    return HTMLResponse(html, status, headers=HEADERS)


def redirect(request: Request, where: str) -> Response:
    """Send to a page by its path from the root of the site, which is asked for by GET."""
    return Response(status_code=303, headers={"Location": _up(request) + where, **HEADERS})


def path_of(request: Request) -> str:
    """Return the path of a request from the root of the site: ``admin/jobs``."""
    root: str = request.scope.get("root_path", "")
    return request.url.path.removeprefix(root).lstrip("/")


def _up(request: Request) -> str:
    """Return the way from a request's path to the root of the site: ``./``, ``../`` and so on."""
    root: str = request.scope.get("root_path", "")
    # As the browser knows it: an encoded slash is none, and one at the end counts.
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return "../" * (raw.count(b"/") - root.count("/") - 1) or "./"


def status_of(error: HealthSearchError) -> int:
    """Return the HTTP status of a page that says what went wrong."""
    match error:
        case GenerationUnknown():
            return 404
        case IndexLocked():
            return 409
        case EditorialError():
            return 422
        case AnalyticsError():
            return 503
        case _:
            return problem_of(error).status
