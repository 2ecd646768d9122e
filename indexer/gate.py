"""What must hold before a generation goes live."""

from pathlib import Path

from whoosh.index import open_dir

from indexer.errors import GateError


def check_build(whoosh: Path, articles: int, reasons: list[str]) -> None:
    """Check that a finished build opens and holds what was written.

    Args:
        whoosh: the folder of the build's Whoosh index.
        articles: how many articles were written.
        reasons: why other pages did not become articles, for the message.

    Raises:
        GateError: there is no article, or Whoosh reads back another number of them.
    """
    if not articles:
        why = f" The first reason: {reasons[0]}." if reasons else ""
        raise GateError(
            f"The sources hold no article ({len(reasons)} items skipped or failed).{why} "
            "The live generation is untouched."
        )
    found = _count(whoosh)
    if found != articles:
        raise GateError(
            f"The build holds {found} articles instead of {articles}. "
            "The live generation is untouched; run the reindex again."
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
            "The live generation is untouched; run the reindex again."
        ) from error
