"""An operation of the API as data: what it does, takes and answers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

JSON = "application/json"

SENDING = ("invalid-json", "unsupported-media-type", "unknown-field", "invalid-field")
"""Problems of a body with fields."""


ARTICLE_ID = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "description": "The article's id: visible characters in NFC with single spaces between them, "
    "percent-encoded; slashes may be, too.",
}
"""The parameter in the path of an article's routes."""


class Operation(NamedTuple):
    """One operation: what it does, takes and answers.

    Attributes:
        media_type: of the answer; empty if it has no body.
        path: the schema of the parameter in its path, with a description.
        statuses: of its answers, with what each means.
        guarded: it needs a key, one for its action.
        is_conditional: it has an entity tag, and answers 304 to who shows it.
    """

    summary: str
    description: str
    media_type: str
    answer: type | None = None
    parameters: Mapping[str, str] | type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    problems: tuple[str, ...] = ()
    path: Mapping[str, Any] | None = None
    statuses: Mapping[int, str] = {200: "The answer."}
    needs_body: bool = True
    guarded: bool = False
    is_conditional: bool = False


Operations = Mapping[tuple[str, str], Operation]
"""Operations by path and method."""
