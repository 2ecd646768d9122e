"""The OpenAPI 3.1 document, made from the types that the service decodes and encodes."""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

import msgspec

from service.models import Problem
from service.operations.operation import Operation
from service.operations.table import OPERATIONS, READING_OPERATIONS
from service.problems import KINDS, MEDIA_TYPE
from service.search.blank import VISIBLE
from service.search.request import MAX_WINDOW

REFERENCE = "#/components/schemas/{name}"

EVERYWHERE = ("invalid-request", "method-not-allowed", "body-too-large", "internal-error")
"""Problems that any route may answer with."""

TAGGED = {name: {"schema": {"type": "string"}} for name in ("X-Request-ID", "ETag")}
STATUS_HEADERS = {
    202: ("Location", "string"),
    401: ("WWW-Authenticate", "string"),
    405: ("Allow", "string"),
    429: ("Retry-After", "integer"),
    503: ("Retry-After", "integer"),
}

IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of an answer that the caller has kept.",
    "schema": {"type": "string"},
}

SECURITY = {"key": {"type": "http", "scheme": "bearer"}}
KEY: dict[str, tuple[str, ...]] = dict.fromkeys(SECURITY, ())

REFUSED = {401, 403, 429}

GUARDED = ("/", "/opensearch/suggest")
"""Paths beside those of the API that may want a key, and that limits hold for."""

TURNED_AWAY = ("unauthorized", "forbidden", "too-many-requests")
"""Problems of whatever stands behind a guard."""


def document(site_name: str, *, writable: bool = True, public: bool = True) -> dict[str, Any]:
    """Return the OpenAPI document.

    What writes is in it only if the service is ``writable``; then there are keys, which searches
    need if they are not ``public``.
    """
    operations = OPERATIONS if writable else READING_OPERATIONS
    schemas = _schemas(operations.values())
    paths: dict[str, dict[str, Any]] = {}
    for (path, method), operation in operations.items():
        is_guarded = path in GUARDED or path.startswith("/v1/")
        if is_guarded and not operation.statuses.keys() & REFUSED:  # or it tells them its own way
            problems = (*operation.problems, *TURNED_AWAY)
            operation = operation._replace(problems=problems)  # noqa: PLW2901
        described = _operation(path, method, operation, schemas)
        if is_guarded and writable:
            needs_key = operation.guarded or not public
            described["security"] = [KEY] if needs_key else [{}, KEY]
        paths.setdefault(path, {})[method] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site_name} API",
            "version": version("health-search"),
            "description": "Full-text search for health articles. Every GET also answers HEAD, "
            "and every path answers OPTIONS with its methods. Errors are problems (RFC 9457) "
            "with a stable `code`.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            **({"securitySchemes": SECURITY} if writable else {}),
        },
    }


def encode(api: Mapping[str, Any]) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(api)


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    told = [(each.parameters, each.body, each.answer) for each in operations]
    types = [each for three in told for each in three if isinstance(each, type)]
    _, schemas = msgspec.json.schema_components([*types, Problem], ref_template=REFERENCE)
    for name in ("SearchRequest", "SuggestRequest"):
        schemas[name]["properties"]["q"]["pattern"] = VISIBLE
    window = f" `page * per_page` may be {MAX_WINDOW} at most."
    schemas["SearchRequest"]["properties"]["page"]["description"] += window
    schemas["Problem"]["properties"]["code"]["enum"] = sorted(KINDS)
    schemas["Hit"].pop("required")  # `fields` may leave out any
    return schemas


def _operation(
    path: str, method: str, operation: Operation, schemas: Mapping[str, Any]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{method}_{'_'.join(re.findall(r'[a-z0-9]+', path)) or 'page'}",
        "summary": operation.summary,
        "description": operation.description,
    }
    parameters = _path(operation) + _parameters(operation.parameters, schemas)
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        schema = {"$ref": REFERENCE.format(name=operation.body.__name__)}
        described["requestBody"] = {
            "required": operation.needs_body,
            "content": {"application/json": {"schema": schema}},
        }
    if operation.is_conditional:
        described["parameters"] = [*parameters, IF_NONE_MATCH]
    described["responses"] = _responses(operation)
    return described


def _path(operation: Operation) -> list[dict[str, Any]]:
    if operation.path is None:
        return []
    text = operation.path["description"]
    schema = {key: value for key, value in operation.path.items() if key != "description"}
    return [{"name": "id", "in": "path", "required": True, "description": text, "schema": schema}]


def _parameters(
    parameters: Mapping[str, str] | type[msgspec.Struct] | None, schemas: Mapping[str, Any]
) -> list[dict[str, Any]]:
    if parameters is None:
        return []
    if isinstance(parameters, Mapping):
        return [
            {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
            for name, text in parameters.items()
        ]
    schema = schemas[parameters.__name__]
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": field["description"],
            "schema": _in_query(field),
            **({"style": "form", "explode": True} if field.get("type") == "array" else {}),
        }
        for name, field in schema["properties"].items()
    ]


def _in_query(field: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a field as a parameter, which is left out where a body may say null."""
    if "anyOf" in field:
        return dict(next(each for each in field["anyOf"] if each != {"type": "null"}))
    return {key: value for key, value in field.items() if key != "description"}


def _responses(operation: Operation) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if operation.answer:
        schema = {"$ref": REFERENCE.format(name=operation.answer.__name__)}
    elif operation.media_type == "application/json":
        schema = {"type": "object"}
    elif operation.media_type.endswith("+json"):
        schema = {"type": "array"}
    content = {operation.media_type: {"schema": schema}} if operation.media_type else {}
    responses: dict[str, Any] = {
        str(status): _response(text, content, *STATUS_HEADERS.get(status, ()))
        for status, text in operation.statuses.items()
    }
    if operation.is_conditional:
        responses["200"]["headers"]["ETag"] = {"schema": {"type": "string"}}
        responses["304"] = {"description": "It is as the caller has it.", "headers": TAGGED}
    codes: dict[int, list[str]] = {}
    for code in sorted({*EVERYWHERE, *operation.problems}):
        codes.setdefault(KINDS[code].status, []).append(code)
    for status in sorted(codes):
        responses[str(status)] = _problem(status, codes[status])
    return responses


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    text = "; ".join(f"`{code}`: {KINDS[code].title}" for code in codes) + "."
    content = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(name="Problem")}}}
    return _response(text, content, *STATUS_HEADERS.get(status, ()))


def _response(
    text: str, content: Mapping[str, Any], header: str = "", header_type: str = ""
) -> dict[str, Any]:
    headers = {"X-Request-ID": {"schema": {"type": "string"}}}
    if header:
        headers[header] = {"schema": {"type": header_type}}
    return {"description": text, "headers": headers, "content": content}
