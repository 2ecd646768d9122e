"""What must hold before a generation goes live."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import msgspec
from whoosh.index import open_dir

from indexer.errors import GateError, IndexFolderError
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore

UNTOUCHED = "The live generation is untouched."

MAX_DROP = 0.2
"""The share of the articles that may be gone from one job to the next: more looks like a broken
export or half a site, and would empty the site's search."""


MAX_SAME = 0.5
MIN_SAME = 5
"""The share of articles with one text, and their number, from which a site does not answer as
itself. Of the 16,423 articles of MedQuAD, which repeat themselves a lot, 2% have one text."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What judged queries found in a generation before it went live.

    Attributes:
        queries: how many there are.
        figures: means over them, by name.
        live: the same of the generation that was live; empty if there was none, or it is damaged.
        floors: what the figures must not fall below; for ``zero_hits`` not rise above.
        broken: a clause for each floor that is broken.
        fell: where one is broken, the queries that fell most, or else the lowest ones.
        absent: judged articles that the generation does not hold, by the names they are judged by.
    """

    queries: int
    figures: Mapping[str, float]
    live: Mapping[str, float] = {}
    floors: Mapping[str, float] = {}
    broken: tuple[str, ...] = ()
    fell: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Judge(Protocol):
    """Runs judged queries on a generation."""

    def __call__(self, build: Generation, live: Generation | None, /) -> Judged:
        """Measure a complete build beside the live generation."""
        ...


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
            "See what would go with --dry-run, mend the source, or run again with --force."
        )


def check_sameness(before: Iterable[str], after: Iterable[str]) -> None:
    """Check that the articles do not all say the same where they did not before.

    Args:
        before: what tells the texts of the live articles apart; empty for one without any.
        after: the same of the new generation.

    Raises:
        GateError: most articles have become one text: a site that answers every address with a
            notice of maintenance, or asks to log in.
    """
    live, (most, total) = _most_alike(before), _most_alike(after)
    if live[1] and live[0] <= MAX_SAME * live[1] and most >= MIN_SAME and most > MAX_SAME * total:
        raise GateError(
            f"{most} of {total} articles would have the very same text, as if the site were "
            f"under maintenance or asked to log in. {UNTOUCHED} Look at the source, or run again "
            "with --force."
        )


def _most_alike(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many have the most frequent text, and how many have any."""
    counts = Counter(text for text in texts if text)
    return max(counts.values(), default=0), counts.total()


def judge_build(
    judge: Judge | None, store: GenerationStore, build: Generation, *, force: bool
) -> tuple[Generation, Judged | None]:
    """Run the judged queries, if there are any, on a complete build, and note what they found.

    Args:
        judge: runs them.
        store: of the index; the live generation is measured beside the build if it is whole.
        build: what is to go live.
        force: let it go live all the same.

    Returns:
        The build with the figures in its manifest, and all that was found.

    Raises:
        GateError: a floor is broken.
    """
    if judge is None:
        return build, None
    live = None
    with suppress(IndexFolderError):
        live = store.current()
    judged = judge(build, live)
    if judged.broken and not force:
        raise GateError(
            f"{'; '.join(judged.broken)}. Look at {', '.join(judged.fell)}. {UNTOUCHED} "
            "Mend what changed, or run again with --force."
        )
    manifest = msgspec.structs.replace(build.manifest, figures=dict(judged.figures))
    return replace(build, manifest=manifest), judged


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
