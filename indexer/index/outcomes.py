"""How the jobs of an index folder went, in a few numbers."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import get_args

import msgspec

from indexer.index.database import Database
from indexer.index.job import Kind, State
from indexer.index.jobs import JOBS


class Outcomes(msgspec.Struct, frozen=True):
    """How jobs went.

    Attributes:
        counts: jobs in the book by kind and state, 0 where there are none.
        succeeded_at: when the last job that succeeded ended, by kind.
        last: how the last job ended that succeeded or failed, by kind.
    """

    counts: Mapping[tuple[str, ...], int]
    succeeded_at: Mapping[str, datetime]
    last: Mapping[str, str]


def outcomes_in(folder: Path) -> Outcomes | None:
    """Return how the jobs of an index folder went; None if none was ever asked for.

    Raises:
        IndexUnwritable: the book of jobs cannot be read.
    """
    if not (folder / JOBS).exists():
        return None
    counts: dict[tuple[str, ...], int] = {
        (kind, state): 0 for kind in get_args(Kind) for state in get_args(State)
    }
    ended: dict[tuple[str, ...], datetime] = {}
    with Database(folder / JOBS, "").reading() as db:
        rows = db.execute("SELECT kind, state, count(*), max(finished_at) FROM jobs GROUP BY 1, 2")
        for kind, state, count, at in rows:
            counts[kind, state] = count
            if at and state in ("succeeded", "failed"):
                ended[kind, state] = datetime.fromisoformat(at)
    succeeded = {kind: at for (kind, state), at in ended.items() if state == "succeeded"}
    last = {kind: state for (kind, state), _ in sorted(ended.items(), key=lambda pair: pair[1])}
    return Outcomes(counts, succeeded, last)
