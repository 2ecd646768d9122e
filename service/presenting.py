"""The body of an answer: the engine's, with the hits as the caller wants to see them."""

import msgspec
from msgspec import structs

from service.highlighting import shown_as
from service.search.request import SearchRequest
from service.search.response import Hit, SearchResponse


def encoded(response: SearchResponse, request: SearchRequest) -> bytes:
    """Return an answer as JSON, its hits with the highlights and the fields that were asked for."""
    if request.highlight != "mark":
        hits = tuple(
            structs.replace(hit, highlights=shown_as(hit.highlights, request.highlight))
            for hit in response.hits
        )
        response = structs.replace(response, hits=hits)
    if not request.fields:
        return msgspec.json.encode(response)
    body = {name: getattr(response, name) for name in response.__struct_fields__}
    body["hits"] = [_chosen(hit, request.fields) for hit in response.hits]
    return msgspec.json.encode(body)


def _chosen(hit: Hit, fields: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(hit, name) for name in fields}
