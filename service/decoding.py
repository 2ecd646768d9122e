"""From a query string or a JSON body to a typed request, or to a problem that says why not."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec
from msgspec.inspect import LiteralType, Metadata, StructType, Type, VarTupleType, type_info
from starlette.datastructures import QueryParams
from starlette.requests import Request

from service.models import FieldError
from service.problems import ProblemError

_LOCATION = re.compile(r"^(?P<detail>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)

TYPES = {
    "array": "a list in brackets",
    "bool": "true or false",
    "date": "a day such as 2026-03-12",
    "float": "a number",
    "int": "a whole number",
    "object": "an object",
    "str": "text",
}
"""What msgspec calls the types of JSON, in words."""

_TYPE = re.compile(rf"\b(?:{'|'.join(TYPES)})\b(?=[^`]*`)")

T = TypeVar("T", bound=msgspec.Struct)


def query_fields(
    params: QueryParams, type_: type[T], lists: Collection[str] = ()
) -> dict[str, Any]:
    """Return the parameters of a URL by name; only those of ``lists`` may be repeated.

    Raises:
        ProblemError: a parameter is unknown or given twice.
    """
    fields: dict[str, Any] = {}
    for name, value in params.multi_items():
        if _known(name, type_) in lists:
            fields.setdefault(name, []).append(value)
        elif name in fields:
            raise invalid(f"/{name}", "Give this once.")
        else:
            fields[name] = value
    return fields


async def body_fields(request: Request, type_: type[T]) -> dict[str, Any]:
    """Return the fields of a JSON body by name.

    Raises:
        ProblemError: the body is not JSON, not an object, or a field is unknown.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise ProblemError("unsupported-media-type")
    try:
        fields = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProblemError("invalid-json", "The body is not JSON in UTF-8.") from None
    if not isinstance(fields, dict):
        raise invalid("", "Expected an object.")
    return known_fields(fields, type_)


def known_fields(fields: Mapping[str, Any], type_: type[T]) -> dict[str, Any]:
    """Return the fields of a JSON object by name, whole numbers as such.

    Raises:
        ProblemError: a field is unknown.
    """
    return {_known(name, type_): _number(value) for name, value in fields.items()}


def converted(fields: Mapping[str, Any], type_: type[T], *, strict: bool = True) -> T:
    """Return the fields as a request; where not ``strict``, numbers may come as text.

    Raises:
        ProblemError: a field has no usable value.
    """
    try:
        return msgspec.convert(fields, type_, strict=strict)
    except msgspec.ValidationError as error:
        raise invalid(*_explain(str(error), type_)) from None


def invalid(pointer: str, detail: str, code: str = "invalid-field") -> ProblemError:
    """Return the problem of a field, which ``detail`` must not quote."""
    where = f"{pointer.lstrip('/')}: " if pointer else ""
    return ProblemError(code, where + detail, errors=(FieldError(pointer, detail),))


def _number(value: Any) -> Any:
    """Take 2.0 for 2, as JSON Schema does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _known(name: str, type_: type[T]) -> str:
    known = type_.__struct_fields__
    if name not in known:
        # The name is not repeated: it may be a query that lost its `q=`.
        near = get_close_matches(name, known, 1)
        meant = f"Is {near[0]} meant? " if near else ""
        detail = f"{meant}The fields are {', '.join(known)}."
        raise ProblemError("unknown-field", detail, errors=(FieldError("", detail),))
    return name


def _explain(message: str, type_: type[T]) -> tuple[str, str]:
    """Split msgspec's message into pointer and detail, without the value it may quote."""
    match = _LOCATION.match(message)
    detail, path = (match["detail"], match["path"] or "") if match else ("", "")
    pointer = re.sub(r"[.\[]", "/", path).replace("]", "")
    if detail.startswith("Invalid RFC3339 encoded date"):
        detail = "Expected a day such as 2026-03-12"
    elif detail.startswith("Expected `str` matching regex"):
        detail = _like(pointer, type_)
    elif not detail.startswith("Expected "):
        detail = _choices(pointer, type_) or "Out of range"
    return pointer, _in_words(detail) + "."


def _in_words(detail: str) -> str:
    """Return what msgspec says of types in JSON's terms instead of Python's."""
    plain = _TYPE.sub(lambda match: TYPES[match[0]], detail)
    return plain.replace(" | null", "").replace("`", "")


def _kinds(pointer: str, type_: type[T]) -> list[Type]:
    """Return the type of the field at a pointer, or in which the pointer ends."""
    struct = type_info(type_)
    fields = struct.fields if isinstance(struct, StructType) else ()
    return [each.type for each in fields if f"{pointer}/".startswith(f"/{each.name}/")]


def _like(pointer: str, type_: type[T]) -> str:
    """Return what a text should look like, by the example of its field."""
    for kind in _kinds(pointer, type_):
        schema = (kind.extra_json_schema or {}) if isinstance(kind, Metadata) else {}
        for example in schema.get("examples", ()):
            return f"Expected something like {example}"
    return "Expected another form"


def _choices(pointer: str, type_: type[T]) -> str:
    """Return what a field may be, if it is one of a few values."""
    for kind in map(_bare, _kinds(pointer, type_)):
        one = _bare(kind.item_type) if isinstance(kind, VarTupleType) else kind
        if isinstance(one, LiteralType):
            return f"Expected one of {', '.join(map(str, one.values))}"
    return ""


def _bare(kind: Type) -> Type:
    """Return a type without what is said about it."""
    return kind.type if isinstance(kind, Metadata) else kind
