"""Article → index of record and columns: writes articles into segments of both."""

from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.article import Article, content_hash
from indexer.index.columns.builder import segment_arrays
from indexer.index.columns.container import write_arrays
from indexer.index.columns.layout import MAX_DOCUMENTS, columns_file
from indexer.index.generation import COLUMNS, WHOOSH, Mark
from indexer.index.inversion import Inversion
from indexer.index.postings import postings_of
from indexer.index.whoosh_segment import WhooshFolder


class ArticleWriter:
    """Writes a new index in a ``with`` block: complete at its end, none on an error.

    An index is two folders: Whoosh's, and that of the columns. A segment that is full is followed
    by another.

    Attributes:
        marks: what is to be remembered of every article added, by id.
    """

    def __init__(self, folder: Path) -> None:
        """Write below ``folder``."""
        self._columns = folder / COLUMNS
        for part in (folder / WHOOSH, self._columns):
            part.mkdir(parents=True, exist_ok=True)
        self._whoosh = WhooshFolder(folder / WHOOSH)
        self._begin()
        self.marks: dict[str, Mark] = {}

    def _begin(self) -> None:
        self._inversion = Inversion()
        self._articles: list[Article] = []

    def add(self, article: Article) -> Mark:
        """Add an article, whose id must be new to this index; return what is remembered of it."""
        if article.id in self.marks:
            raise ValueError(f"article {article.id} added twice")
        if len(self._articles) == MAX_DOCUMENTS or self._inversion.is_large:
            self._write()
            self._begin()
        self._inversion.add(article)
        self._articles.append(article)
        mark = self.marks[article.id] = mark_of(article)
        return mark

    def _write(self) -> None:
        segment = self._whoosh.new_segment()
        postings = postings_of(self._inversion)
        path = columns_file(self._columns, segment.segment_id())
        write_arrays(path, segment_arrays(self._inversion, self._articles, postings))
        del self._inversion  # Whoosh's part takes as much memory again
        self._whoosh.add(segment, self._articles, postings)

    def commit(self) -> None:
        """Complete the index."""
        if self._articles:
            self._write()
        self._whoosh.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()


def mark_of(article: Article) -> Mark:
    """Return what is remembered of an article beside the index."""
    text = blake2b(article.body.encode(), digest_size=8).hexdigest() if article.body else ""
    return Mark(content_hash(article), article.language, article.url, text)
