"""``/v1/articles``: single articles, put into the index or taken out."""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from service.context import context_of
from service.decoding import body_fields, converted, query_fields
from service.endpoints.jobs import accepted
from service.writing import ArticleAddress, ArticleFields, checked_id, named_by, record_of


async def put_article(request: Request) -> Response:
    """Put in, or replace, the article of an id."""
    article = checked_id(request.path_params["id"])
    return await _ask(request, article, record_of(await _fields(request)))


async def delete_article(request: Request) -> Response:
    """Take out the article of an id; that it is not there is no error."""
    return await _ask(request, checked_id(request.path_params["id"]), None)


async def put_page(request: Request) -> Response:
    """Put in, or replace, the article of an address."""
    article, url = named_by(_address(request))
    return await _ask(request, article, record_of(await _fields(request), url))


async def delete_page(request: Request) -> Response:
    """Take out the article of an address; that it is not there is no error."""
    article, _ = named_by(_address(request))
    return await _ask(request, article, None)


def _address(request: Request) -> ArticleAddress:
    return converted(query_fields(request.query_params, ArticleAddress), ArticleAddress)


async def _fields(request: Request) -> ArticleFields:
    return converted(await body_fields(request, ArticleFields), ArticleFields)


async def _ask(request: Request, article: str, fields: dict[str, Any] | None) -> Response:
    """Answer once the change is on the disk; the process beside the service makes it."""
    job = await to_thread.run_sync(context_of(request).book.ask_for_edit, article, fields)
    return accepted(request, job)
