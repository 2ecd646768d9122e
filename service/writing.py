"""What the write side of the API takes and answers: jobs, and changes to single articles."""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, UnsetType

from indexer.article import article_id
from indexer.index import job as book
from service.decoding import invalid
from service.search.blank import is_blank

MAX_ID_CHARS = 200
MAX_URL_CHARS = 2_048
MAX_LISTED_JOBS = 100

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
"""Other days are placeholders and typing errors; the indexer takes none of them."""

_REPLACED = "\ufffd"
"""What stands for bytes that are no text."""

Name = Annotated[str, Meta(max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(max_length=50)]

_BLANK = r"\x00-\x20\x7f-\xa0"
ADDRESS = rf"https?://[^{_BLANK}/?#][^{_BLANK}]*"


class JobRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reindex. Without any field, or without a body, all sources are read."""

    sources: (
        Annotated[
            tuple[str, ...],
            Meta(
                min_length=1,
                max_length=100,
                description="Some of the sources that the setting `sources` names, written as "
                "there. Without `update`, articles that only others hold are gone.",
            ),
        ]
        | UnsetType
    ) = UNSET
    update: Annotated[bool, Meta(description="Keep what the sources do not mention.")] = False
    full: Annotated[bool, Meta(description="Read every page and write every article again.")] = (
        False
    )
    force: Annotated[bool, Meta(description="Go live even if many articles are gone.")] = False


class JobsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which jobs to list."""

    limit: Annotated[int, Meta(ge=1, le=MAX_LISTED_JOBS, description="Jobs at most.")] = 20
    kind: Annotated[
        tuple[book.Kind, ...], Meta(description="Only jobs of this kind; may be repeated.")
    ] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job: a reindex, or a change to one article."""

    id: Annotated[int, Meta(ge=1)]
    kind: book.Kind
    state: Annotated[book.State, Meta(description="The last three are final: `succeeded` is live.")]
    article: Annotated[str, Meta(description="Id of the article that a change is about.")]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress: Annotated[
        book.Progress,
        Meta(description="In pages and records; `total` is null while it is not known."),
    ]
    is_canceled: Annotated[bool, Meta(description="It was asked to stop; it may not have yet.")]
    error: Annotated[str, Meta(description="Why it failed, on one line.")]
    generation: Annotated[str, Meta(description="The generation that it made live.")]


class JobList(msgspec.Struct, frozen=True):
    """Jobs, newest first."""

    jobs: tuple[Job, ...]


class ArticleAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names an article by its address, as reindex jobs name those they read from pages."""

    url: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_URL_CHARS,
            pattern=f"^{ADDRESS}$",
            description="The article's canonical address.",
            examples=["https://www.clinic.example/health/gout/"],
        ),
    ]


class ArticleFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An article; one of `title`, `text` and `html` must not be empty. Dates: 1950 to 2100."""

    url: Annotated[
        str,
        Meta(
            max_length=MAX_URL_CHARS,
            pattern=f"^({ADDRESS})?$",
            description="Its canonical address, where results link to.",
            examples=["https://www.clinic.example/health/gout/"],
        ),
    ] = ""
    title: Annotated[str, Meta(max_length=1_000)] = ""
    html: Annotated[str, Meta(description="Its HTML without the page around it.")] = ""
    text: Annotated[
        str, Meta(max_length=1_000_000, description="Its text, a block a line, if no `html`.")
    ] = ""
    description: Annotated[str, Meta(max_length=5_000)] = ""
    language: Annotated[
        str,
        Meta(
            pattern="^([A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8}){0,4})?$",
            description="`en`, `es-MX`; guessed from the text if empty.",
            examples=["en"],
        ),
    ] = ""
    published: date | None = None
    modified: date | None = None
    last_reviewed: Annotated[
        date | None, Meta(description="When a person last checked the content.")
    ] = None
    authors: Names = ()
    reviewer: Name = ""
    publisher: Name = ""
    topics: Names = ()
    tags: Names = ()
    audience: Names = ()


def job_of(job: book.Job) -> Job:
    """Return a job as the API shows it."""
    return msgspec.convert(job, Job, from_attributes=True)


def checked_id(text: str) -> str:
    """Return an article's id if the index keeps it as it is.

    Raises:
        ProblemError: it is empty, too long, or holds what nobody sees.
    """
    tidy = unicodedata.normalize("NFC", " ".join(text.split()))
    if not 0 < len(text) <= MAX_ID_CHARS:
        raise invalid("/id", f"Expected 1 to {MAX_ID_CHARS} characters.")
    if text != tidy or not text.isprintable() or _REPLACED in text:
        raise invalid("/id", "Expected visible characters in NFC, and single spaces inside.")
    return text


def named_by(address: ArticleAddress) -> tuple[str, str]:
    """Return the id and the url of the article at an address.

    Raises:
        ProblemError: the address is malformed.
    """
    url = _checked_url(address.url)
    return article_id(url), url


def record_of(fields: ArticleFields, url: str = "") -> dict[str, Any]:
    """Return the fields as the book of jobs keeps them, with ``url`` if the caller named one.

    Raises:
        ProblemError: they contradict each other or ``url``, or do not make an article.
    """
    if url and fields.url not in ("", url):
        raise invalid("/url", "Expected the address of the request, or nothing.")
    if all(map(is_blank, (fields.title, fields.html, fields.text))):
        raise invalid("/text", "Say something in title, text or html.")
    for name, day in _days(fields):
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise invalid(f"/{name}", f"Expected a day from {FIRST_DAY} to {LAST_DAY}.")
    own = url or (_checked_url(fields.url) if fields.url else "")
    record: dict[str, Any] = msgspec.to_builtins(fields)
    return {**record, "url": own}


def _days(fields: ArticleFields) -> Iterable[tuple[str, date | None]]:
    return ((name, getattr(fields, name)) for name in ("published", "modified", "last_reviewed"))


def _checked_url(url: str) -> str:
    """Return an address as the indexer writes those it finds in pages."""
    try:
        parts = urlsplit(unicodedata.normalize("NFC", url))
    except ValueError:
        parts = None
    if parts is None or url.split() != [url]:
        raise invalid("/url", "Expected the address of a page.")
    return parts.geturl()
