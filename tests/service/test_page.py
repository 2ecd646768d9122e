import string
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from msgspec import structs
from starlette.testclient import TestClient

from indexer.errors import HealthSearchError
from service.app import create_app
from service.highlighting import marked_parts
from service.search.request import SearchRequest
from service.search.response import FacetCount, SearchResponse
from service.settings import Settings
from service.web.display import (
    readable_url,
    result_count,
    safe_action,
    safe_link,
    written_date,
    written_number,
)
from service.web.pages import MAX_RELATED
from service.web.texts import FILE, LANGUAGES, MAX_CHOICES, choose_language, load_texts
from tests.service.fakes import FakeLive, FakeSearcher

EN, ES = (load_texts().texts[language] for language in LANGUAGES)


def test_the_start_page(client: TestClient) -> None:
    response = client.get("/?utm_source=news&page=x&sort=y")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en">' in response.text
    assert 'role="search"' in response.text


def test_results_without_a_script(client: TestClient) -> None:
    page = client.get("/?q=joint+pain&utm_source=news").text
    assert "38 articles found" in page
    assert "<mark>Joint</mark> <mark>pain</mark>" in page
    assert "Last reviewed 12 March 2026" in page
    assert 'href="https://www.example.org/health/joint-pain#self-care"' in page
    assert 'aria-current="page">1</a>' in page
    assert 'href="?q=joint+pain&amp;page=2"' in page
    assert "utm_source" not in page


