"""A segment that we write is the one that Whoosh writes, posting by posting."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from whoosh.query.positional import Phrase
from whoosh.searching import Searcher

from indexer.article import Article
from indexer.index.writer import ArticleWriter
from tests.indexer.builders import WORDS, article
from tests.indexer.index.by_whoosh import (
    documents,
    postings,
    reading,
    statistics,
    write_by_whoosh,
)
from tests.indexer.index.texts import collections


def assert_same(folder: Path, made: list[Article]) -> None:
    ours, theirs = folder / "ours" / "whoosh", folder / "theirs"
    theirs.mkdir(parents=True)
    with ArticleWriter(folder / "ours") as writer:
        for each in made:
            writer.add(each)
    write_by_whoosh(theirs, *made)
    with reading(ours) as one, reading(theirs) as other:
        assert one.doc_count_all() == other.doc_count_all() == len(made)
        assert postings(one) == postings(other)
        assert statistics(one) == statistics(other)
        assert documents(one) == documents(other)
        assert set(one.indexed_field_names()) == set(other.indexed_field_names())
        for name in other.schema.names():
            assert one.field_length(name) == other.field_length(name), name
            if made and other.schema[name].scorable and other.field_length(name):
                assert one.min_field_length(name) == other.min_field_length(name)
                assert one.max_field_length(name) == other.max_field_length(name)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=collections())
def test_any_articles(tmp_path_factory: pytest.TempPathFactory, made: list[Article]) -> None:
    assert_same(tmp_path_factory.mktemp("same"), made)


@pytest.fixture(scope="module")
def many() -> list[Article]:
    """Enough articles for terms of several blocks, with rare words and frequent ones."""
    chance = random.Random(20260201)
    words = WORDS.split()
    odds = [1 / (place + 1) for place in range(len(words))]
    return [
        article(
            number,
            title=" ".join(chance.choices(words, odds, k=3)),
            body=" ".join(chance.choices(words, odds, k=chance.randint(1, 600))),
            sections=(),
        )
        for number in range(1_300)
    ]


def test_many_articles(tmp_path: Path, many: list[Article]) -> None:
    """More than one block of postings, steps above a byte, weights above a byte."""
    made = [*many, article(9_999, title="zoster", body="zoster " * 300, sections=())]
    made.insert(0, article(9_998, title="zoster", body="zoster", sections=()))
    assert_same(tmp_path, made)


def test_phrases(tmp_path: Path, many: list[Article]) -> None:
    ours, theirs = tmp_path / "ours" / "whoosh", tmp_path / "theirs"
    theirs.mkdir()
    with ArticleWriter(tmp_path / "ours") as writer:
        for each in many:
            writer.add(each)
    write_by_whoosh(theirs, *many)
    queries = [
        Phrase("body_exact", words)
        for words in (["asthma", "airways"], ["asthma", "airways", "asthma"], ["the", "of"], ["x"])
    ]
    with reading(ours) as one, reading(theirs) as other:
        for query in queries:
            found = list(query.docs(Searcher(one)))
            assert found == list(query.docs(Searcher(other))) == expected(many, query.words)
            assert bool(found) == (query.words != ["x"])


def expected(made: list[Article], words: list[str]) -> list[int]:
    wanted = f" {' '.join(words)} "
    return [number for number, each in enumerate(made) if wanted in f" {each.body} "]
