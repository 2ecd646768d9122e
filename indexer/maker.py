"""One process's share of a job: item → article → a part of the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from indexer.article import Article
from indexer.errors import PageError, PageSkipped
from indexer.extraction import article_from_record, extract_page
from indexer.index.generation import Mark
from indexer.index.writer import ArticleWriter, mark_of
from indexer.limits import within_limits
from indexer.sources import Page, Record

Work = Page | Record | Article
"""What can be made into an article, or is one already and is to be written again."""


class Made(msgspec.Struct, frozen=True):
    """An article came of it.

    Attributes:
        id: the article's.
        mark: what is remembered of it.
        part: the name of the part it was written to; empty if it needed no writing.
    """

    id: str
    mark: Mark
    part: str = ""


class Refused(msgspec.Struct, frozen=True):
    """No article came of it: it is not meant to be one, or failed to become one."""

    reason: str
    is_failure: bool


Outcome = Made | Refused


@dataclass(frozen=True)
class Task:
    """What every process of a job needs to know.

    Attributes:
        parts: the folder where each writes a part of its own.
        base_url: against which relative addresses are resolved.
        known: the articles that are there already and need no writing, by id.
        writes: whether anything is written at all; a trial run only looks.
    """

    parts: Path
    base_url: str
    known: Mapping[str, Mark]
    writes: bool = True


class Maker:
    """Makes articles of items, and writes those that are new into one part of the index."""

    def __init__(self, task: Task, name: str) -> None:
        self._task = task
        self._name = name
        self._writer: ArticleWriter | None = None

    def make(self, work: Work) -> Outcome:
        """Return what came of an item.

        Raises:
            OSError: the part cannot be written.
        """
        if isinstance(work, Article):
            return self._write(work)
        try:
            article = article_of(work, self._task.base_url)
        except PageSkipped as skipped:
            return Refused(str(skipped), is_failure=False)
        except PageError as error:
            return Refused(str(error), is_failure=True)
        except Exception as error:  # noqa: BLE001 - a page that trips a bug must not stop the job
            reason = f"unexpected {type(error).__name__}; please report this page"
            return Refused(reason, is_failure=True)
        known = self._task.known.get(article.id)
        if known is not None and known == mark_of(article):
            return Made(article.id, known)
        return self._write(article)

    def _write(self, article: Article) -> Made:
        if self._task.writes:
            if self._writer is None:
                folder = self._task.parts / self._name
                folder.mkdir()
                self._writer = ArticleWriter(folder)
            if article.id not in self._writer.marks:
                return Made(article.id, self._writer.add(article), self._name)
        return Made(article.id, mark_of(article), self._name)

    def finish(self) -> None:
        """Complete the part."""
        if self._writer is not None:
            self._writer.commit()
            self._writer = None

    def cancel(self) -> None:
        """Leave the part as it is: the build's folder will be removed."""
        self._writer = None


def article_of(item: Page | Record, base_url: str = "") -> Article:
    """Return what the indexer makes of a page or a record.

    Raises:
        PageSkipped: it is not meant to be an article.
        PageError: it cannot become one.
    """
    if isinstance(item, Record):
        return within_limits(article_from_record(item))
    return within_limits(extract_page(item, base_url))
