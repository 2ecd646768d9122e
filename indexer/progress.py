"""How far a job is, for who runs it: a bar on a terminal, now and then a line elsewhere."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from indexer.reindex import NamedSource
from indexer.tally import Tally

LINE_SECONDS = 30.0
"""Between two lines in the log of a job that runs without a terminal."""

Show = Callable[[Tally], None]


def total_of(sources: Sequence[NamedSource]) -> int | None:
    """Return how many items there will be, or None where a source does not know."""
    sizes = [named.source.size() for named in sources]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


@contextmanager
def shown_progress(total: int | None) -> Iterator[Show]:
    """Lend a function that shows a job's tally on standard error, with rate and time left."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console, total).show
        return
    columns = (
        SpinnerColumn(),
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Indexing", total=total)
        yield lambda tally: _update(bar, task, tally)


def _update(bar: Progress, task: TaskID, tally: Tally) -> None:
    if tally.to_embed:
        done, total = tally.embedded, tally.to_embed
        bar.update(task, description="Embedding", completed=done, total=total)
    else:
        bar.update(task, completed=tally.seen)


class _Lines:
    """Says every half minute how far a job is."""

    def __init__(self, console: Console, total: int | None) -> None:
        self._console = console
        self._total = total
        self._began = self._said = time.monotonic()

    def show(self, tally: Tally) -> None:
        """Say it, if it is time."""
        now = time.monotonic()
        if now - self._said >= LINE_SECONDS:
            self._said = now
            self._console.out(describe(tally, self._total, now - self._began), highlight=False)


def describe(tally: Tally, total: int | None, seconds: float) -> str:
    """Return how far a job is after so many seconds, with its rate and the time left."""
    if tally.to_embed:
        return f"{tally.embedded:,} of {tally.to_embed:,} articles embedded"
    rate = tally.seen / seconds
    of = f" of {total:,}" if total else ""
    left = f", about {max(total - tally.seen, 0) / rate:.0f} s left" if total and rate else ""
    return (
        f"{tally.seen:,}{of} items, {len(tally.skipped):,} skipped, {len(tally.failed):,} failed, "
        f"{rate:.0f} a second{left}"
    )
