"""What may be asked while somebody types, and what is answered: the body of ``/v1/suggest``."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.search.request import FilterValue

MAX_TYPED_CHARS = 100
MAX_SUGGESTIONS = 20

Kind = Literal["title", "topic", "term"]


class SuggestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was typed. The same fields are query parameters of GET and the JSON body of POST."""

    q: Annotated[
        str,
        Meta(
            description="What stands in the search box; its last word may be only begun.",
            examples=["blood pre"],
            min_length=1,
            max_length=MAX_TYPED_CHARS,
        ),
    ]
    limit: Annotated[int, Meta(ge=1, le=MAX_SUGGESTIONS, description="Suggestions at most.")] = 8
    language: Annotated[
        tuple[FilterValue, ...],
        Meta(max_length=20, description="Only from articles in one of these languages."),
    ] = ()


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A completion of what was typed."""

    text: Annotated[str, Meta(description="What to put into the search box.")]
    kind: Annotated[
        Kind,
        Meta(
            description="`title` of an article, `topic` of several, or a `term` that titles or "
            "texts often hold."
        ),
    ]
    highlight: Annotated[
        str,
        Meta(
            description="The text, HTML-escaped, with <mark> around what completes what was typed."
        ),
    ]
    url: Annotated[str, Meta(description="The address of a `title`'s article, if it has one.")] = ""


class SuggestResponse(msgspec.Struct, frozen=True):
    """The completions, the most useful first."""

    query: Annotated[str, Meta(description="What was typed, as it was read: NFC, one line.")]
    suggestions: tuple[Suggestion, ...]
