"""``/v1/jobs``: starting, watching and canceling jobs."""

from typing import get_args

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from indexer.errors import JobUnknown
from indexer.index import job as book
from service.context import Context, context_of
from service.decoding import body_fields, converted, invalid, query_fields
from service.problems import ProblemError
from service.writing import JobList, JobRequest, JobsQuery, job_of

MAX_NUMBER = 2**63 - 1
"""What SQLite can count."""


async def list_jobs(request: Request) -> Response:
    """List the newest jobs."""
    fields = query_fields(request.query_params, JobsQuery, ("kind",))
    asked = converted(fields, JobsQuery, strict=False)
    kinds = asked.kind or get_args(book.Kind)
    jobs = await to_thread.run_sync(context_of(request).book.recent, kinds, asked.limit)
    return _json(JobList(tuple(map(job_of, jobs))))


async def start_job(request: Request) -> Response:
    """Write down a reindex that is to be done."""
    fields = await body_fields(request, JobRequest) if await request.body() else {}
    job = await ask_for_job(context_of(request), converted(fields, JobRequest))
    return accepted(request, job)


async def ask_for_job(context: Context, asked: JobRequest) -> book.Job:
    """Write down a reindex that is to be done.

    Raises:
        ProblemError: there are no sources, or not those that are asked for.
        JobRunning: there is one already that has not ended.
        IndexUnwritable: the book of jobs cannot be written.
    """
    configured = context.settings.sources
    if not configured:
        raise ProblemError("no-sources")
    chosen = tuple(dict.fromkeys(asked.sources or configured))
    for place, source in enumerate(chosen):
        if source not in configured:  # neither it nor the others are told: they may hold passwords
            detail = "Expected one of the configured sources, as the setting has it."
            raise invalid(f"/sources/{place}", detail, "source-unknown")
    wanted = book.Request(sources=chosen, update=asked.update, full=asked.full, force=asked.force)
    return await to_thread.run_sync(context.book.ask_for_reindex, wanted)


async def show_job(request: Request) -> Response:
    """Show one job."""
    job = await to_thread.run_sync(context_of(request).book.get, number_of(request))
    return _json(job_of(job))


async def cancel_job(request: Request) -> Response:
    """Cancel a job: 202 while it has yet to stop, 200 if it has ended, now or before."""
    job = await to_thread.run_sync(context_of(request).book.cancel, number_of(request))
    return _json(job_of(job), 202 if job.finished_at is None else 200)


def accepted(request: Request, job: book.Job) -> Response:
    """Return the answer to what is written down and will be done."""
    headers = {"Location": f"{request.scope.get('root_path', '')}/v1/jobs/{job.id}"}
    return _json(job_of(job), 202, headers)


def number_of(request: Request) -> int:
    """Return the number of the job that a path names.

    Raises:
        JobUnknown: it is none that there can be.
    """
    number: int = request.path_params["id"]
    if number > MAX_NUMBER:
        raise JobUnknown("There is no such job.")
    return number


def _json(
    body: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json")
