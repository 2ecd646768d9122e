"""What changes the index: jobs and single articles."""

from service.operations.operation import ARTICLE_ID, JSON, SENDING, Operation, Operations
from service.writing import (
    ArticleAddress,
    ArticleFields,
    Job,
    JobList,
    JobRequest,
    JobsQuery,
)

WRITING_PROBLEMS = ("unauthorized", "index-unwritable")

AFTER = (
    " The answer comes once the change is on the disk; it can be found about a second later. An "
    "article that no source holds goes with the next reindex without `update`."
)


JOB_ID = {"type": "integer", "minimum": 1, "description": "The job's number."}
WRITTEN = {202: "Written down; `Location` is the job to watch."}

WRITING: Operations = {
    ("/v1/jobs", "get"): Operation(
        "List jobs",
        "The newest first, those of the command line too.",
        JSON,
        JobList,
        parameters=JobsQuery,
        problems=("unknown-field", "invalid-field", *WRITING_PROBLEMS),
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
        problems=(*SENDING, "source-unknown", "no-sources", "job-running", *WRITING_PROBLEMS),
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/jobs/{id}", "get"): Operation(
        "How far is a job?",
        "And how it ended. The newest thousand jobs are known.",
        JSON,
        Job,
        problems=("not-found", "job-unknown", *WRITING_PROBLEMS),
        path=JOB_ID,
        guarded=True,
    ),
    ("/v1/jobs/{id}", "delete"): Operation(
        "Cancel a job",
        "The live index stays as it is. A job that has ended stays in the list as it is.",
        JSON,
        Job,
        problems=("not-found", "job-unknown", *WRITING_PROBLEMS),
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
        problems=(*SENDING, "not-found", *WRITING_PROBLEMS),
        path=ARTICLE_ID,
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/articles/{id}", "delete"): Operation(
        "Take out an article",
        "Takes out the article of this id. It is no error if there is none.",
        JSON,
        Job,
        problems=("invalid-field", "not-found", *WRITING_PROBLEMS),
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
        problems=(*SENDING, *WRITING_PROBLEMS),
        statuses=WRITTEN,
        guarded=True,
    ),
    ("/v1/articles", "delete"): Operation(
        "Take out an article by its address",
        "Takes out the article of this address. It is no error if there is none.",
        JSON,
        Job,
        parameters=ArticleAddress,
        problems=("unknown-field", "invalid-field", *WRITING_PROBLEMS),
        statuses=WRITTEN,
        guarded=True,
    ),
}
