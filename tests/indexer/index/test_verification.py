"""A generation may have the right checksums and still not hold what it says."""

from pathlib import Path

import msgspec
import pytest

from indexer.article import Section
from indexer.errors import IndexDamaged
from indexer.index.columns.builder import columns_of
from indexer.index.columns.container import write_arrays
from indexer.index.generation import Generation, Mark
from indexer.index.generations import GenerationStore
from indexer.index.ledger import Ledger
from indexer.index.manifest import ARTICLES
from indexer.index.publishing import Contents
from indexer.index.verification import verify
from indexer.index.writer import ArticleWriter
from tests.indexer.builders import article, publish


def test_a_whole_generation(live: Generation, store: GenerationStore) -> None:
    assert verify(live) == 2
    assert verify(store.current()) == 2


def test_the_sample_corpus(corpus_generation: Generation) -> None:
    assert verify(corpus_generation) == corpus_generation.manifest.articles > 50


@pytest.mark.parametrize("articles", [1, 3])
def test_another_number_than_the_manifest_says(live: Generation, articles: int) -> None:
    told = msgspec.structs.replace(live.manifest, articles=articles)
    with pytest.raises(IndexDamaged, match=f"holds 2 articles, its manifest says {articles}"):
        verify(Generation(live.name, live.folder, told))


@pytest.mark.parametrize(
    "marks",
    ['{"a1": ["0", "en", ""], "a2": ["0", "en", ""]}', "{}", '{"a1": ["0", "en", ""]}'],
    ids=["altered", "none", "one"],
)
def test_an_article_that_differs_from_its_mark(live: Generation, marks: str) -> None:
    (live.folder / ARTICLES).write_text(marks)
    with pytest.raises(IndexDamaged, match=r"article a1 is altered\. Reindex\."):
        verify(live)


def test_a_mark_without_an_article(live: Generation) -> None:
    (live.folder / ARTICLES).write_bytes(
        msgspec.json.encode({**live.marks(), "a3": Mark("0", "en", "")})
    )
    with pytest.raises(IndexDamaged, match="holds 2 articles"):
        verify(live)


def test_sections_outside_the_body(folder: Path) -> None:
    beyond = Section(heading="Causes", start=0, end=10_000)
    generation = publish(folder, article(1, sections=(beyond,)))
    with pytest.raises(IndexDamaged, match="article a1 is altered"):
        verify(generation)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("unclosed_files")
def test_whoosh_files_that_are_no_whoosh_files(live: Generation) -> None:
    for path in live.whoosh.iterdir():
        path.write_bytes(b"rubbish")
    with pytest.raises(IndexDamaged) as caught:
        verify(live)
    assert str(caught.value).startswith(f"{live.whoosh} cannot be read back (")
    assert str(caught.value).endswith("Roll back or reindex.")


def test_whoosh_files_that_are_gone(live: Generation) -> None:
    for path in live.whoosh.iterdir():
        path.unlink()
    with pytest.raises(IndexDamaged, match="cannot be read back"):
        verify(live)


def test_an_index_that_was_never_finished(store: GenerationStore) -> None:
    with store.writing() as writing, writing.build() as build:
        with ArticleWriter(build.folder):
            pass
        generation = writing.publish(
            build, Contents({"a1": Mark("0", "en", "")}, Ledger(), {}, ("test",))
        )
    with pytest.raises(IndexDamaged, match="holds 0 articles, its manifest says 1"):
        verify(generation)


def test_a_segment_without_its_columns(live: Generation) -> None:
    (path,) = live.columns.iterdir()
    path.unlink()
    with pytest.raises(IndexDamaged, match=r"\.columns cannot be mapped"):
        verify(live)


def test_columns_of_other_articles(live: Generation) -> None:
    (path,) = live.columns.iterdir()
    path.unlink()
    write_arrays(path, columns_of([article(1)]))
    with pytest.raises(IndexDamaged, match=r"holds 1 articles, Whoosh's segment 2\. Reindex\."):
        verify(live)
