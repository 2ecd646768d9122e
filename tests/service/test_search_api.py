import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.openapi import document
from service.search.request import MAX_QUERY_CHARS
from service.settings import Settings
from tests.service.fakes import FakeLive
from tests.service.writing import AUTHORIZED, writable_app


def test_get_answers_with_ranked_hits(client: TestClient) -> None:
    response = client.get("/v1/search", params={"q": "magnesium"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["total"] == 1
    assert body["hits"][0]["url"].endswith("/magnesium")
    assert body["hits"][0]["last_reviewed"] == "2026-03-12"


def test_post_answers_the_same(client: TestClient) -> None:
    fields = {"q": "pain", "page": 2, "per_page": 5, "sort": "reviewed", "topic": ["Pain"]}
    url = "/v1/search?q=pain&page=2&per_page=5&sort=reviewed&topic=Pain"
    assert client.post("/v1/search", json=fields).json() == client.get(url).json()


def test_topics_and_languages_may_be_repeated(client: TestClient) -> None:
    response = client.get("/v1/search?q=pain&topic=Pain&topic=Mental%20health&language=en")
    assert response.json()["total"] == 17


def test_a_slip_is_put_right_and_other_names_are_searched_unless_told_not_to(
    client: TestClient,
) -> None:
    for fields in ({}, {"expand": True}):
        body = client.post("/v1/search", json={"q": "magnesum joint", **fields}).json()
        assert (body["did_you_mean"], body["corrected"]) == ("magnesium joint", True)
        assert body["expansions"][0] == {"term": "joint", "to": ["arthralgia"]}
    body = client.post("/v1/search", json={"q": "magnesum joint", "expand": False}).json()
    assert (body["did_you_mean"], body["corrected"]) == ("magnesium joint", False)
    assert body["expansions"] == []
    assert client.get("/v1/search?q=magnesum+joint&expand=false").json() == body


def test_related_articles_are_marked_and_not_counted(client: TestClient) -> None:
    body = client.get("/v1/search?q=dolor").json()
    assert (body["total"], body["related"]) == (1, len(body["hits"]) - 1)
    assert [hit["related"] for hit in body["hits"]] == [False, *[True] * body["related"]]


@pytest.mark.parametrize("value", ["maybe", "", "2"])
def test_a_switch_is_true_or_false(client: TestClient, value: str) -> None:
    response = client.get(f"/v1/search?q=pain&expand={value}")
    body = problem(response, 422, "invalid-field")
    assert body["errors"][0]["pointer"] == "/expand"


EXPLAINED = "/v1/search?q=pain&explain=true"


def explanations(response: Any) -> set[int]:
    """Return how many parts the scores of the hits have."""
    assert response.status_code == 200
    return {len(hit["explanation"]) for hit in response.json()["hits"]}


class TestExplain:
    @pytest.fixture
    def guarded(self, tmp_path: Path) -> TestClient:
        return TestClient(writable_app(tmp_path), raise_server_exceptions=False)

    def test_needs_the_key(self, guarded: TestClient) -> None:
        assert explanations(guarded.get(EXPLAINED, headers=AUTHORIZED)) == {2}
        fields = {"q": "pain", "explain": True}
        assert explanations(guarded.post("/v1/search", json=fields, headers=AUTHORIZED)) == {2}
        for headers in ({}, {"Authorization": "Bearer of bad news"}):
            for response in (
                guarded.get(EXPLAINED, headers=headers),
                guarded.post("/v1/search", json=fields, headers=headers),
            ):
                problem(response, 401, "unauthorized")
                assert response.headers["www-authenticate"] == "Bearer"

    def test_without_a_key_nobody_is_told(self, client: TestClient) -> None:
        problem(client.get(EXPLAINED, headers=AUTHORIZED), 401, "unauthorized")
        assert explanations(client.get("/v1/search?q=pain&explain=false")) == {0}

    def test_a_setting_lets_anybody_ask(self, live: FakeLive) -> None:
        with TestClient(create_app(replace(Settings(), explain=True), live)) as client:
            assert explanations(client.get(EXPLAINED)) == {2}

    def test_what_was_explained_is_told_to_nobody_else(self, guarded: TestClient) -> None:
        for _ in range(2):  # the second one is kept
            told = guarded.get(EXPLAINED, headers=AUTHORIZED)
        shown = {"If-None-Match": told.headers["etag"]}
        for headers in ({}, shown, {**shown, "Authorization": "Bearer x"}):
            problem(guarded.get(EXPLAINED, headers=headers), 401, "unauthorized")
        assert explanations(guarded.get("/v1/search?q=pain")) == {0}
        plain = guarded.get("/v1/search?q=pain", headers=shown)
        assert plain.status_code == 200
        assert plain.headers["etag"] != told.headers["etag"]
        again = guarded.get(EXPLAINED, headers={**AUTHORIZED, **shown})
        assert (again.status_code, again.content) == (304, b"")

    def test_the_document_says_so(self) -> None:
        for writable in (True, False):
            api = document("Test", writable=writable)
            for operation in api["paths"]["/v1/search"].values():
                assert "401" in operation["responses"]
                assert ({} in operation.get("security", ())) is writable
        fields = api["components"]["schemas"]["SearchRequest"]["properties"]
        assert fields["expand"]["default"] is True
        assert "key" in fields["explain"]["description"]


def test_head_and_options(client: TestClient) -> None:
    head = client.head("/v1/search", params={"q": "pain"})
    assert head.status_code == 200
    options = client.options("/v1/search")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_a_page_beyond_the_end_is_empty_and_keeps_the_total(client: TestClient) -> None:
    body = client.get("/v1/search?q=pain&page=500").json()
    assert (body["hits"], body["total"]) == ([], 38)


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/docs#{code}")
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body


BAD_FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "query-empty", "/q"),
    ({"q": ""}, "query-empty", "/q"),
    ({"q": " \t\u2003\n"}, "query-empty", "/q"),
    ({"q": "\x00\x01\x7f"}, "query-empty", "/q"),
    ({"q": "x" * (MAX_QUERY_CHARS + 1)}, "query-too-long", "/q"),
    ({"q": "x" * 10_000}, "query-too-long", "/q"),
    ({"q": "pain", "page": 0}, "invalid-field", "/page"),
    ({"q": "pain", "page": 1001}, "invalid-field", "/page"),
    ({"q": "pain", "page": 10**30}, "invalid-field", "/page"),
    ({"q": "pain", "per_page": 101}, "invalid-field", "/per_page"),
    ({"q": "pain", "per_page": "many"}, "invalid-field", "/per_page"),
    ({"q": "pain", "page": 101, "per_page": 100}, "invalid-field", "/page"),
    ({"q": "pain", "sort": "melanoma"}, "invalid-field", "/sort"),
    ({"q": "pain", "topic": [""]}, "invalid-field", "/topic/0"),
    ({"q": "pain", "topic": ["x"] * 21}, "invalid-field", "/topic"),
    ({"q": "pain", "melanoma": "1"}, "unknown-field", ""),
]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"q": "pain", "facets": "topic"}, "Expected a list in brackets, got text."),
        ({"q": "pain", "reading_level_max": "low"}, "Expected a number, got text."),
        ({"q": "pain", "page": 1.5}, "Expected a whole number, got a number."),
        ({"q": "pain", "facet": ["topic"]}, "Is facets meant?"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    client: TestClient, fields: dict[str, Any], says: str
) -> None:
    answer = client.post("/v1/search", json=fields)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"].startswith(says)


