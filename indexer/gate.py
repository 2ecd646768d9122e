"""What must hold before a generation goes live."""

from collections.abc import Sequence
from pathlib import Path

from whoosh.index import open_dir

from indexer.errors import GateError

UNTOUCHED = "The live generation is untouched."

MAX_DROP = 0.2
"""The share of the articles that may be gone from one job to the next: more looks like a broken
export or half a site, and would empty the site's search."""


def check_articles(articles: int, reasons: Sequence[str]) -> None:
    """Check that there is anything to search in.

    Args:
        articles: how many articles there are.
        reasons: why other items did not become articles, for the message.

    Raises:
        GateError: there is none.
    """
    if not articles:
        why = f" The first reason: {reasons[0]}." if reasons else ""
        raise GateError(
            f"The sources hold no article ({len(reasons)} items skipped or failed).{why} "
            f"{UNTOUCHED}"
        )


def check_drop(before: int, after: int, max_drop: float) -> None:
    """Check that the new generation does not lack a large share of the articles.

    Raises:
        GateError: it does.
    """
    if round(before * max_drop, 6) < before - after:
        raise GateError(
            f"There would be {after} articles instead of {before}, "
            f"{1 - after / before:.0%} fewer; at most {max_drop:.0%} may go at once. {UNTOUCHED} "
            "Look at the source, or run again with --force."
        )


def check_build(whoosh: Path, articles: int) -> None:
    """Check that a finished build opens and holds what was written.

    Args:
        whoosh: the folder of the build's Whoosh index.
        articles: how many articles there should be.

    Raises:
        GateError: Whoosh cannot open it, or reads back another number of them.
    """
    found = _count(whoosh)
    if found != articles:
        raise GateError(
            f"The build holds {found} articles instead of {articles}. "
            f"{UNTOUCHED} Run the reindex again."
        )


def _count(whoosh: Path) -> int:
    try:
        index = open_dir(str(whoosh), readonly=True)
        try:
            return int(index.doc_count())
        finally:
            index.close()
    except Exception as error:
        raise GateError(
            f"The build cannot be opened ({type(error).__name__}). "
            f"{UNTOUCHED} Run the reindex again."
        ) from error
