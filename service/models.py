"""The API's own types beside those of a search; the OpenAPI document is made from them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.search.response import IndexInfo


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
