"""``/openapi.json`` and ``/docs``: the API, for machines and for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from service.context import context_of

REVALIDATE = {"Cache-Control": "no-cache"}


async def openapi(request: Request) -> Response:
    """Send the OpenAPI document."""
    return Response(context_of(request).openapi, headers=REVALIDATE, media_type="application/json")


async def docs(request: Request) -> Response:
    """Send the same document as a page."""
    return HTMLResponse(context_of(request).pages.docs, headers=REVALIDATE)
