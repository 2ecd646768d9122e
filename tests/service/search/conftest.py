"""Small indexes made on the spot."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from indexer.article import Article
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.ledger import Ledger
from indexer.index.publishing import Contents
from indexer.index.writer import ArticleWriter
from service.search.engine import IndexSearcher, open_searcher
from service.search.options import Options
from service.search.tuning import DEFAULT, Tuning

Publish = Callable[[Path, Sequence[Article]], Generation]


class OpenIndex(Protocol):
    """Opens a searcher on an index of just these articles."""

    def __call__(self, articles: Sequence[Article], tuning: Tuning = DEFAULT) -> IndexSearcher:
        """Open it."""
        ...


@pytest.fixture(scope="session")
def publish() -> Publish:
    """Writes articles as the next generation of an index folder."""

    def write(folder: Path, articles: Sequence[Article]) -> Generation:
        with GenerationStore(folder).writing() as writing, writing.build() as build:
            with ArticleWriter(build.folder) as writer:
                for article in articles:
                    writer.add(article)
            return writing.publish(build, Contents(writer.marks, Ledger(), {}, ("test",)))

    return write


@pytest.fixture(scope="session")
def open_index(tmp_path_factory: pytest.TempPathFactory, publish: Publish) -> Iterator[OpenIndex]:
    """Opens a searcher on an index of just these articles."""
    opened: list[IndexSearcher] = []

    def make(articles: Sequence[Article], tuning: Tuning = DEFAULT) -> IndexSearcher:
        generation = publish(tmp_path_factory.mktemp("index"), articles)
        searcher = open_searcher(generation, Options(tuning=tuning))
        opened.append(searcher)
        return searcher

    yield make
    for searcher in opened:
        searcher.close()
