"""What a caller may ask: the query, how to page, sort and filter it, and how to show it."""

from datetime import date
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

MAX_QUERY_CHARS = 500
MAX_PER_PAGE = 100
MAX_PAGE = 1_000
MAX_WINDOW = 10_000
"""``page * per_page`` at most: what lies deeper is reached by ``cursor``."""

MAX_CURSOR_CHARS = 1_000
MAX_RELATED = 20

Sort = Literal["relevance", "newest", "reviewed"]

FacetName = Literal["topic", "language", "audience", "publisher"]

FACET_NAMES: tuple[FacetName, ...] = get_args(FacetName)

Highlight = Literal["mark", "em", "strong", "b", "offsets", "none"]
"""How what matched is shown: between tags, as plain text with places, or not at all."""

HitField = Literal[
    "id",
    "url",
    "title",
    "score",
    "language",
    "published",
    "modified",
    "last_reviewed",
    "outdated",
    "publisher",
    "topics",
    "audience",
    "words",
    "reading_grade",
    "related",
    "pinned",
    "raised",
    "section",
    "highlights",
    "explanation",
]

FilterValue = Annotated[str, Meta(min_length=1, max_length=200)]

Filter = Annotated[tuple[FilterValue, ...], Meta(max_length=20)]

Grade = Annotated[float, Meta(ge=0, le=20)]


def primary(languages: Filter) -> Filter:
    """Return languages as articles have them, without a region: ``en`` for ``en-GB``."""
    return tuple(each.lower().replace("_", "-").partition("-")[0] for each in languages)


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
        Meta(
            description="`newest` by published or modified date, `reviewed` by last review; either "
            "way, what has more words of the query is first."
        ),
    ] = "relevance"
    topic: Annotated[Filter, Meta(description="Only articles on all of these topics.")] = ()
    language: Annotated[
        Filter, Meta(description="Only articles in one of these languages (`en`, `es`).")
    ] = ()
    audience: Annotated[
        Filter,
        Meta(description="Only articles for one of these audiences, as pages name them."),
    ] = ()
    publisher: Annotated[Filter, Meta(description="Only articles of one of these publishers.")] = ()
    reviewed_after: Annotated[
        date | None, Meta(description="Only articles that were last reviewed on this day or later.")
    ] = None
    reading_level_max: Annotated[
        Grade | None,
        Meta(description="Only articles that can be read at this school grade, as estimated."),
    ] = None
    facets: Annotated[
        tuple[FacetName, ...],
        Meta(max_length=len(FACET_NAMES), description="Whose values are counted over all matches."),
    ] = ("topic", "language")
    expand: Annotated[
        bool,
        Meta(description="Search other names and likely spellings, too, and add what is like."),
    ] = True
    finish: Annotated[
        bool,
        Meta(
            description="The last word may be only begun, as in a search box: `heart att` is "
            "searched as `heart attack` if the articles say that."
        ),
    ] = False
    explain: Annotated[
        bool, Meta(description="Say where each score comes from. Needs a key that may do this.")
    ] = False
    highlight: Annotated[
        Highlight,
        Meta(
            description="How what matched is shown: HTML-escaped text with one of these tags "
            "around it, plain text with `offsets`, or `none`: plain text alone."
        ),
    ] = "mark"
    fields: Annotated[
        tuple[HitField, ...], Meta(max_length=40, description="Fields of the hits; all by default.")
    ] = ()
    cursor: Annotated[
        str,
        Meta(
            max_length=MAX_CURSOR_CHARS,
            description="The `next_cursor` of an answer to the same search: what follows on it, "
            "however deep. Takes the place of `page`.",
        ),
    ] = ""

    @property
    def is_half_typed(self) -> bool:
        """Whether more letters may follow on the last one."""
        return self.finish and not self.q[-1:].isspace()

    @property
    def is_filtered(self) -> bool:
        """Whether articles must be more than a match of the query."""
        lists = self.topic or self.language or self.audience or self.publisher
        return bool(lists) or self.reviewed_after is not None or self.reading_level_max is not None


class RelatedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which articles that are like one are wanted."""

    limit: Annotated[int, Meta(ge=1, le=MAX_RELATED, description="Articles at most.")] = 5
    language: Annotated[
        Filter,
        Meta(description="Only articles in one of these languages; by default the article's own."),
    ] = ()
