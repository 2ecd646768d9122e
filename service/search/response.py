"""What a search answers. Encoded as it stands, these types are the body of ``/v1/search``."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Html = Annotated[
    str,
    Meta(
        description="HTML-escaped text with <mark>, or the tag asked for, around what matched; "
        "plain text if `highlight` is `offsets` or `none`."
    ),
]


class Range(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a text, in code points; what is at ``end`` is not of it."""

    start: int
    end: int


class SectionLink(msgspec.Struct, frozen=True, gc=False):
    """The section of an article in which the best snippet stands."""

    heading: str
    anchor: Annotated[str, Meta(description="Fragment for `url#anchor`; may be empty.")] = ""


class Highlights(msgspec.Struct, frozen=True, gc=False):
    """The title and the best sentences, escaped and marked."""

    title: tuple[Html, ...]
    body: tuple[Html, ...]
    title_ranges: Annotated[
        tuple[tuple[Range, ...], ...],
        Meta(description="Where matches stand in each text, if asked for."),
    ] = ()
    body_ranges: tuple[tuple[Range, ...], ...] = ()


class Reason(msgspec.Struct, frozen=True, gc=False):
    """A part of a hit's score."""

    what: Annotated[str, Meta(description="What kind of part: `word`, `title`, `pairs`, `age`.")]
    detail: str
    value: Annotated[float, Meta(description="What it adds to the score.")]


class Hit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One article of the answer."""

    id: str
    url: str
    title: str
    score: float
    language: str
    published: date | None = None
    modified: date | None = None
    last_reviewed: date | None = None
    outdated: Annotated[
        bool, Meta(description="Whether nobody has looked at it for years, as far as is known.")
    ] = False
    publisher: str = ""
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    words: int = 0
    reading_grade: Annotated[
        float | None, Meta(description="School grade from which it can be read, as estimated.")
    ] = None
    related: Annotated[
        bool, Meta(description="Whether it does not match, but is like articles that do.")
    ] = False
    pinned: Annotated[bool, Meta(description="Whether the site's editors put it here.")] = False
    raised: Annotated[
        bool, Meta(description="Whether it stands here because of a notice: it may help at once.")
    ] = False
    section: SectionLink | None = None
    highlights: Highlights
    explanation: Annotated[
        tuple[Reason, ...], Meta(description="The parts of the score, if `explain` asked for them.")
    ] = ()


class FacetCount(msgspec.Struct, frozen=True, gc=False):
    """How many of all matching articles carry a value."""

    value: str
    count: int


class Expansion(msgspec.Struct, frozen=True):
    """A term of the query that was also searched under other names."""

    term: str
    to: tuple[str, ...]


class NoticeAction(msgspec.Struct, frozen=True):
    """What somebody can do at once: call a number, or open a page."""

    label: str
    href: Annotated[str, Meta(description="An address that begins with `tel:` or `https:`.")]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message for the visitor beside the results, such as an emergency number."""

    kind: Annotated[str, Meta(description="Stable name, such as `overdose`.")]
    severity: Literal["emergency", "crisis", "info"]
    title: str
    text: Annotated[str, Meta(description="Plain text.")]
    actions: tuple[NoticeAction, ...] = ()
    language: str
    country: Annotated[
        str, Meta(description="ISO 3166 code of the country whose numbers these are, or empty.")
    ] = ""


class IndexInfo(msgspec.Struct, frozen=True):
    """Which state of the index gave the answer."""

    generation: str
    built_at: datetime
    articles: int
    lexicon: Annotated[
        str, Meta(description="Edition of the site's own names; empty without such.")
    ] = ""
    editorial: Annotated[
        str, Meta(description="Edition of the site's own notices and rules; empty without such.")
    ] = ""


class SearchResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A page of ranked hits and what goes with it."""

    query: Annotated[str, Meta(description="The query as it was understood: NFC, one line.")]
    total: Annotated[int, Meta(description="How many articles match.")]
    total_relation: Literal["eq", "gte"]
    related: Annotated[
        int, Meta(description="How many more follow that are like the few that match.")
    ] = 0
    page: int
    per_page: int
    took_ms: Annotated[float, Meta(description="Milliseconds from parsing to snippets.")]
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    did_you_mean: Annotated[str | None, Meta(description="The query as it was probably meant.")] = (
        None
    )
    corrected: Annotated[
        bool, Meta(description="Whether the hits are those of `did_you_mean`.")
    ] = False
    expansions: tuple[Expansion, ...] = ()
    absent: Annotated[
        tuple[str, ...],
        Meta(description="Words of the query that no article has, under none of their names."),
    ] = ()
    notices: tuple[Notice, ...] = ()
    next_cursor: Annotated[
        str | None, Meta(description="Ask with it as `cursor` for what follows; null at the end.")
    ] = None
    index: IndexInfo


class RelatedResponse(msgspec.Struct, frozen=True):
    """Articles that are like one, the most alike first."""

    id: str
    hits: tuple[Hit, ...]
    index: IndexInfo
