"""A job: what is asked for, how far it is, how it ended."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Kind = Literal["reindex", "put", "delete"]
State = Literal["enqueued", "processing", "succeeded", "failed", "canceled"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a reindex is asked to do.

    Attributes:
        sources: as the operator names them.
        update: keep what the sources do not mention.
        full: read every page and write every article again.
        force: go live even if many articles are gone.
    """

    sources: tuple[str, ...]
    update: bool = False
    full: bool = False
    force: bool = False


class Progress(msgspec.Struct, frozen=True):
    """How far a job is, in items of its sources; ``total`` is None while it is not known."""

    done: int = 0
    total: int | None = None
    skipped: int = 0
    failed: int = 0


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the book.

    Attributes:
        article: the id of the article that a ``put`` or ``delete`` is about.
        is_canceled: someone asked that it stop; it may not have yet.
        error: why it failed, on one line.
        generation: what it made live.
    """

    id: int
    kind: Kind
    state: State
    article: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress: Progress
    is_canceled: bool
    error: str
    generation: str


class Edit(msgspec.Struct, frozen=True):
    """A change to a single article: its new fields, or None to take it out."""

    job: int
    article: str
    fields: dict[str, Any] | None
