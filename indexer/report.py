"""What a job did, in lines for people."""

from collections.abc import Iterator, Sequence

from indexer.gate import Judged
from indexer.index.job import Job
from indexer.tally import Change, Report, Trouble

SHOWN = 20
"""Lines of each kind that are shown; ``--json`` has all."""


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report, the sum of it first."""
    counts = (
        f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.deleted} deleted."
    )
    if report.generation:
        yield f"{report.generation} is live with {report.articles} articles: {counts}"
    else:
        yield f"Nothing was changed. There would be {report.articles} articles: {counts}"
    if report.refusal:
        yield f"It would not go live: {report.refusal}"
    if report.judged:
        yield from _judged(report.judged)
    for kind in ("new", "changed", "deleted"):
        yield from _changes(kind, [change for change in report.changes if change.kind == kind])
    if report.kept:
        yield f"{report.kept} articles stay as they were: their pages could not be read now."
    if report.without_address:
        yield (
            f"{report.without_address} articles have no web address, so their hits are no links: "
            "pages can be given one with --base-url."
        )
    yield from _troubles("skipped", report.skipped)
    yield from _troubles("failed", report.failed)


def job_line(job: Job) -> str:
    """Return a job on one line."""
    progress = job.progress
    what = f"{job.kind} {job.article}".strip()
    done = f", {progress.done:,} items" if job.kind == "reindex" else ""
    done += f", {progress.failed:,} failed" if progress.failed else ""
    why = f": {job.error}" if job.error else ""
    return f"{job.id:>6} {job.created_at:%Y-%m-%d %H:%M} UTC {what}, {job.state}{done}{why}"


def _judged(judged: Judged) -> Iterator[str]:
    """Yield what judged queries found; they are the operator's own, so that they may be shown."""
    yield f"{judged.queries} judged queries:"
    for name, value in judged.figures.items():
        live = f", before {judged.live[name]:.4f}" if name in judged.live else ""
        yield f"  {name} {value:.4f}{live}"
    if judged.broken:
        yield "It went live all the same, by --force:"
        yield from (f"  {each}" for each in (*judged.broken, *judged.fell))
    yield from _limited(
        f"{len(judged.absent)} judged articles are not in the index:", judged.absent
    )


def _changes(kind: str, changes: Sequence[Change]) -> Iterator[str]:
    lines = [f"{change.url or change.id}" for change in changes]
    yield from _limited(f"{len(changes)} {kind}:", lines)


def _troubles(name: str, troubles: Sequence[Trouble]) -> Iterator[str]:
    lines = [f"{trouble.url}: {trouble.reason}" for trouble in troubles]
    yield from _limited(f"{len(troubles)} {name}:", lines)


def _limited(head: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield head
    yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  … and {len(lines) - SHOWN} more (--json lists all)"
