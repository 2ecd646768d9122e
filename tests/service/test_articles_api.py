import string
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from indexer.article import article_id
from indexer.edits import article_of_edit
from indexer.errors import PageError
from indexer.extraction import extract_page
from indexer.index.job import Edit
from indexer.runner import Runner
from indexer.sources import Page
from service.decoding import converted
from service.problems import ProblemError
from service.search.engine import open_searcher
from service.search.live import LiveIndex
from service.search.request import SearchRequest
from service.settings import Settings
from service.writing import FIRST_DAY, LAST_DAY, ArticleFields, checked_id, record_of
from tests.service.conftest import Lines
from tests.service.writing import Writer

URL = "https://clinic.example/gout/"
GOUT = {
    "url": URL,
    "title": "Gout",
    "html": "<h2>Causes</h2><p>Crystals of uric acid in a joint.</p>",
    "description": "What gout is.",
    "language": "en-GB",
    "published": "2024-05-06",
    "modified": "2025-06-07",
    "last_reviewed": "2026-03-12",
    "authors": ["Ana Ruiz"],
    "reviewer": "Dr Bo Li",
    "publisher": "The Clinic",
    "topics": ["Joints"],
    "tags": ["uric acid"],
    "audience": ["patients"],
}


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path / "index", max_article_bytes="100000", max_body_bytes="2000")


def done(writer: Writer, tmp_path: Path) -> list[tuple[str, str]]:
    """Do the jobs as the process beside the service does, and return how they ended."""
    Runner(tmp_path / "index", [], pytest.fail).step()
    return [(job.state, job.error) for job in writer.book.recent()]


def ids_found(tmp_path: Path, query: str) -> list[str]:
    live = LiveIndex(tmp_path / "index", open_searcher)
    live.refresh()
    try:
        with live.searcher() as searcher:
            return [hit.id for hit in searcher.search(SearchRequest(q=query)).hits]
    finally:
        live.close()


def edit(writer: Writer) -> Edit:
    """Return the newest change in the book."""
    return writer.book.edits([writer.book.recent()[0].id])[0]


def test_an_article_is_in_the_book_when_it_is_answered(writer: Writer) -> None:
    response = writer.client.put("/v1/articles/gout", json=GOUT)
    assert response.status_code == 202
    job = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["kind"], job["state"], job["article"]) == ("put", "enqueued", "gout")
    assert edit(writer) == Edit(job["id"], "gout", GOUT)
    article = article_of_edit(edit(writer))
    for name, value in GOUT.items():
        if name not in ("html", "language"):
            assert msgspec.json.encode(getattr(article, name)) == msgspec.json.encode(value), name
    assert (article.language, article.body) == ("en", "Causes\nCrystals of uric acid in a joint.")


def test_put_and_delete_change_the_index(writer: Writer, tmp_path: Path) -> None:
    writer.client.put("/v1/articles/gout", json=GOUT)
    assert done(writer, tmp_path) == [("succeeded", "")]
    assert ids_found(tmp_path, "uric acid") == ["gout"]
    response = writer.client.delete("/v1/articles/gout")
    assert (response.status_code, response.json()["kind"]) == (202, "delete")
    writer.client.delete("/v1/articles/never-there")
    assert {state for state, _ in done(writer, tmp_path)} == {"succeeded"}
    assert ids_found(tmp_path, "uric acid") == []


def test_an_address_names_the_article_that_a_reindex_reads_from_its_page(writer: Writer) -> None:
    address = "https://clinic.example/g\u00f6ut/?a=1&b=2#top"
    page = f'<html><head><link rel="canonical" href="{address.replace("&", "&amp;")}"></head>'
    page += f"<body><main><h1>Gout</h1>{'<p>Crystals of uric acid in a joint hurt.</p>' * 9}</main>"
    read = extract_page(Page(location="x", url="", content=page.encode()))
    fields = {key: value for key, value in GOUT.items() if key != "url"}
    response = writer.client.put("/v1/articles", params={"url": address}, json=fields)
    assert response.status_code == 202
    assert response.json()["article"] == read.id == article_id(read.url)
    assert article_of_edit(edit(writer)).url == read.url
    response = writer.client.delete("/v1/articles", params={"url": address})
    assert (response.status_code, response.json()["article"]) == (202, read.id)


