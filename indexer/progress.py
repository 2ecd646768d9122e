"""A progress bar on a terminal; nothing where there is none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from indexer.reindex import NamedSource, Tally
from indexer.reindex import Progress as OnProgress


@contextmanager
def progress_bar(sources: Sequence[NamedSource]) -> Iterator[OnProgress]:
    """Lend a function that shows a job's tally as a bar on standard error, if it is a terminal.

    The bar is determinate when every source knows its size.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _tally: None
        return
    sizes = [named.source.size() for named in sources]
    known = [size for size in sizes if size is not None]
    total = sum(known) if len(known) == len(sizes) else None
    columns = (
        SpinnerColumn(),
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Indexing", total=total)

        def show(tally: Tally) -> None:
            bar.update(task, completed=tally.seen)

        yield show
