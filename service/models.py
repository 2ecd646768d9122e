"""The API's own types beside those of a search; the OpenAPI document is made from them."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from indexer.article import Article
from service.search.request import MAX_QUERY_CHARS, SearchRequest
from service.search.response import IndexInfo, SearchResponse

MAX_SEARCHES = 50
"""Searches of a batch."""


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of a request."""

    pointer: Annotated[
        str,
        Meta(
            description="JSON Pointer to the field, such as `/page`; for GET to the parameter of "
            "that name. Empty for the request as a whole."
        ),
    ]
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An error as RFC 9457 describes it. `code` is stable; never parse `detail`."""

    type: Annotated[str, Meta(description="Where the problem is explained.")]
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...] = ()
    request_id: Annotated[
        str, Meta(description="The `X-Request-ID` under which the service logged this.")
    ] = ""


class Health(msgspec.Struct, frozen=True):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """The service can answer searches."""

    status: Literal["ready"] = "ready"
    index: IndexInfo
    age_seconds: Annotated[float, Meta(ge=0, description="Seconds since the index was built.")]
    warning: Annotated[
        str, Meta(description="Why a newer index could not be opened; usually empty.")
    ] = ""


class Click(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hit that a visitor chose."""

    query: Annotated[
        str,
        Meta(
            description="What was searched for.",
            examples=["magnesium joint pain"],
            min_length=1,
            max_length=MAX_QUERY_CHARS,
        ),
    ]
    position: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="Where the hit stood among all hits, from 1: the first hit of the second "
            "page of ten is 11.",
        ),
    ]


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Searches that are asked together."""

    searches: Annotated[tuple[SearchRequest, ...], Meta(min_length=1, max_length=MAX_SEARCHES)]


class BatchAnswer(msgspec.Struct, frozen=True):
    """Their answers, in the same order."""

    answers: tuple[SearchResponse, ...]


class SectionText(msgspec.Struct, frozen=True):
    """A part of an article below one heading; what comes before the first one has none."""

    heading: str
    level: Annotated[int, Meta(description="Of the heading, from 1; 0 without one.")]
    anchor: Annotated[str, Meta(description="Fragment for `url#anchor`; may be empty.")]
    text: Annotated[str, Meta(description="Plain text, a block a line.")]


class ArticleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An article whole, as the index holds it."""

    id: str
    url: str
    title: str
    description: str
    language: str
    published: date | None
    modified: date | None
    last_reviewed: date | None
    authors: tuple[str, ...]
    reviewer: str
    publisher: str
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    audience: tuple[str, ...]
    words: int
    reading_grade: Annotated[
        float | None, Meta(description="School grade from which it can be read, as estimated.")
    ]
    sections: tuple[SectionText, ...]
    index: IndexInfo


def article_answer(article: Article, index: IndexInfo) -> ArticleAnswer:
    """Return what is told of an article."""
    sections = tuple(
        SectionText(
            each.heading, each.level, each.anchor, article.body[each.start : each.end].strip()
        )
        for each in article.sections
    ) or (SectionText("", 0, "", article.body),)
    shared = set(ArticleAnswer.__struct_fields__) - {"sections", "index"}
    told = {name: getattr(article, name) for name in shared}
    return ArticleAnswer(**told, sections=sections, index=index)
