"""The jobs of the index: started, watched and stopped."""

from typing import get_args

from anyio import to_thread
from starlette.responses import Response

from indexer.errors import JobError
from indexer.index import job as book
from service.desk.visit import Visit, status_of
from service.endpoints.jobs import ask_for_job, number_of
from service.problems import ProblemError
from service.writing import MAX_LISTED_JOBS, JobRequest


async def jobs_page(visit: Visit) -> Response:
    """List the jobs, with a form that starts one."""
    return await _page(visit)


async def start(visit: Visit) -> Response:
    """Start a reindex of all configured sources."""
    asked = JobRequest(
        update=visit.form.get("mode") == "update",
        full="full" in visit.form,
        force="force" in visit.form,
    )
    try:
        await ask_for_job(visit.context, asked)
    except (JobError, ProblemError) as error:
        return await _page(visit, status_of(error), str(error))
    return visit.see("admin/jobs", "job-started")


async def cancel(visit: Visit) -> Response:
    """Ask a job to stop."""
    await to_thread.run_sync(visit.context.book.cancel, number_of(visit.request))
    return visit.see("admin/jobs", "job-canceled")


async def _page(visit: Visit, status: int = 200, message: str = "") -> Response:
    kind = visit.request.query_params.get("kind", "")
    kinds: tuple[book.Kind, ...] = ("reindex",) if kind == "reindex" else get_args(book.Kind)
    jobs = await to_thread.run_sync(visit.context.book.recent, kinds, MAX_LISTED_JOBS)
    return visit.page(
        "jobs.html",
        status,
        here="jobs",
        message=message,
        jobs=jobs,
        kind=kind,
        sources=len(visit.context.settings.sources),
        is_busy=any(job.finished_at is None for job in jobs),
    )
