"""Signing in with a key that may do everything, and signing out."""

import re
from urllib.parse import quote, urlsplit

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from indexer.errors import HealthSearchError
from service.context import context_of
from service.desk.forms import check_origin, read_form
from service.desk.sessions import SECONDS, Session
from service.desk.visit import Visit, path_of, redirect, rendered, status_of
from service.problems import ProblemError
from service.web.addresses import base_address

COOKIE = "desk"

PAUSE_SECONDS = 1.0
"""How long the answer to a wrong key takes: nothing to people, much to a program that guesses."""

WANTED = re.compile(r"admin(/(?!\.)[\w.-]+)*/?(\?[!-~]*)?", re.ASCII)
"""Where somebody may be sent after signing in: a page of the desk, and not ``admin/../other``."""

WRONG = "This key does not open the desk."
TOO_MANY = "Too many wrong keys came from here. Try again in a minute."


async def sign_in_page(request: Request) -> Response:
    """Send the form that asks for a key."""
    return _form(request, request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    """Take a key, and send to the page that was wanted. Of a wrong key nothing is said."""
    context = context_of(request)
    wanted = ""
    try:
        form = await read_form(request)
        wanted = form.get("next", "")
        check_origin(request)
        key = await context.access.sign_in(request.scope, form.get("key", "").strip())
        session = await to_thread.run_sync(context.desk.sessions.open, key.hash)
    except ProblemError as error:
        return await _refusal(request, wanted, error)
    except HealthSearchError as error:
        return _form(request, wanted, status_of(error), str(error))
    response = redirect(request, wanted if WANTED.fullmatch(wanted) else "admin")
    _set_cookie(request, response, session.token, SECONDS)
    return response


async def sign_out(visit: Visit) -> Response:
    """End the session, and send to the sign-in page."""
    await to_thread.run_sync(visit.context.desk.sessions.close, visit.session)
    response = redirect(visit.request, "admin/sign-in")
    _set_cookie(visit.request, response, "", 0)
    return response


async def session_of(request: Request) -> Session | None:
    """Return the session of a request's cookie, while it lasts and its key is in force.

    Raises:
        IndexUnwritable: the book of sessions cannot be read.
    """
    token = request.cookies.get(COOKIE, "")
    context = context_of(request)
    session = await to_thread.run_sync(context.desk.sessions.find, token)
    return session if session and context.access.is_in_force(session.key) else None


def to_sign_in(request: Request) -> Response:
    """Send a visitor to the sign-in page, and from there back to where they wanted to be."""
    wanted = path_of(request) if request.method in ("GET", "HEAD") else ""
    if wanted and request.url.query:
        wanted += f"?{request.url.query}"
    return redirect(request, "admin/sign-in" + (f"?next={quote(wanted)}" if wanted else ""))


async def _refusal(request: Request, wanted: str, error: ProblemError) -> Response:
    """Return the answer to a key that opens nothing: the same whatever is wrong with it."""
    if error.code == "too-many-requests":
        response = _form(request, wanted, error.status, TOO_MANY)
        response.headers.update(error.headers)
        return response
    if error.code not in ("unauthorized", "forbidden"):
        return _form(request, wanted, error.status, str(error))
    await anyio.sleep(PAUSE_SECONDS)
    return _form(request, wanted, 403, WRONG)


def _form(request: Request, wanted: str, status: int = 200, message: str = "") -> Response:
    return rendered(request, "sign-in.html", status, wanted=wanted, message=message)


def _set_cookie(request: Request, response: Response, token: str, seconds: int) -> None:
    base = urlsplit(base_address(context_of(request).settings.public_url, request.scope))
    response.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        path=f"{base.path}admin",
        secure="https" in (base.scheme, request.headers.get("x-forwarded-proto")),
        httponly=True,
        samesite="strict",
    )
