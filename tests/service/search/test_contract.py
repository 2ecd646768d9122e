"""What every searcher must do, whatever the engine behind it. A second engine joins OPENERS."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import msgspec
import pytest

from indexer.article import Article, Section
from indexer.index.generation import Generation
from service.search.engine import open_searcher
from service.search.request import MAX_PAGE, MAX_PER_PAGE, MAX_QUERY_CHARS, SearchRequest
from service.search.response import IndexInfo, SearchResponse, SectionLink
from service.search.searcher import Searcher
from tests.service.search.conftest import Publish

OPENERS: dict[str, Callable[[Generation], Searcher]] = {"whoosh": open_searcher}

GOUT = "Gout\nIt hurts.\nWhat helps\nRest, and no <beer> & wine.\n"

ARTICLES = (
    Article(
        id="gout",
        url="https://a.example/gout",
        title="Gout & other pains",
        body=GOUT,
        sections=(
            Section(heading="Gout", start=5, end=15, level=1, anchor="gout"),
            Section(heading="What helps", start=26, end=len(GOUT), level=2, anchor="helps"),
        ),
        language="en",
        published=date(2020, 1, 2),
        modified=date(2021, 1, 2),
        last_reviewed=date(2022, 1, 2),
        publisher="The Clinic",
        topics=("Joints", "Food"),
    ),
    *(
        Article(
            id=f"pain{n}",
            url=f"https://a.example/pain{n}",
            title=f"Pain, part {n}",
            body="Pain hurts. " * (n + 1),
            language="en",
            topics=("Pain",),
        )
        for n in range(25)
    ),
    Article(id="gota", url="https://a.example/gota", title="Gota", body="Duele.", language="es"),
    Article(id="empty", url="https://a.example/empty", title="", body="", language="und"),
)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, publish: Publish) -> Generation:
    return publish(tmp_path_factory.mktemp("contract"), ARTICLES)


@pytest.fixture(scope="module", params=sorted(OPENERS))
def searcher(request: pytest.FixtureRequest, generation: Generation) -> Iterator[Searcher]:
    opened = OPENERS[request.param](generation)
    yield opened
    opened.close()


def ask(searcher: Searcher, q: str, **fields: object) -> SearchResponse:
    return searcher.search(SearchRequest(**{"q": q, **fields}))  # type: ignore[arg-type]


def ids(answer: SearchResponse) -> list[str]:
    return [hit.id for hit in answer.hits if not hit.related]


class TestSearcherContract:
    def test_says_which_generation_it_is(self, searcher: Searcher, generation: Generation) -> None:
        manifest = generation.manifest
        assert searcher.info == IndexInfo(generation.name, manifest.built_at, len(ARTICLES))
        assert ask(searcher, "gout").index == searcher.info

    def test_a_hit_carries_what_a_result_shows(self, searcher: Searcher) -> None:
        hit, *others = ask(searcher, "wine").hits
        assert all(other.related for other in others)
        assert (hit.id, hit.url, hit.title) == (
            "gout",
            "https://a.example/gout",
            "Gout & other pains",
        )
        assert (hit.published, hit.modified, hit.last_reviewed) == (
            date(2020, 1, 2),
            date(2021, 1, 2),
            date(2022, 1, 2),
        )
        assert (hit.language, hit.publisher, hit.topics) == ("en", "The Clinic", ("Joints", "Food"))
        assert hit.section == SectionLink("What helps", "helps")
        assert hit.highlights.title == ("Gout &amp; other pains",)
        assert hit.highlights.body == ("Rest, and no &lt;beer&gt; &amp; <mark>wine</mark>.",)

    def test_an_answer_is_json(self, searcher: Searcher) -> None:
        answer = ask(searcher, "gout pain", topic=("Joints",))
        encoded = msgspec.json.encode(answer)
        assert msgspec.json.decode(encoded, type=SearchResponse) == answer

    def test_an_answer_repeats_the_request_as_understood(self, searcher: Searcher) -> None:
        answer = ask(searcher, " gout\n pain\0 ", page=2, per_page=7)
        assert (answer.query, answer.page, answer.per_page) == ("gout pain", 2, 7)
        assert answer.took_ms >= 0

    def test_scores_fall_and_are_positive(self, searcher: Searcher) -> None:
        scores = [hit.score for hit in ask(searcher, "gout pain", per_page=100).hits]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0

    def test_pages_continue_each_other(self, searcher: Searcher) -> None:
        whole = ids(ask(searcher, "pain", per_page=100))
        assert len(whole) == len(set(whole)) == 26
        pages = [ask(searcher, "pain", page=page, per_page=10) for page in (1, 2, 3)]
        assert [name for page in pages for name in ids(page)] == whole
        assert {page.total for page in pages} == {26}

    @pytest.mark.parametrize(("page", "per_page"), [(4, 10), (MAX_PAGE, MAX_PER_PAGE), (27, 1)])
    def test_beyond_the_end_is_empty_with_the_true_total(
        self, searcher: Searcher, page: int, per_page: int
    ) -> None:
        answer = ask(searcher, "pain", page=page, per_page=per_page)
        assert answer.hits == ()
        assert (answer.total, answer.total_relation) == (26, "eq")

    @pytest.mark.parametrize("q", ["", " ", "?!", "-gout", "🤒", "\0", "\ud800", "gout2"])
    def test_a_query_without_words_or_matches_has_no_hits(self, searcher: Searcher, q: str) -> None:
        answer = ask(searcher, q)
        assert (answer.hits, answer.total) == ((), 0)
        assert answer.facets == {"topic": (), "language": ()}

    @pytest.mark.parametrize("q", ["(" * MAX_QUERY_CHARS, '"' * 500, "pa* " * 125, "-x" * 250])
    def test_any_text_is_a_query(self, searcher: Searcher, q: str) -> None:
        assert ask(searcher, q).total >= 0

    def test_understands_the_query_language(self, searcher: Searcher) -> None:
        assert ids(ask(searcher, '"other pains"')) == ["gout"]
        assert ids(ask(searcher, "hurts -pain")) == []
        assert ids(ask(searcher, "title:gout")) == ["gout"]
        assert ids(ask(searcher, "heading:helps")) == ["gout"]
        assert ids(ask(searcher, "body:duele")) == ["gota"]
        assert ids(ask(searcher, "topic:joints")) == ["gout"]
        assert ids(ask(searcher, "pain AND wine")) == ["gout"]
        assert set(ids(ask(searcher, "wine OR duele"))) == {"gout", "gota"}
        assert set(ids(ask(searcher, "go*"))) == {"gout", "gota"}

    def test_filters_and_counts(self, searcher: Searcher) -> None:
        assert ids(ask(searcher, "pain", topic=("joints",))) == ["gout"]
        assert ids(ask(searcher, "pain gota", language=("ES",))) == ["gota"]
        topics = ask(searcher, "pain", per_page=1).facets["topic"]
        assert [(f.value, f.count) for f in topics] == [("Pain", 25), ("Food", 1), ("Joints", 1)]

    def test_sorts(self, searcher: Searcher) -> None:
        for sort in ("newest", "reviewed"):
            assert ids(ask(searcher, "pain", sort=sort))[0] == "gout"

    def test_the_same_request_has_the_same_answer(self, searcher: Searcher) -> None:
        one, two = (ask(searcher, "pain gout", per_page=100) for _ in range(2))
        assert msgspec.structs.replace(one, took_ms=0) == msgspec.structs.replace(two, took_ms=0)

    def test_many_threads_get_the_answers_of_one(self, searcher: Searcher) -> None:
        queries = ["pain", "gout", '"pain hurts"', "go*", "hurts AND pain", "nothing"] * 20
        with ThreadPoolExecutor(16) as pool:
            together = list(pool.map(lambda q: ids(ask(searcher, q)), queries))
        assert together == [ids(ask(searcher, q)) for q in queries]


@pytest.mark.parametrize("engine", sorted(OPENERS))
class TestIndexesOfAnySize:
    def test_of_one_article(self, engine: str, tmp_path: Path, publish: Publish) -> None:
        searcher = OPENERS[engine](publish(tmp_path, ARTICLES[:1]))
        assert ids(ask(searcher, "gout")) == ["gout"]
        searcher.close()

    def test_of_no_article(self, engine: str, tmp_path: Path, publish: Publish) -> None:
        searcher = OPENERS[engine](publish(tmp_path, ()))
        assert ask(searcher, "gout").total == 0
        searcher.close()

    def test_two_searchers_of_one_generation(self, engine: str, generation: Generation) -> None:
        one, two = (OPENERS[engine](generation) for _ in range(2))
        one.close()
        assert ids(ask(two, "wine")) == ["gout"]
        two.close()
