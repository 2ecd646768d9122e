"""What the tools for assistants find and tell."""

from datetime import date

import msgspec
import pytest
from msgspec import structs

from indexer.errors import ToolCallError
from service.assistant import tools
from service.assistant.tools import (
    ArticleSection,
    FindArticles,
    GetArticle,
    WholeArticle,
    get_article,
    plain,
    search_articles,
)
from service.search.engine import IndexSearcher
from tests.assistant.fakes import BODY, GOUT, NOTICE, URL, ReadingSearcher
from tests.service.fakes import HOSTILE


def test_a_search_tells_what_to_cite() -> None:
    found = search_articles(ReadingSearcher(), FindArticles("magnesium", limit=1))
    (article,) = found.articles
    assert article.url == "https://www.example.org/health/muscles-and-joints/magnesium"
    assert article.section == "How much do I need?"
    assert article.section_url == article.url + "#self-care"
    assert article.last_reviewed == date(2026, 3, 12)
    assert "Do not take more than 400 mg" in article.snippet


def test_notices_come_first() -> None:
    found = search_articles(ReadingSearcher(), FindArticles("magnesium"))
    assert found.notices == (NOTICE,)
    assert next(iter(msgspec.to_builtins(found))) == "notices"


def test_texts_are_plain_and_only_web_addresses_are_passed_on() -> None:
    found = search_articles(ReadingSearcher(), FindArticles("hostile", limit=10))
    article = next(each for each in found.articles if HOSTILE in each.title)
    assert article.snippet == f"Hostile pain {HOSTILE} text."
    assert (article.url, article.section_url) == ("", "")


def test_marks_go_and_entities_become_what_they_stand_for() -> None:
    assert plain("a <mark>b</mark> &lt;mark&gt; &amp;amp;") == "a b <mark> &amp;"


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        (FindArticles("magnesio", language="es"), ["Dolor articular (joint pain)"]),
        (FindArticles("pain", topic="Mental health", limit=1), ["Living with pain, part 1"]),
    ],
)
def test_a_search_can_be_narrowed(asked: FindArticles, titles: list[str]) -> None:
    found = search_articles(ReadingSearcher(), asked)
    assert [each.title for each in found.articles] == titles


@pytest.mark.parametrize(
    "language",
    ["es", "ES", " es ", "es-MX", "es_419", "spa", "Spanish", "español", "Espan\u0303ol"],
)
def test_a_language_is_taken_as_people_call_it(language: str) -> None:
    found = search_articles(ReadingSearcher(), FindArticles("magnesio", language=language))
    assert [each.title for each in found.articles] == ["Dolor articular (joint pain)"]


def test_a_code_that_no_article_has_finds_nothing() -> None:
    assert search_articles(ReadingSearcher(), FindArticles("pain", language="fil")).total == 0


@pytest.mark.parametrize("language", ["Klingon", "e", "*", "en,es", "\u0435\u0455", " "])
def test_what_is_no_language_is_told(language: str) -> None:
    with pytest.raises(ToolCallError, match=r"language: .*such as en or es"):
        search_articles(ReadingSearcher(), FindArticles("pain", language=language))


def test_a_query_of_blanks_is_told() -> None:
    with pytest.raises(ToolCallError, match="query"):
        search_articles(ReadingSearcher(), FindArticles(" \u2003"))


@pytest.mark.parametrize(
    "asked", [GetArticle(GOUT.id), GetArticle(url=URL), GetArticle(url=URL + "#what%20helps")]
)
def test_an_article_is_read_by_its_id_or_its_address(asked: GetArticle) -> None:
    article = get_article(ReadingSearcher(), asked)
    assert article.sections == (
        ArticleSection("", URL, "Crystals in a joint."),
        ArticleSection(
            "Treatment", URL + "#what%20helps", "Rest & cool it.\nSee a doctor if < 18."
        ),
    )
    assert (article.title, article.last_reviewed, article.cut) == ("Gout", date(2022, 1, 31), False)


@pytest.mark.parametrize("asked", [GetArticle(), GetArticle("a", "b"), GetArticle("nope")])
def test_what_cannot_be_read_is_told(asked: GetArticle) -> None:
    with pytest.raises(ToolCallError):
        get_article(ReadingSearcher(), asked)


def test_a_long_article_is_cut_at_a_line_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MAX_ARTICLE_CHARS", 50)
    article = get_article(ReadingSearcher(), GetArticle(GOUT.id))
    assert article.cut
    assert [each.text for each in article.sections] == ["Crystals in a joint.", "Rest & cool it."]


@pytest.mark.parametrize(
    ("reviewed", "is_outdated"),
    [(date(2022, 1, 31), True), (date(2023, 3, 2), False), (None, False)],
)
def test_an_article_that_nobody_looked_at_for_three_years_is_outdated(
    monkeypatch: pytest.MonkeyPatch, reviewed: date | None, is_outdated: bool
) -> None:
    article = structs.replace(GOUT, published=None, last_reviewed=reviewed)
    monkeypatch.setattr(ReadingSearcher, "article", lambda *_: article)
    assert get_article(ReadingSearcher(), GetArticle(GOUT.id)).outdated == is_outdated


def test_an_article_without_sections_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    article = structs.replace(GOUT, sections=())
    monkeypatch.setattr(ReadingSearcher, "article", lambda *_: article)
    told = get_article(ReadingSearcher(), GetArticle(GOUT.id))
    assert told.sections == (ArticleSection("", URL, BODY),)


def test_the_sample_articles_can_be_found_and_read(corpus_searcher: IndexSearcher) -> None:
    found = search_articles(corpus_searcher, FindArticles("gout attack")).articles
    assert found
    for hit in found:
        article = get_article(corpus_searcher, GetArticle(url=hit.section_url))
        assert isinstance(article, WholeArticle)
        assert (article.id, article.title, article.url) == (hit.id, hit.title, hit.url)
        assert article.outdated == hit.outdated
        assert hit.section in [each.heading for each in article.sections]
        text = " ".join(" ".join(each.text.split()) for each in article.sections)
        assert all(" ".join(part.split()) in text for part in hit.snippet.split(" … "))


def test_the_text_of_an_article_is_all_there(corpus_searcher: IndexSearcher) -> None:
    (hit,) = search_articles(corpus_searcher, FindArticles("gout", limit=1)).articles
    stored = corpus_searcher.article(hit.id)
    assert stored
    told = get_article(corpus_searcher, GetArticle(hit.id)).sections
    lines = [line for each in told for line in (each.heading, *each.text.splitlines()) if line]
    assert lines == [line for line in stored.body.splitlines() if line]