@pytest.mark.parametrize(("fields", "code", "pointer"), BAD_FIELDS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_fields(
    client: TestClient, method: str, fields: dict[str, Any], code: str, pointer: str
) -> None:
    sent = {"params": fields} if method == "GET" else {"json": fields}
    body = problem(client.request(method, "/v1/search", **sent), 422, code)  # type: ignore[arg-type]
    assert [error["pointer"] for error in body["errors"]] == [pointer]
    assert "melanoma" not in json.dumps(body)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"q": 1}, "/q"),
        ({"q": None}, "/q"),
        ({"q": "pain", "page": "2"}, "/page"),
        ({"q": "pain", "page": True}, "/page"),
        ({"q": "pain", "topic": "Pain"}, "/topic"),
        ({"q": "pain", "topic": ["Pain", 1]}, "/topic/1"),
        ([], ""),
        ("pain", ""),
    ],
)
def test_json_of_the_wrong_type(client: TestClient, fields: object, pointer: str) -> None:
    body = problem(client.post("/v1/search", json=fields), 422, "invalid-field")
    assert body["errors"][0]["pointer"] == pointer


def test_a_scalar_given_twice(client: TestClient) -> None:
    body = problem(client.get("/v1/search?q=melanoma&q=pain"), 422, "invalid-field")
    assert body["errors"] == [{"pointer": "/q", "detail": "Give this once."}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nul",
        b'{"q": "pain"} x',
        b'{"q": "\xff"}',
        b'{"q": "\xed\xa0\x80"}',
        rb'{"q": "\ud800"}',
        rb'{"q": "\ud800 pain"}',
        b'\xef\xbb\xbf{"q": "pain"}',
        b"[" * 60_000,
        b'{"q": ' * 9_000,
        '{"q": "pain"}'.encode("utf-16"),
        b'{"q": "pain", "page": 1e999}',
    ],
)
def test_what_is_not_json(client: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    problem(client.post("/v1/search", content=body, headers=headers), 400, "invalid-json")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "json"])
def test_other_media_types(client: TestClient, media_type: str) -> None:
    response = client.post("/v1/search", content=b"q=pain", headers={"Content-Type": media_type})
    problem(response, 415, "unsupported-media-type")