def test_an_address_and_the_url_of_the_article_agree(writer: Writer) -> None:
    assert writer.client.put("/v1/articles", params={"url": URL}, json=GOUT).status_code == 202
    response = writer.client.put("/v1/articles", params={"url": URL + "x"}, json=GOUT)
    assert writer.problem(response, 422, "invalid-field")["errors"][0]["pointer"] == "/url"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "url=",
        "url=clinic.example",
        "url=ftp://clinic.example/",
        "url=https://[/",
        "url=https://",
        "url=https://a.example/&url=https://a.example/",
        "url=https://a.example/a%20b",
        "id=1",
        "url=https://a.example/%0A",
        "url=https://a.example/" + "x" * 2048,
        "url=javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_bad_addresses(writer: Writer, method: str, query: str) -> None:
    response = writer.client.request(method, f"/v1/articles?{query}", json={"title": "Gout"})
    assert response.status_code == 422, response.text
    assert writer.book.recent() == []


def test_what_has_another_form_is_told_by_an_example(writer: Writer) -> None:
    response = writer.client.put("/v1/articles", params={"url": "clinic.example"}, json=GOUT)
    problem = writer.problem(response, 422, "invalid-field")
    assert (
        problem["detail"] == "url: Expected something like https://www.clinic.example/health/gout/."
    )
    fields = {**GOUT, "language": "English"}
    response = writer.client.put("/v1/articles", params={"url": URL}, json=fields)
    problem = writer.problem(response, 422, "invalid-field")
    assert problem["detail"] == "language: Expected something like en."


@pytest.mark.parametrize(
    "name",
    ["a", "wp-12", "a/b", "https://clinic.example/x?y=1", "ärztin 5", "100%", "x" * 200],
)
def test_ids_are_taken_as_they_are(writer: Writer, tmp_path: Path, name: str) -> None:
    response = writer.client.put(f"/v1/articles/{quote(name, safe='')}", json={"title": "Zyxomma"})
    assert (response.status_code, response.json()["article"]) == (202, name)
    done(writer, tmp_path)
    assert ids_found(tmp_path, "zyxomma") == [name]


def test_a_slash_may_stand_in_an_id_as_it_is(writer: Writer) -> None:
    assert writer.client.delete("/v1/articles/a/b/").json()["article"] == "a/b/"


@pytest.mark.parametrize(
    "name",
    [
        " ",
        "a  b",
        " a",
        "a ",
        "a\x00",
        "a\t",
        "a\u200bb",
        "a\u00a0b",
        "a\u00adb",
        "e\u0301",
        "x" * 201,
        "\ufeffa",
        "a\u2028b",
        "\u202ea",
        "\ue000",
        "a\ufffd",
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_ids_that_the_index_would_not_keep(writer: Writer, method: str, name: str) -> None:
    path = f"/v1/articles/{quote(name, safe='')}"
    response = writer.client.request(method, path, json={"title": "Gout"})
    body = writer.problem(response, 422, "invalid-field")
    assert body["errors"][0]["pointer"] == "/id"
    assert writer.book.recent() == []


LETTERS = st.sampled_from("aé\u0301 /%?#-\u00ad\u200b\u00a0\ufeff中\u1e9b\u0323") | st.characters()


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(alphabet=LETTERS, max_size=5))
def test_an_id_that_is_taken_is_the_id_of_the_article(name: str) -> None:
    try:
        checked_id(name)
    except ProblemError:
        return
    assert article_of_edit(Edit(1, name, {"title": "Gout"})).id == name


BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "/text"),
    ({"title": " ", "text": "\n", "html": ""}, "/text"),
    ({"title": 1}, "/title"),
    ({"title": None}, "/title"),
    ({"title": "x" * 1001}, "/title"),
    ({"title": "Gout", "url": "gout.html"}, "/url"),
    ({"title": "Gout", "url": "javascript:alert(1)"}, "/url"),
    ({"title": "Gout", "url": "https://[/"}, "/url"),
    ({"title": "Gout", "url": "https://a.example/a b"}, "/url"),
    ({"title": "Gout", "url": "https://a.example/a\n"}, "/url"),
    ({"title": "Gout", "published": "06/05/2024"}, "/published"),
    ({"title": "Gout", "published": "2024-02-30"}, "/published"),
    ({"title": "Gout", "modified": "1949-12-31"}, "/modified"),
    ({"title": "Gout", "last_reviewed": "2101-01-01"}, "/last_reviewed"),
    ({"title": "Gout", "last_reviewed": ""}, "/last_reviewed"),
    ({"title": "Gout", "language": "English"}, "/language"),
    ({"title": "Gout", "authors": "Ana Ruiz"}, "/authors"),
    ({"title": "Gout", "tags": [1]}, "/tags/0"),
    ({"title": "Gout", "tags": ["x" * 201]}, "/tags/0"),
    ({"title": "Gout", "topics": ["x"] * 51}, "/topics"),
    ({"title": "Gout", "description": "x" * 5001}, "/description"),
    ({"title": "Gout", "reviewer": "x" * 201}, "/reviewer"),
]