def test_that_a_language_is_not_known_is_no_choice(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = FakeSearcher.search

    def search(self: FakeSearcher, request: SearchRequest) -> SearchResponse:
        languages = FacetCount("en", 37), FacetCount("und", 1)
        return structs.replace(find(self, request), facets={"language": languages})

    monkeypatch.setattr(FakeSearcher, "search", search)
    page = client.get("/?q=joint+pain").text
    assert 'name="language" value="en"' in page
    assert 'value="und"' not in page


def test_a_correction_can_be_refused_and_taken_again(client: TestClient) -> None:
    page = client.get("/?q=magnesum&sort=newest&lang=en").text
    assert EN["showing_for"] + ' <strong dir="auto">magnesium</strong>.' in page
    assert 'href="?lang=en&amp;q=magnesum&amp;sort=newest&amp;expand=false"' in page
    page = client.get("/?q=magnesum&sort=newest&expand=false").text
    assert EN["empty_title"] in page
    assert EN["did_you_mean"] + ' <a href="?q=magnesium&amp;sort=newest"' in page


def test_other_names_are_shown_and_can_be_refused(client: TestClient) -> None:
    page = client.get("/?q=joint").text
    assert EN["also_searched"] + " <bdi>arthralgia</bdi>, <bdi>&lt;i&gt;algia" in page
    assert f'<a href="?q=joint&amp;expand=false">{EN["search_only"]}</a>' in page
    page = client.get("/?q=joint&expand=false&lang=es").text
    assert "arthralgia" not in page
    assert f'<a href="?lang=es&amp;q=joint">{ES["search_wider"]}</a>' in page
    assert 'hreflang="en"' in page
    assert 'href="?lang=en&amp;q=joint&amp;expand=false"' in page, "the other language keeps it"


def test_related_articles_stand_below_and_are_not_counted(client: TestClient) -> None:
    page = client.get("/?q=dolor&lang=es").text
    assert "1 artículo encontrado" in page
    matching, related = page.split(f'<h2 id="related-title">{ES["related"]}</h2>')
    assert matching.count('class="hit"') == 1
    assert related.count('class="hit"') == MAX_RELATED
    assert 'class="related"' not in client.get("/?q=pain").text


def test_links_keep_filters_sort_and_language(client: TestClient) -> None:
    page = client.get("/?q=pain&topic=Pain&sort=reviewed&lang=es").text
    assert 'href="?lang=es&amp;q=pain&amp;sort=reviewed&amp;topic=Pain&amp;page=2"' in page
    assert 'href="?lang=es&amp;q=pain&amp;sort=reviewed"' in page  # all filters off


def test_spanish_by_choice_and_by_browser(client: TestClient) -> None:
    for response in (
        client.get("/?lang=es&q=magnesium"),
        client.get("/?q=magnesium", headers={"Accept-Language": "fr, es-MX;q=0.9, en;q=0.5"}),
    ):
        assert '<html lang="es">' in response.text
        assert "Última revisión: 12 de marzo de 2026" in response.text
        assert response.headers["content-language"] == "es"


def test_hostile_articles_stay_text(client: TestClient) -> None:
    page = client.get("/", params={"q": 'Hostile "><script>alert(1)</script>'}).text
    assert "<script>window" not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
    assert page.count("<script") == 2


def test_no_results_a_page_too_far_and_a_query_too_long(client: TestClient) -> None:
    assert EN["empty_spelling"] in client.get("/?q=zzzz").text
    assert EN["past_end"] in client.get("/?q=pain&page=900").text
    response = client.get("/", params={"q": "x" * 501})
    assert response.status_code == 422
    assert EN["too_long_title"] in response.text


@pytest.mark.parametrize(
    "query", ["%00", "%FF%FE", "%ED%A0%80", "+", "%", "%E2%80%AE&topic=&page=0"]
)
def test_odd_queries_are_pages_too(client: TestClient, query: str) -> None:
    response = client.get(f"/?q={query}&topic=%00&lang=%FF&page=-1&page=9999999999999")
    assert response.status_code == 200


def test_without_an_index_the_page_says_so(client: TestClient, live: FakeLive) -> None:
    live.missing = True
    assert client.get("/").status_code == 200
    response = client.get("/?q=pain")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert EN["error_unavailable"] in response.text


def test_the_sites_name_is_escaped() -> None:
    settings = replace(Settings(), site_name="A & <B>")
    with TestClient(create_app(settings, FakeLive())) as client:
        assert "A &amp; &lt;B&gt;" in client.get("/").text
        assert "A &amp; &lt;B&gt;" in client.get("/docs").text


def test_filters_that_the_form_does_not_show_stay(client: TestClient) -> None:
    filters = "audience=Patient&publisher=NHS&reviewed_after=2024-01-31&reading_level_max=8.5"
    page = client.get(f"/?q=pain&{filters}").text
    for name, value in (each.split("=") for each in filters.split("&")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert f'href="?q=pain&amp;{filters.replace("&", "&amp;")}&amp;page=2"' in page
    assert f'<a href="?q=pain">{EN["clear_filters"]}</a>' in page
    odd = "reviewed_after=2024-02-31&reading_level_max=low&reviewed_before=x"
    assert 'type="hidden"' not in client.get(f"/?q=pain&{odd}").text


@pytest.mark.parametrize(
    ("href", "usable"),
    [
        ("tel:112", True),
        ("tel:+34-900.123", True),
        ("https://www.example.org/help", True),
        ("HTTPS://example.org", True),
        ("http://example.org/", False),
        ("tel:javascript", False),
        ("javascript:alert(1)", False),
        ("https:javascript", False),
        ("tel:", False),
        ("", False),
    ],
)
def test_what_a_notice_may_link_to(href: str, *, usable: bool) -> None:
    assert safe_action(href) is usable


@pytest.mark.parametrize(
    ("highlight", "parts"),
    [
        ("", []),
        ("a &amp; b", [("a & b", False)]),
        ("<mark>a</mark> b", [("a", True), (" b", False)]),
        ("&lt;mark&gt;", [("<mark>", False)]),
        ("<b>x</b><mark><i></mark>", [("<b>x</b>", False), ("<i>", True)]),
        ("<mark>open", [("<mark>open", False)]),
    ],
)
def test_highlights_are_split_into_texts(highlight: str, parts: list[Any]) -> None:
    assert marked_parts(highlight) == parts


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//example.org/",
        "/local",
        "https://",
        "https:///x",
        "https://exa mple.org/",
        "https://example.org/\u202e",
        "http:example.org",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert safe_link(url) == ""
    assert readable_url(url) == ""


def test_addresses_as_people_read_them() -> None:
    assert (
        readable_url("https://www.example.org/s%C3%ADntomas/a?b#c") == "example.org › síntomas › a"
    )
    assert readable_url("https://u:p@example.org/%E2%80%AE") == "example.org › %E2%80%AE"
    assert readable_url("https://[::1/x") in ("", "[::1 › x")
    assert safe_link("https://example.org/a#b", 'sec "1"') == "https://example.org/a#sec%20%221%22"


def test_dates_and_numbers_in_words() -> None:
    assert written_date(date(2026, 3, 12), EN) == "12 March 2026"
    assert written_date(date(2026, 3, 12), ES) == "12 de marzo de 2026"
    assert (written_number(1234567, EN), written_number(1234, ES)) == ("1,234,567", "1.234")
    assert result_count(0, "eq", EN) == "No articles found"
    assert result_count(1, "eq", ES) == "1 artículo encontrado"
    assert result_count(10_000, "gte", EN) == "At least 10,000 articles found"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("de-DE,de", "en"),
        ("en;q=0.3, ES-mx", "es"),
        ("es;q=0, en;q=0.1", "en"),
        ("*;q=x, es;q=0.5", "es"),
        (",;=,;q=", "en"),
        ("de," * MAX_CHOICES + "es", "en"),  # a header of megabytes holds nobody up
    ],
)
def test_the_browsers_language(header: str, language: str) -> None:
    assert choose_language("", header) == language
    assert choose_language("es", header) == "es"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('retry = "Try again"\n', "", "differ in retry"),
        ('retry = "Try again"', 'retry = " "', "retry is empty"),
        ("Página {number}", "Página", "page has other placeholders"),
        ("January February", "January", "months are not twelve"),
        ("[es]", "[fr]", "languages are not"),
    ],
)
def test_texts_are_checked(old: str, new: str, reason: str) -> None:
    source = FILE.read_text("utf-8")
    assert old in source
    with pytest.raises(HealthSearchError, match=reason):
        load_texts(source.replace(old, new))


def test_every_text_is_used_and_none_hides_behind_a_method() -> None:
    folder = FILE.parent
    sources = [
        path.read_text("utf-8")
        for pattern in ("*.py", "templates/*.html", "static/*.js", "box/*.js")
        for path in folder.glob(pattern)
    ]
    for key, text in EN.items():
        assert not hasattr({}, key)
        assert "".join(field or "" for _, field, _, _ in string.Formatter().parse(text)).isascii()
        words = {key, key.partition("_")[2] if key.startswith("sort_") else key}
        assert any(word in source for word in words for source in sources), key
