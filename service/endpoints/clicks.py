"""``/v1/clicks``: a search box says which hit was chosen."""

from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
from service.decoding import body_fields, converted
from service.models import Click


async def click(request: Request) -> Response:
    """Take in that a hit was chosen. The answer is the same whether it counts or not."""
    clicked = converted(await body_fields(request, Click), Click)
    analytics = context_of(request).analytics
    analytics.clicked(clicked.query, clicked.position, analytics.client(request.scope))
    return Response(status_code=204)
