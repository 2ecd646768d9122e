"""Every exception becomes one RFC 9457 problem, by one table."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from indexer.errors import (
    CursorExpired,
    CursorInvalid,
    HealthSearchError,
    IndexFolderError,
    IndexUnwritable,
    JobError,
    JobRunning,
    JobUnknown,
    Overloaded,
)
from service.models import FieldError, Problem

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER_SECONDS = 5
"""A new index is noticed within ``poll_seconds`` and opened within a few more."""

RETRY = {"Retry-After": str(RETRY_AFTER_SECONDS)}


class Kind(NamedTuple):
    """A kind of problem: what every problem of one code has in common."""

    status: int
    title: str
    advice: str


KINDS: Mapping[str, Kind] = {
    "invalid-request": Kind(400, "Malformed request", "Send a well-formed HTTP request."),
    "invalid-json": Kind(400, "Malformed JSON", "Send one JSON object, encoded in UTF-8."),
    "unauthorized": Kind(
        401, "The key is missing or not valid", "Send Authorization: Bearer and a key."
    ),
    "forbidden": Kind(403, "Not with this key", "Use a key that is made for this."),
    "not-found": Kind(404, "Not found", "See /docs for what there is."),
    "article-unknown": Kind(
        404, "No such article", "See the `id` of hits; articles come and go with the index."
    ),
    "job-unknown": Kind(404, "No such job", "See `GET /v1/jobs`; old jobs are forgotten."),
    "method-not-allowed": Kind(
        405, "Method not allowed", "Use one of the methods that the Allow header names."
    ),
    "job-running": Kind(
        409, "A reindex has not ended", "Wait for the job that `detail` names, or cancel it."
    ),
    "no-sources": Kind(
        409,
        "No sources are configured",
        "Name the sources that jobs may read with --sources or HEALTH_SEARCH_SOURCES.",
    ),
    "cursor-expired": Kind(
        410, "The index has changed since", "Search again without `cursor`, from the beginning."
    ),
    "body-too-large": Kind(413, "Request body too large", "Send a smaller body."),
    "unsupported-media-type": Kind(
        415, "Unsupported media type", "Send Content-Type: application/json."
    ),
    "query-empty": Kind(422, "The query is empty", "Say what to search for in `q`."),
    "query-too-long": Kind(422, "The query is too long", "Use fewer or shorter words in `q`."),
    "unknown-field": Kind(422, "Unknown field", "Remove the field or correct its name."),
    "invalid-field": Kind(422, "Invalid field", "Correct the fields that `errors` names."),
    "source-unknown": Kind(
        422, "The source is not configured", "Name sources as the setting `sources` does."
    ),
    "too-many-requests": Kind(
        429, "Too many requests", "Ask again after the time that Retry-After names."
    ),
    "internal-error": Kind(
        500, "Internal error", "Try again; when it stays, report the `request_id`."
    ),
    "index-unavailable": Kind(
        503, "The index is not available", "Try again after the time that Retry-After names."
    ),
    "overloaded": Kind(
        503, "Too much is asked at once", "Try again after the time that Retry-After names."
    ),
    "index-unwritable": Kind(
        503, "The index cannot be written", "See to the disk and the rights that `detail` names."
    ),
}


class ProblemError(HealthSearchError):
    """A request that is answered with a problem. Its texts never quote the request's values."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.detail = detail or KINDS[code].advice
        self.errors = errors
        self.headers = dict(headers or {})
        super().__init__(self.detail)

    def within(self, where: str) -> "ProblemError":
        """Return the same problem of a part of what was sent; ``where`` is its JSON Pointer."""
        errors = tuple(FieldError(where + each.pointer, each.detail) for each in self.errors)
        detail = f"{where.lstrip('/')}: {self.detail}"
        return ProblemError(self.code, detail, errors=errors, headers=self.headers)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status


def problem_of(error: Exception) -> ProblemError:
    """Return the problem that ``error`` is to the caller: the one table."""
    match error:
        case ProblemError():
            return error
        case Overloaded() | CursorInvalid() | CursorExpired():
            return _of_search(error)
        case IndexFolderError() | JobError():
            return _of_index(error)
        case HTTPException():
            return _of_http(error)
        case _:
            return ProblemError("internal-error")


def _of_search(error: Overloaded | CursorInvalid | CursorExpired) -> ProblemError:
    match error:
        case Overloaded():
            return ProblemError("overloaded", headers=RETRY)
        case CursorInvalid():
            fields = (FieldError("/cursor", str(error)),)
            return ProblemError("invalid-field", f"cursor: {error}", errors=fields)
        case CursorExpired():
            return ProblemError("cursor-expired")


def _of_index(error: IndexFolderError | JobError) -> ProblemError:
    """Return the problem of an index folder or its jobs. Only holders of the key see `detail`."""
    match error:
        case JobUnknown():
            return ProblemError("job-unknown", str(error))
        case JobRunning():
            return ProblemError("job-running", str(error))
        case IndexUnwritable():
            return ProblemError("index-unwritable", str(error), headers=RETRY)
        case _:
            return index_unavailable()


def _of_http(error: HTTPException) -> ProblemError:
    match error.status_code:
        case 405:
            allow = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
            return ProblemError("method-not-allowed", headers={"Allow": allow})
        case 401 | 404:  # 401: a file that may not be read
            return ProblemError("not-found")
        case status if status < 500:
            return ProblemError("invalid-request")
        case _:
            return ProblemError("internal-error")


def index_unavailable(detail: str = "") -> ProblemError:
    """Return the problem of an index that cannot be searched."""
    return ProblemError("index-unavailable", detail, headers=RETRY)


def problem_response(problem: ProblemError, scope: Scope) -> Response:
    """Return the HTTP response of a problem, and leave its code to the request log."""
    state = scope.setdefault("state", {})
    state["problem"] = problem.code
    body = Problem(
        type=f"/docs#{problem.code}",
        title=KINDS[problem.code].title,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        errors=problem.errors,
        request_id=state.get("request_id", ""),
    )
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(msgspec.json.encode(body), problem.status, headers, MEDIA_TYPE)


def handle_error(request: Request, error: Exception) -> Response:
    """Answer an exception that an endpoint raised."""
    problem = problem_of(error)
    if problem.code == "method-not-allowed" and request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": problem.headers["Allow"] + ", OPTIONS"})
    return problem_response(problem, request.scope)
