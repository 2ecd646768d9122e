"""Article → Whoosh: writes articles into an index of record."""

from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from whoosh.index import create_in
from whoosh.writing import IndexWriter

from indexer.article import Article, content_hash
from indexer.index.generation import Mark
from indexer.index.schema import document, whoosh_schema

MEMORY_MB = 256
"""Postings kept in memory before Whoosh sorts them out to disk; its own default is 128."""


class ArticleWriter:
    """Writes a new Whoosh index in a ``with`` block: committed at its end, cancelled on an error.

    Attributes:
        marks: what is to be remembered of every article added, by id.
    """

    def __init__(self, folder: Path) -> None:
        self._writer: IndexWriter = create_in(str(folder), whoosh_schema()).writer(
            limitmb=MEMORY_MB
        )
        self.marks: dict[str, Mark] = {}

    def add(self, article: Article) -> Mark:
        """Add an article, whose id must be new to this index; return what is remembered of it."""
        if article.id in self.marks:
            raise ValueError(f"article {article.id} added twice")
        stored = msgspec.msgpack.encode(article)
        self._writer.add_document(article=stored, **document(article))
        mark = self.marks[article.id] = mark_of(article)
        return mark

    def commit(self) -> None:
        """Complete the index."""
        self._writer.commit(optimize=True)

    def cancel(self) -> None:
        """Close the files of an index that will not be completed."""
        self._writer.cancel()

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
        else:
            self.cancel()


def mark_of(article: Article) -> Mark:
    """Return what is remembered of an article beside the index."""
    text = blake2b(article.body.encode(), digest_size=8).hexdigest() if article.body else ""
    return Mark(content_hash(article), article.language, article.url, text)
