"""The OpenAPI 3.1 document, made from the types that the service decodes and encodes."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, NamedTuple

import msgspec

from service.models import Health, Problem, Readiness
from service.parameters import LISTS, VISIBLE
from service.problems import KINDS, MEDIA_TYPE
from service.search.request import MAX_WINDOW, SearchRequest
from service.search.response import SearchResponse

REFERENCE = "#/components/schemas/{name}"
TYPES = (SearchRequest, SearchResponse, Health, Readiness, Problem)

EVERYWHERE = ("invalid-request", "method-not-allowed", "body-too-large", "internal-error")
"""Problems that any route may answer with."""

ASKING = ("query-empty", "query-too-long", "unknown-field", "invalid-field", "index-unavailable")

PAGE_PARAMETERS = {
    "q": "What to search for; without it the page only asks.",
    "page": "Page of results, from 1.",
    "sort": "`relevance`, `newest` or `reviewed`.",
    "topic": "Only articles on this topic; may be repeated.",
    "language": "Only articles in this language; may be repeated.",
    "lang": "Language of the page itself: `en` or `es`.",
}


class Operation(NamedTuple):
    """One operation: what it does, takes and answers."""

    summary: str
    description: str
    media_type: str
    answer: type | None = None
    parameters: Mapping[str, str] | type[SearchRequest] | None = None
    body: type[SearchRequest] | None = None
    problems: tuple[str, ...] = ()


OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("/v1/search", "get"): Operation(
        "Search by URL",
        "Ranked articles for a query, with highlighted snippets. Prefer POST: queries in URLs end "
        "up in histories and proxy logs.",
        "application/json",
        SearchResponse,
        parameters=SearchRequest,
        problems=ASKING,
    ),
    ("/v1/search", "post"): Operation(
        "Search",
        "The same search with its fields in a JSON body, which keeps the query out of URLs.",
        "application/json",
        SearchResponse,
        body=SearchRequest,
        problems=(*ASKING, "invalid-json", "unsupported-media-type"),
    ),
    ("/healthz", "get"): Operation(
        "Is the process alive?", "It does not look at the index.", "application/json", Health
    ),
    ("/readyz", "get"): Operation(
        "Can searches be answered?",
        "Names the index that is served and its age; a problem with the reason if there is none.",
        "application/json",
        Readiness,
        problems=("index-unavailable",),
    ),
    ("/openapi.json", "get"): Operation(
        "This document", "OpenAPI 3.1, made from the service's types.", "application/json"
    ),
    ("/docs", "get"): Operation("This document as a page", "For people.", "text/html"),
    ("/", "get"): Operation(
        "The search page",
        "For visitors; works without JavaScript. Parameters that it does not know are ignored. "
        "It answers with a page in every case: 422 for a query that is too long, 503 when there "
        "is no index.",
        "text/html",
        parameters=PAGE_PARAMETERS,
    ),
}


def document(site_name: str) -> dict[str, Any]:
    """Return the OpenAPI document."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for (path, method), operation in OPERATIONS.items():
        paths.setdefault(path, {})[method] = _operation(path, method, operation, schemas)
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
        "components": {"schemas": schemas},
    }


def encode(api: Mapping[str, Any]) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(api)


def _schemas() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(TYPES, ref_template=REFERENCE)
    query = schemas["SearchRequest"]["properties"]["q"]
    query["pattern"] = VISIBLE
    window = f" `page * per_page` may be {MAX_WINDOW} at most."
    schemas["SearchRequest"]["properties"]["page"]["description"] += window
    schemas["Problem"]["properties"]["code"]["enum"] = sorted(KINDS)
    return schemas


def _operation(
    path: str, method: str, operation: Operation, schemas: Mapping[str, Any]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{method}_{path.strip('/').replace('/', '_').replace('.', '_') or 'page'}",
        "summary": operation.summary,
        "description": operation.description,
    }
    if operation.parameters:
        described["parameters"] = _parameters(operation.parameters, schemas)
    if operation.body:
        schema = {"$ref": REFERENCE.format(name=operation.body.__name__)}
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    described["responses"] = _responses(operation)
    return described


def _parameters(
    parameters: Mapping[str, str] | type[SearchRequest], schemas: Mapping[str, Any]
) -> list[dict[str, Any]]:
    if isinstance(parameters, Mapping):
        return [
            {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
            for name, text in parameters.items()
        ]
    schema = schemas[parameters.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema["required"],
            "description": field["description"],
            "schema": {key: value for key, value in field.items() if key != "description"},
            **({"style": "form", "explode": True} if name in LISTS else {}),
        }
        for name, field in schema["properties"].items()
    ]


def _responses(operation: Operation) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if operation.answer:
        schema = {"$ref": REFERENCE.format(name=operation.answer.__name__)}
    elif operation.media_type == "application/json":
        schema = {"type": "object"}
    content = {operation.media_type: {"schema": schema}}
    responses: dict[str, Any] = {"200": _response("The answer.", content)}
    if operation.parameters is PAGE_PARAMETERS:
        responses["422"] = _response("The page, saying that the query is too long.", content)
        responses["503"] = _response("The page, saying that there is no index.", content)
    codes: dict[int, list[str]] = {}
    for code in sorted({*EVERYWHERE, *operation.problems}):
        codes.setdefault(KINDS[code].status, []).append(code)
    for status in sorted(codes):
        responses[str(status)] = _problem(status, codes[status])
    return responses


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    text = "; ".join(f"`{code}`: {KINDS[code].title}" for code in codes) + "."
    content = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(name="Problem")}}}
    extra = {503: ("Retry-After", "integer"), 405: ("Allow", "string")}.get(status)
    return _response(text, content, *extra) if extra else _response(text, content)


def _response(
    text: str, content: Mapping[str, Any], header: str = "", header_type: str = ""
) -> dict[str, Any]:
    headers = {"X-Request-ID": {"schema": {"type": "string"}}}
    if header:
        headers[header] = {"schema": {"type": header_type}}
    return {"description": text, "headers": headers, "content": content}
