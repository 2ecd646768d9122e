"""``/v1/articles/{id}`` and what is like it: reading the articles themselves."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from service.answers import tag_of
from service.conditional import is_known
from service.context import context_of
from service.models import article_answer
from service.parameters import read_related
from service.problems import ProblemError


async def show_article(request: Request) -> Response:
    """Send an article whole. It has an entity tag, and a caller that shows it gets a 304."""
    id_ = request.path_params["id"]
    found = await context_of(request).answers.article(id_)
    if found is None:
        raise ProblemError("article-unknown")
    article, index = found
    headers = {"ETag": tag_of(index, "article", id_)}
    if is_known(headers["ETag"], request.headers.getlist("if-none-match")):
        return Response(status_code=304, headers=headers)
    body = msgspec.json.encode(article_answer(article, index))
    return Response(body, headers=headers, media_type="application/json")


async def show_related(request: Request) -> Response:
    """Send the articles that are most like one."""
    id_, asked = request.path_params["id"], read_related(request)
    answer = await context_of(request).answers.related(id_, asked)
    if answer is None:
        raise ProblemError("article-unknown")
    headers = {"ETag": tag_of(answer.index, "related", id_, asked)}
    if is_known(headers["ETag"], request.headers.getlist("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")
