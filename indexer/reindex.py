"""The main flow: source → page → article → index → gate → publish, and a report of all of it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

import msgspec

from indexer.article import Article, content_hash
from indexer.errors import IndexFolderError, PageError, PageSkipped
from indexer.extraction import article_from_record, extract_page
from indexer.gate import check_build
from indexer.index.generations import Contents, GenerationStore
from indexer.index.writer import ArticleWriter
from indexer.limits import within_limits
from indexer.sources import Damaged, Page, PassedOver, Record, Source, SourceItem


class Trouble(msgspec.Struct, frozen=True):
    """Something that did not become an article, and why. ``url`` may be a path or a line."""

    url: str
    reason: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a reindex did.

    Attributes:
        generation: the generation that went live.
        articles: how many articles it holds.
        without_address: how many of them have no web address, so that their hits are no links.
        seen: items the sources offered, readable or not.
        indexed: new or changed articles.
        unchanged: articles equal to those of the generation before.
        deleted: articles of the generation before that are gone.
        skipped: what is not meant to be an article: noindex, no article, empty, a duplicate.
        failed: what should have become an article and could not.
    """

    generation: str
    articles: int
    without_address: int
    seen: int
    indexed: int
    unchanged: int
    deleted: int
    skipped: tuple[Trouble, ...]
    failed: tuple[Trouble, ...]


class NamedSource(NamedTuple):
    """A source and what the operator called it."""

    name: str
    source: Source


class Tally:
    """The running counts of a job, and which location gave each article."""

    def __init__(self, before: dict[str, str]) -> None:
        """Take the content hashes of the generation before, by article id."""
        self.seen = 0
        self.indexed = 0
        self.unchanged = 0
        self.skipped: list[Trouble] = []
        self.failed: list[Trouble] = []
        self._before = before
        self._locations: dict[str, str] = {}
        self._without_address = 0

    @property
    def reasons(self) -> list[str]:
        """Why items did not become articles, with where they came from."""
        return [f"{t.url}: {t.reason}" for t in (*self.failed, *self.skipped)]

    @property
    def deleted(self) -> int:
        """Articles of the generation before that have not been seen."""
        return len(self._before.keys() - self._locations.keys())

    def duplicate_of(self, article: Article) -> str | None:
        """Return where an article of this id came from before, if one did."""
        return self._locations.get(article.id)

    def count(self, article: Article, location: str) -> None:
        """Count an article that was written."""
        self._locations[article.id] = location
        self._without_address += not article.url.startswith(("http://", "https://"))
        if self._before.get(article.id) == content_hash(article):
            self.unchanged += 1
        else:
            self.indexed += 1

    def report(self, generation: str) -> Report:
        """Return the final report."""
        return Report(
            generation=generation,
            articles=len(self._locations),
            without_address=self._without_address,
            seen=self.seen,
            indexed=self.indexed,
            unchanged=self.unchanged,
            deleted=self.deleted,
            skipped=tuple(self.skipped),
            failed=tuple(self.failed),
        )


Progress = Callable[[Tally], None]


def reindex(
    store: GenerationStore,
    sources: Iterable[NamedSource],
    progress: Progress,
    base_url: str = "",
) -> Report:
    """Build a generation from all of ``sources`` and make it live.

    The sources are the whole new index: an article they no longer hold is gone from it. On any
    error the live generation is untouched.

    Args:
        store: the index folder.
        sources: where the pages come from.
        progress: is called after every item.
        base_url: against which relative addresses of pages are resolved.

    Raises:
        SourceError: a source fails as a whole.
        GateError: what was built must not go live.
        IndexFolderError: the folder is locked, or cannot be written.
    """
    named = tuple(sources)
    with store.writing() as writing:
        writing.sweep()
        tally = Tally(_live_hashes(store))
        with writing.build() as build:
            with ArticleWriter(build.whoosh) as writer:
                for _, source in named:
                    _write_source(source, writer, tally, progress, base_url)
            check_build(build.whoosh, len(writer.hashes), tally.reasons)
            contents = Contents(writer.hashes, writer.languages, tuple(n.name for n in named))
            generation = writing.publish(build, contents)
        writing.prune()
    return tally.report(generation.name)


def article_of(item: Page | Record, base_url: str = "") -> Article:
    """Return what the indexer makes of a page or a record.

    Raises:
        PageSkipped: it is not meant to be an article.
        PageError: it cannot become one.
    """
    if isinstance(item, Record):
        return within_limits(article_from_record(item))
    return within_limits(extract_page(item, base_url))


def _live_hashes(store: GenerationStore) -> dict[str, str]:
    """Return the hashes of the live generation; a missing or damaged one counts as empty."""
    with suppress(IndexFolderError):
        return store.current().hashes()
    return {}


def _write_source(
    source: Source, writer: ArticleWriter, tally: Tally, progress: Progress, base_url: str
) -> None:
    for item in source.items():
        tally.seen += 1
        _write_item(item, writer, tally, base_url)
        progress(tally)


def _write_item(item: SourceItem, writer: ArticleWriter, tally: Tally, base_url: str) -> None:
    if isinstance(item, PassedOver):
        tally.skipped.append(Trouble(item.location, item.reason))
        return
    if isinstance(item, Damaged):
        tally.failed.append(Trouble(item.location, item.reason))
        return
    try:
        article = article_of(item, base_url)
    except PageSkipped as skipped:
        tally.skipped.append(Trouble(item.location, str(skipped)))
        return
    except PageError as error:
        tally.failed.append(Trouble(item.location, str(error)))
        return
    except Exception as error:  # noqa: BLE001 - a page that trips a bug must not stop the job
        reason = f"unexpected {type(error).__name__}; please report this page"
        tally.failed.append(Trouble(item.location, reason))
        return
    if (first := tally.duplicate_of(article)) is not None:
        about = f"id {article.id}, address {article.url or 'none'}"
        tally.skipped.append(Trouble(item.location, f"same article as {first} ({about})"))
        return
    writer.add(article)
    tally.count(article, item.location)
