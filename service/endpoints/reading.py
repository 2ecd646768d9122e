"""``/v1/articles/{id}`` and what is like it: reading the articles themselves."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from indexer.article import Article
from service.answers import tag_of
from service.conditional import is_known
from service.context import context_of
from service.models import article_answer
from service.parameters import read_related
from service.problems import ProblemError
from service.search.response import IndexInfo


async def show_article(request: Request) -> Response:
    """Send an article whole. It has an entity tag, and a caller that shows it gets a 304."""
    found = await _found(request)
    if found is None:
        raise ProblemError("article-unknown")
    article, index = found
    headers = {"ETag": tag_of(index, "article", article.id)}
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


async def _found(request: Request) -> tuple[Article, IndexInfo] | None:
    """Return the article of the path. An id may end in a slash; else one too many is forgiven."""
    id_ = request.path_params["id"]
    for each in dict.fromkeys((id_, id_.removesuffix("/"))):
        if each and (found := await context_of(request).answers.article(each)):
            return found
    return None
