"""What a caller may ask: the query and how to page, sort and filter it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MAX_QUERY_CHARS = 500
MAX_PER_PAGE = 100
MAX_PAGE = 1_000
MAX_WINDOW = 10_000
"""``page * per_page`` at most: ranking deeper costs memory and serves nobody."""

Sort = Literal["relevance", "newest", "reviewed"]

FilterValue = Annotated[str, Meta(min_length=1, max_length=200)]


class SearchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A search. The same fields are query parameters of GET and the JSON body of POST."""

    q: Annotated[
        str,
        Meta(
            description='Words, "phrases", -word, AND OR NOT (), field:word, prefix*, fuzzy~.',
            examples=["magnesium joint pain"],
            min_length=1,
            max_length=MAX_QUERY_CHARS,
        ),
    ]
    page: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="Page of results, from 1.")] = 1
    per_page: Annotated[int, Meta(ge=1, le=MAX_PER_PAGE, description="Hits on a page.")] = 10
    sort: Annotated[
        Sort,
        Meta(description="`newest` by published or modified date, `reviewed` by last review."),
    ] = "relevance"
    topic: Annotated[
        tuple[FilterValue, ...],
        Meta(max_length=20, description="Only articles on all of these topics."),
    ] = ()
    language: Annotated[
        tuple[FilterValue, ...],
        Meta(max_length=20, description="Only articles in one of these languages (`en`, `es`)."),
    ] = ()
    expand: Annotated[
        bool,
        Meta(description="Search other names and likely spellings, too, and add what is like."),
    ] = True
    explain: Annotated[
        bool, Meta(description="Say where each score comes from. Needs the admin key.")
    ] = False
