"""From a query string or a JSON body to a ``SearchRequest``, or to a problem that says why not."""

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from starlette.datastructures import QueryParams

from service.models import FieldError
from service.problems import ProblemError
from service.search.request import MAX_QUERY_CHARS, MAX_WINDOW, SearchRequest, Sort

LISTS = ("topic", "language")
"""Fields that a query string may repeat."""

VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
"""What a query must hold at least once: anything but white space and control characters."""

_VISIBLE = re.compile(VISIBLE)
_LOCATION = re.compile(r"^(?P<detail>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)


def from_query_string(params: QueryParams) -> SearchRequest:
    """Read the parameters of a GET; numbers may come as text.

    Raises:
        ProblemError: a parameter is unknown, given twice or has no usable value.
    """
    fields: dict[str, Any] = {}
    for name, value in params.multi_items():
        if name in LISTS:
            fields.setdefault(name, []).append(value)
        elif name in fields:
            raise _invalid(f"/{name}", "Give this once.")
        else:
            fields[_known(name)] = value
    return _request(fields, strict=False)


def from_json(body: bytes) -> SearchRequest:
    """Read the JSON body of a POST.

    Raises:
        ProblemError: the body is not JSON, not an object, or a field has no usable value.
    """
    try:
        fields = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProblemError("invalid-json", "The body is not JSON in UTF-8.") from None
    if not isinstance(fields, dict):
        raise _invalid("", "Expected an object.")
    return _request({_known(name): _number(value) for name, value in fields.items()}, strict=True)


def _number(value: Any) -> Any:
    """Take 2.0 for 2, as JSON Schema does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_blank(query: str) -> bool:
    """Return whether a query holds nothing to search for."""
    return not _VISIBLE.search(query)


def _known(name: str) -> str:
    known = SearchRequest.__struct_fields__
    if name not in known:
        # The name is not repeated: it may be a query that lost its `q=`.
        detail = f"The fields are {', '.join(known)}."
        raise ProblemError("unknown-field", detail, errors=(FieldError("", detail),))
    return name


def _request(fields: Mapping[str, Any], *, strict: bool) -> SearchRequest:
    _check_query(fields.get("q", ""))
    try:
        request = msgspec.convert(fields, SearchRequest, strict=strict)
    except msgspec.ValidationError as error:
        raise _invalid(*_explain(str(error))) from None
    if request.page * request.per_page > MAX_WINDOW:
        raise _invalid("/page", f"page * per_page may be {MAX_WINDOW} at most.")
    return request


def _check_query(query: object) -> None:
    if not isinstance(query, str):
        return  # a wrong type is told like that of any other field
    if len(query) > MAX_QUERY_CHARS:
        detail = f"A query may have {MAX_QUERY_CHARS} characters at most."
        raise ProblemError("query-too-long", detail, errors=(FieldError("/q", detail),))
    if is_blank(query):
        detail = "Say what to search for."
        raise ProblemError("query-empty", detail, errors=(FieldError("/q", detail),))


def _explain(message: str) -> tuple[str, str]:
    """Split msgspec's message into pointer and detail, without the value it may quote."""
    match = _LOCATION.match(message)
    detail, path = (match["detail"], match["path"] or "") if match else ("", "")
    pointer = re.sub(r"[.\[]", "/", path).replace("]", "")
    if not detail.startswith("Expected "):
        choices = f"Expected one of {', '.join(get_args(Sort))}"
        detail = choices if pointer == "/sort" else "Out of range"
    return pointer, detail.replace("`", "") + "."


def _invalid(pointer: str, detail: str) -> ProblemError:
    where = f"{pointer.lstrip('/')}: " if pointer else ""
    return ProblemError("invalid-field", where + detail, errors=(FieldError(pointer, detail),))
