"""Articles whole, and what is like one."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from whoosh.index import open_dir

from indexer.article import Article
from indexer.edits import edit_live
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from service.search.engine import IndexSearcher, open_searcher
from service.search.ranking import likeness
from service.search.request import RelatedRequest
from tests.service.search.asked import FILLER, article
from tests.service.search.conftest import OpenIndex


def stored(generation: Generation) -> list[Article]:
    """Return the articles of a generation as Whoosh has them."""
    index = open_dir(str(generation.whoosh), readonly=True)
    with closing(index), index.reader() as reader:
        packed = [fields["article"] for _, fields in reader.iter_docs()]
    return [msgspec.msgpack.decode(each, type=Article) for each in packed]


class TestArticle:
    def test_is_the_one_that_was_indexed(
        self, corpus_searcher: IndexSearcher, corpus_generation: Generation
    ) -> None:
        articles = stored(corpus_generation)
        assert len(articles) > 80
        assert any(each.sections and each.tags and each.authors for each in articles)
        for each in articles:
            assert corpus_searcher.article(each.id) == each

    def test_is_none_where_there_is_none(self, corpus_searcher: IndexSearcher) -> None:
        for name in ("", "no such id", "\ud800", "a" * 10_000):
            assert corpus_searcher.article(name) is None

    def test_is_not_found_by_its_address(self, open_index: OpenIndex) -> None:
        searcher = open_index([article("a"), article("b")])
        assert searcher.article("https://a.example/a") is None
        assert searcher.article("a") == article("a")

    def test_is_the_live_one(self, tmp_path: Path) -> None:
        store = GenerationStore(tmp_path)
        for title in ("Old", "New"):
            fields = {"title": title, "html": f"<p>{title} text of an article</p>"}
            edit_live(store, [Edit(0, name, {**fields, "id": name}) for name in ("a", title)])
        edit_live(store, [Edit(0, "Old", None)])
        with closing(open_searcher(store.live())) as searcher:
            assert searcher.article("Old") is None
            found = searcher.article("a")
            assert found
            assert found.title == "New"

    def test_threads_do_not_disturb_each_other(
        self, corpus_searcher: IndexSearcher, corpus_generation: Generation
    ) -> None:
        articles = stored(corpus_generation)[:30] * 10
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(corpus_searcher.article, [each.id for each in articles]))
        assert found == articles


GOUT = "Gout is a painful arthritis of the joints. Uric acid makes crystals in a joint."
LIBRARY = (
    article("gout", GOUT, "Gout", url="https://a.example/gout"),
    article("copy", GOUT, "Gout"),
    article("joints", "Crystals of uric acid hurt in the joints: painful.", "Sore joints"),
    article("kidneys", "Uric acid crystals make stones.", "Kidney stones"),
    article("gota", "La gota duele. Uric acid crystals.", "Gota", language="es"),
    article("bare", "", ""),
    *FILLER,
)


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    return open_index(LIBRARY)


def like(searcher: IndexSearcher, name: str, **wishes: object) -> list[str]:
    answer = searcher.related(name, RelatedRequest(**wishes))  # type: ignore[arg-type]
    assert answer
    assert answer.id == name
    assert answer.index == searcher.info
    return [hit.id for hit in answer.hits]


class TestRelated:
    def test_shares_the_words_that_tell_most(self, library: IndexSearcher) -> None:
        assert like(library, "gout") == ["joints", "kidneys"]

    def test_is_neither_the_article_nor_a_copy_of_it(self, library: IndexSearcher) -> None:
        assert not {"gout", "copy"} & {*like(library, "gout"), *like(library, "copy")}

    def test_copies_count_once(self, library: IndexSearcher) -> None:
        assert sum(name in ("gout", "copy") for name in like(library, "kidneys")) == 1

    def test_is_in_the_language_of_the_article_or_in_those_asked_for(
        self, library: IndexSearcher
    ) -> None:
        assert "gota" not in like(library, "gout")
        assert like(library, "gout", language=("ES",)) == []
        assert like(library, "gout", language=("es", "en")) == like(library, "gout")

    def test_is_as_many_as_asked_for(self, library: IndexSearcher) -> None:
        assert like(library, "gout", limit=1) == ["joints"]
        assert len(like(library, "z01", limit=20)) <= 20

    def test_is_nothing_without_words_and_none_without_the_article(
        self, library: IndexSearcher
    ) -> None:
        assert like(library, "bare") == []
        assert library.related("no such id", RelatedRequest()) is None

    def test_shows_the_beginning_without_marks(self, library: IndexSearcher) -> None:
        answer = library.related("kidneys", RelatedRequest())
        assert answer
        hit = answer.hits[0]
        assert hit.highlights.title == ("Gout",)
        assert hit.highlights.body == ("Gout is a painful arthritis of the joints.",)
        assert hit.section is None
        assert not hit.related
        assert hit.score > 0

    def test_leaves_out_what_hardly_resembles(
        self, library: IndexSearcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = "service.search.ranking.ranker.LEAST_LIKE"
        monkeypatch.setattr(module, 0.99)
        assert like(library, "gout") == []
        monkeypatch.setattr(module, 0.0)
        assert set(like(library, "gout")) >= {"joints", "kidneys"}

    def test_words_of_the_title_count_more(
        self, open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        searcher = open_index(
            [
                article("it", "Purines bring on gout.", "Gout"),
                article("body", "Purines here.", "One"),
                article("title", "Gout here.", "Two"),
                *FILLER,
            ]
        )
        assert like(searcher, "it") == ["title", "body"]
        monkeypatch.setattr(likeness, "TITLE", 0.5)
        assert like(searcher, "it") == ["body", "title"]

    @pytest.mark.parametrize(
        ("name", "first"),
        [
            ("asthma", "copd"),
            ("very-long", "chronic-kidney-disease"),
            ("burns", "sunburn"),
            ("anaphylaxis", "bee-and-wasp-stings"),
            ("insomnia", "anxiety"),
        ],
    )
    def test_on_the_sample_corpus(
        self, corpus_searcher: IndexSearcher, corpus_generation: Generation, name: str, first: str
    ) -> None:
        by_slug = {slug(each.url): each.id for each in stored(corpus_generation)}
        answer = corpus_searcher.related(by_slug[name], RelatedRequest())
        assert answer
        assert slug(answer.hits[0].url) == first


def slug(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")


def test_what_an_article_is_like_does_not_depend_on_segments(
    tmp_path: Path, open_index: OpenIndex
) -> None:
    store = GenerationStore(tmp_path)
    for n, word in enumerate(("gout acid joints", "gout acid", "acid joints", "rain", "sun")):
        text = f"<p>{word} and other words of number {n}</p>"
        fields = {"id": f"a{n}", "title": word, "html": text, "language": "en"}
        edit_live(store, [Edit(0, f"a{n}", fields)])
    with closing(open_searcher(store.live())) as old:
        new = open_index([old.article(f"a{n}") or article("none") for n in range(5)])
        for n in range(5):
            answers = [each.related(f"a{n}", RelatedRequest()) for each in (old, new)]
            assert answers[0]
            assert answers[1]
            assert answers[0].hits == answers[1].hits
