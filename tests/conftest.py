"""Fixtures that several packages of tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.reindex import NamedSource, Plan, reindex
from indexer.sources import open_source
from service.search.engine import IndexSearcher, open_searcher
from tests.journals import NoJournal

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The sample pages."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def corpus_index(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample pages; not to be written to."""
    folder = tmp_path_factory.mktemp("corpus") / "index"
    source = NamedSource("corpus", open_source(str(corpus)))
    reindex(GenerationStore(folder), Plan((source,), processes=1), NoJournal())
    return folder


@pytest.fixture(scope="session")
def corpus_generation(corpus_index: Path) -> Generation:
    """The live generation of that index."""
    return GenerationStore(corpus_index).current()


@pytest.fixture(scope="session")
def corpus_searcher(corpus_generation: Generation) -> Iterator[IndexSearcher]:
    """A searcher on that generation."""
    searcher = open_searcher(corpus_generation)
    yield searcher
    searcher.close()
