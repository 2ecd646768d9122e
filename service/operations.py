"""What the API does, as data: each operation with what it takes and answers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from service.models import Health, Readiness
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse
from service.writing import (
    ArticleAddress,
    ArticleFields,
    Job,
    JobList,
    JobRequest,
    JobsQuery,
)

ASKING = ("query-empty", "query-too-long", "unknown-field", "invalid-field", "index-unavailable")
SENDING = ("invalid-json", "unsupported-media-type", "unknown-field", "invalid-field")
WRITING = ("unauthorized", "index-unwritable")

JSON = "application/json"

PAGE_PARAMETERS = {
    "q": "What to search for; without it the page only asks.",
    "page": "Page of results, from 1.",
    "sort": "`relevance`, `newest` or `reviewed`.",
    "topic": "Only articles on this topic; may be repeated.",
    "language": "Only articles in this language; may be repeated.",
    "expand": "`false` searches for nothing but what was typed.",
    "lang": "Language of the page itself: `en` or `es`.",
}

AFTER = (
    " The answer comes once the change is on the disk; it can be found about a second later. An "
    "article that no source holds goes with the next reindex without `update`."
)


class Operation(NamedTuple):
    """One operation: what it does, takes and answers.

    Attributes:
        path: the schema of the parameter in its path, with a description.
        statuses: of its answers, with what each means.
        guarded: it needs the admin key.
        explains: it needs the admin key for some of what it can tell.
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
    explains: bool = False
    is_conditional: bool = False


READING_OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("/v1/search", "get"): Operation(
        "Search by URL",
        "Ranked articles for a query, with highlighted snippets. Prefer POST: queries in URLs end "
        "up in histories and proxy logs. The answer has an `ETag` unless it ran out of time; it "
        "stays the same until the index changes, and to a request that shows it in "
        "`If-None-Match` the answer is 304, without a search. Answers are `no-store`, because "
        "they tell what somebody worries about: this is for programs that keep them themselves.",
        JSON,
        SearchResponse,
        parameters=SearchRequest,
        is_conditional=True,
        explains=True,
        problems=(*ASKING, "unauthorized"),
    ),
    ("/v1/search", "post"): Operation(
        "Search",
        "The same search with its fields in a JSON body, which keeps the query out of URLs.",
        JSON,
        SearchResponse,
        body=SearchRequest,
        explains=True,
        problems=(*ASKING, "unauthorized", "invalid-json", "unsupported-media-type"),
    ),
    ("/v1/suggest", "get"): Operation(
        "Complete by URL",
        "Titles, topics and frequent terms that what was typed may become, the most useful first. "
        "Prefer POST, for the same reason as for a search. No two suggestions say the same; where "
        "a title, a topic and a term do, the title stays, because it leads to its article. At most "
        "half of them are terms, unless there is nothing else.",
        JSON,
        SuggestResponse,
        parameters=SuggestRequest,
        problems=ASKING,
    ),
    ("/v1/suggest", "post"): Operation(
        "Complete",
        "The same with its fields in a JSON body, which keeps what is typed out of URLs.",
        JSON,
        SuggestResponse,
        body=SuggestRequest,
        problems=(*ASKING, "invalid-json", "unsupported-media-type"),
    ),
    ("/healthz", "get"): Operation(
        "Is the process alive?", "It does not look at the index.", JSON, Health
    ),
    ("/readyz", "get"): Operation(
        "Can searches be answered?",
        "Names the index that is served and its age; a problem with the reason if there is none.",
        JSON,
        Readiness,
        problems=("index-unavailable",),
    ),
    ("/metrics", "get"): Operation(
        "What has been counted?",
        "Searches, durations by route, and the index's age and size, in Prometheus' text format.",
        "text/plain",
    ),
    ("/openapi.json", "get"): Operation(
        "This document", "OpenAPI 3.1, made from the service's types.", JSON
    ),
    ("/docs", "get"): Operation("This document as a page", "For people.", "text/html"),
    ("/", "get"): Operation(
        "The search page",
        "For visitors; works without JavaScript. Parameters that it does not know are ignored. "
        "It answers with a page in every case: 422 for a query that is too long, 503 when there "
        "is no index.",
        "text/html",
        parameters=PAGE_PARAMETERS,
    ),
}

JOB_ID = {"type": "integer", "minimum": 1, "description": "The job's number."}
ARTICLE_ID = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "description": "The article's id: visible characters in NFC with single spaces between them, "
    "percent-encoded; slashes may be, too.",
}

WRITTEN = {202: "Written down; `Location` is the job to watch."}

WRITING_OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("/v1/jobs", "get"): Operation(
        "List jobs",
        "The newest first, those of the command line too.",
        JSON,
        JobList,
        parameters=JobsQuery,
        problems=("unknown-field", "invalid-field", *WRITING),
        guarded=True,
    ),
    ("/v1/jobs", "post"): Operation(
        "Start a reindex",
        "Makes the index what the configured sources are. Searches go on as before until the new "
        "index is live. There is one reindex at a time.",
        JSON,
        Job,
        body=JobRequest,
        needs_body=False,
        problems=(*SENDING, "source-unknown", "no-sources", "job-running", *WRITING),
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/jobs/{id}", "get"): Operation(
        "How far is a job?",
        "And how it ended. The newest thousand jobs are known.",
        JSON,
        Job,
        problems=("not-found", "job-unknown", *WRITING),
        path=JOB_ID,
        guarded=True,
    ),
    ("/v1/jobs/{id}", "delete"): Operation(
        "Cancel a job",
        "The live index stays as it is. A job that has ended stays in the list as it is.",
        JSON,
        Job,
        problems=("not-found", "job-unknown", *WRITING),
        path=JOB_ID,
        statuses={200: "It has ended, now or before.", 202: "It will stop within seconds."},
        guarded=True,
    ),
    ("/v1/articles/{id}", "put"): Operation(
        "Put in an article",
        "Puts in, or replaces, the article of this id: the `id` of a record in a JSON Lines file, "
        "or any other." + AFTER,
        JSON,
        Job,
        body=ArticleFields,
        problems=(*SENDING, "not-found", *WRITING),
        path=ARTICLE_ID,
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/articles/{id}", "delete"): Operation(
        "Take out an article",
        "Takes out the article of this id. It is no error if there is none.",
        JSON,
        Job,
        problems=("invalid-field", "not-found", *WRITING),
        path=ARTICLE_ID,
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/articles", "put"): Operation(
        "Put in an article by its address",
        "The same for sites that are indexed from their pages: a reindex knows the article by "
        "the same canonical address." + AFTER,
        JSON,
        Job,
        parameters=ArticleAddress,
        body=ArticleFields,
        problems=(*SENDING, *WRITING),
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/articles", "delete"): Operation(
        "Take out an article by its address",
        "Takes out the article of this address. It is no error if there is none.",
        JSON,
        Job,
        parameters=ArticleAddress,
        problems=("unknown-field", "invalid-field", *WRITING),
        statuses=WRITTEN,
        guarded=True,
    ),
}

OPERATIONS = {**READING_OPERATIONS, **WRITING_OPERATIONS}
