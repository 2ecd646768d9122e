"""Article → Whoosh: writes the articles of one generation into its index of record."""

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from whoosh.index import create_in
from whoosh.writing import IndexWriter

from indexer.article import Article, content_hash
from indexer.index.schema import document, whoosh_schema

MEMORY_MB = 256
"""Postings kept in memory before Whoosh sorts them out to disk; its own default is 128."""


class ArticleWriter:
    """Writes a new Whoosh index in a ``with`` block: committed at its end, cancelled on an error.

    Attributes:
        hashes: the content hash of every article added, by id.
    """

    def __init__(self, folder: Path) -> None:
        self._writer: IndexWriter = create_in(str(folder), whoosh_schema()).writer(
            limitmb=MEMORY_MB
        )
        self.hashes: dict[str, str] = {}
        self._languages: Counter[str] = Counter()

    @property
    def languages(self) -> dict[str, int]:
        """How many articles were added in each language."""
        return dict(self._languages)

    def add(self, article: Article) -> None:
        """Add an article; its id must be new to this index."""
        if article.id in self.hashes:
            raise ValueError(f"article {article.id} added twice")
        stored = msgspec.msgpack.encode(article)
        self._writer.add_document(article=stored, **document(article))
        self.hashes[article.id] = content_hash(article)
        self._languages[article.language] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._writer.commit(optimize=True)
        else:
            self._writer.cancel()