@pytest.mark.parametrize(("fields", "pointer"), BAD)
def test_bad_fields(writer: Writer, fields: dict[str, Any], pointer: str) -> None:
    response = writer.client.put("/v1/articles/a", json=fields)
    body = writer.problem(response, 422, "invalid-field")
    assert body["errors"][0]["pointer"] == pointer
    assert writer.book.recent() == []


@pytest.mark.parametrize("name", ["id", "_id", "body", "sections", "Title"])
def test_unknown_fields_are_refused_and_not_told(writer: Writer, name: str) -> None:
    response = writer.client.put("/v1/articles/a", json={"title": "Gout", name: "x"})
    body = writer.problem(response, 422, "unknown-field")
    assert "title, html, text" in body["detail"]


DAYS = st.dates(FIRST_DAY, LAST_DAY)
NAMES = st.lists(st.text(max_size=20), max_size=3).map(tuple)
FIELDS = st.builds(
    ArticleFields,
    url=st.just("") | st.from_regex(r"\Ahttps?://[^\x00-\x20\x7f-\xa0/?#][^\x00-\x20\x7f-\xa0]*\Z"),
    title=st.text(alphabet=string.ascii_letters, min_size=1),
    html=st.text(),
    text=st.text(),
    description=st.text(),
    language=st.sampled_from(["", "en", "es-MX", "zh_Hant_TW"]),
    published=st.none() | DAYS,
    modified=st.none() | DAYS,
    last_reviewed=st.none() | DAYS,
    authors=NAMES,
    reviewer=st.text(max_size=200),
    publisher=st.text(max_size=200),
    topics=NAMES,
    tags=NAMES,
    audience=NAMES,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(FIELDS)
def test_what_is_accepted_does_not_fail_later(fields: ArticleFields) -> None:
    accepted = converted(msgspec.to_builtins(fields), ArticleFields)
    try:
        record = record_of(accepted)
    except ProblemError:
        event("refused")
        return
    article_of_edit(Edit(1, "a", msgspec.json.decode(msgspec.json.encode(record))))


def test_html_without_text_ends_as_failed(writer: Writer, tmp_path: Path) -> None:
    fields = {"html": "<script>var gout</script><p> </p>"}
    response = writer.client.put("/v1/articles/empty", json=fields)
    assert response.status_code == 202
    writer.client.put("/v1/articles/gout", json=GOUT)
    done(writer, tmp_path)
    job = writer.client.get(response.headers["location"]).json()
    assert job["state"] == "failed"
    assert "neither title nor text" in job["error"]
    assert ids_found(tmp_path, "gout") == ["gout"]
    with pytest.raises(PageError):
        article_of_edit(Edit(1, "empty", fields))


def test_articles_have_a_limit_of_their_own(writer: Writer) -> None:
    fields = {"title": "Gout", "text": "uric " * 15_000}
    assert writer.client.put("/v1/articles/a", json=fields).status_code == 202
    fields["text"] *= 2
    body = writer.problem(writer.client.put("/v1/articles/a", json=fields), 413, "body-too-large")
    assert "100000" in body["detail"]
    response = writer.client.post("/v1/search", json={"q": "x", "sort": "y" * 2_000})
    assert "2000" in writer.problem(response, 413, "body-too-large")["detail"]
    assert Settings().max_article_bytes == 2 * 1024**2


def test_no_text_and_no_id_is_logged(writer: Writer, log: Lines) -> None:
    writer.client.put("/v1/articles/melanoma", json={"title": "melanoma", "text": "melanoma"})
    writer.client.put("/v1/articles/melanoma", json={"title": "melanoma", "melanoma": 1})
    writer.client.put("/v1/articles?url=https://a.example/melanoma", json={"title": "melanoma"})
    writer.client.delete("/v1/articles?url=melanoma")
    writer.client.delete("/v1/articles/melanoma")
    requests = [line for line in log.lines if '"event":"request"' in line]
    assert len(requests) == 5
    assert '"route":"/v1/articles/{id:path}"' in requests[0]
    assert not [line for line in log.lines if "melanoma" in line]