def test_json_with_a_charset(client: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/v1/search", content=b'{"q":"pain"}', headers=headers).status_code == 200


@pytest.mark.parametrize(
    "query", ["%00pain", "pain%FF", "%ED%A0%80 pain", "pain%0D%0AX:1", "%", "&&"]
)
def test_odd_bytes_in_a_url_are_searched_or_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/search?q={query}").status_code in (200, 422)


def test_a_body_over_the_limit(client: TestClient) -> None:
    big = b'{"q": "' + b"x" * 70_000 + b'"}'
    headers = {"Content-Type": "application/json"}

    def chunks() -> Iterator[bytes]:
        yield from (big[start : start + 1000] for start in range(0, len(big), 1000))

    problem(client.post("/v1/search", content=big, headers=headers), 413, "body-too-large")
    problem(client.post("/v1/search", content=chunks(), headers=headers), 413, "body-too-large")
    problem(client.request("GET", "/", content=big), 413, "body-too-large")


@pytest.mark.parametrize("length", ["ten", "-1", "1e3", "²", " "])
def test_a_malformed_content_length(client: TestClient, length: str) -> None:
    headers = {"Content-Length": length.encode(), "Content-Type": b"application/json"}
    response = client.post("/v1/search", headers=headers)  # type: ignore[arg-type]
    problem(response, 400, "invalid-request")


def test_unknown_paths_and_methods(client: TestClient) -> None:
    for path in (
        "/v2",
        "/v1/search//",
        "/static/none.js",
        "/static/",
        "/static/..%2fapp.py",
        "/%00",
    ):
        problem(client.get(path), 404, "not-found")
    response = client.delete("/v1/search")
    problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, POST"
    assert client.post("/static/page.css").headers["allow"] == "GET, HEAD"
    problem(client.request("BREW", "/"), 405, "method-not-allowed")


def test_without_an_index(client: TestClient, live: FakeLive) -> None:
    live.missing = True
    response = client.get("/v1/search?q=melanoma")
    assert "var/index" not in json.dumps(problem(response, 503, "index-unavailable"))
    assert int(response.headers["retry-after"]) > 0


def test_a_bug_is_a_problem_that_tells_nothing(client: TestClient) -> None:
    body = problem(client.post("/v1/search", json={"q": "boom melanoma"}), 500, "internal-error")
    assert "melanoma" not in json.dumps(body)
    assert "divide" not in json.dumps(body)


def test_a_number_beyond_all_numbers_is_told_as_such(client: TestClient) -> None:
    for number in ("9" * 5_000, "1e400"):
        response = client.get("/v1/search", params={"q": "pain", "per_page": number})
        assert response.status_code == 422
        assert response.json()["detail"] == "per_page: Out of range."
