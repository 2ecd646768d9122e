import html
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.search.suggest.suggestion import MAX_TYPED_CHARS
from tests.service.conftest import Lines
from tests.service.fakes import HOSTILE, FakeLive
from tests.service.test_search_api import problem

URL = "/v1/suggest"


def test_get_answers_with_suggestions(client: TestClient) -> None:
    response = client.get(URL, params={"q": "joint pa"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["query"] == "joint pa"
    assert [set(each) for each in body["suggestions"]] == [{"text", "kind", "url", "highlight"}]
    assert body["suggestions"][0]["text"] == "Joint pain"


def test_post_answers_the_same(client: TestClient) -> None:
    url = f"{URL}?q=living&limit=3&language=en&language=es"
    fields = {"q": "living", "limit": 3, "language": ["en", "es"]}
    answer = client.post(URL, json=fields).json()
    assert answer == client.get(url).json()
    assert len(answer["suggestions"]) == 3


def test_eight_are_suggested_unless_another_limit_is_given(client: TestClient) -> None:
    assert len(client.get(URL, params={"q": "living"}).json()["suggestions"]) == 8
    answer = client.get(URL, params={"q": "living", "limit": 20}).json()
    assert len(answer["suggestions"]) == 20


def test_head_and_options(client: TestClient) -> None:
    head = client.head(URL, params={"q": "pain"})
    assert (head.status_code, head.content) == (200, b"")
    options = client.options(URL)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("text", ["غسل اليدين", "日本", "e\u0301tude", "🤒", "a\u200fb", "%", "\\"])
def test_any_text_is_valid(client: TestClient, text: str) -> None:
    assert client.get(URL, params={"q": text}).status_code == 200
    assert client.post(URL, json={"q": text}).status_code == 200


def test_markup_in_titles_is_escaped(client: TestClient) -> None:
    answer = client.get(URL, params={"q": "pain <"}).json()
    (found,) = answer["suggestions"]
    assert found["text"] == f"Pain {HOSTILE}"
    assert "<script" not in found["highlight"]
    assert "&lt;script" in found["highlight"]
    plain = found["highlight"].replace("<mark>", "").replace("</mark>", "")
    assert html.unescape(plain) == found["text"]


BAD_FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "query-empty", "/q"),
    ({"q": ""}, "query-empty", "/q"),
    ({"q": " \t\u2003\n"}, "query-empty", "/q"),
    ({"q": "x" * (MAX_TYPED_CHARS + 1)}, "query-too-long", "/q"),
    ({"q": "x", "limit": 0}, "invalid-field", "/limit"),
    ({"q": "x", "limit": 21}, "invalid-field", "/limit"),
    ({"q": "x", "limit": "many"}, "invalid-field", "/limit"),
    ({"q": "x", "language": [""]}, "invalid-field", "/language/0"),
    ({"q": "x", "page": 2}, "unknown-field", ""),
    ({"q": "x", "topic": "Pain"}, "unknown-field", ""),
    ({"q": "x", "fields": ["title"]}, "unknown-field", ""),
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("fields", "code", "pointer"), BAD_FIELDS)
def test_bad_fields_are_problems(
    client: TestClient, method: str, fields: dict[str, Any], code: str, pointer: str
) -> None:
    is_get = method == "GET"
    response = client.get(URL, params=fields) if is_get else client.post(URL, json=fields)
    body = problem(response, 422, code)
    assert [each["pointer"] for each in body["errors"]] == [pointer]


def test_the_longest_text_is_taken(client: TestClient) -> None:
    assert client.get(URL, params={"q": "x" * MAX_TYPED_CHARS}).status_code == 200


def test_other_problems(client: TestClient, live: FakeLive) -> None:
    problem(client.get(f"{URL}?q=a&q=b"), 422, "invalid-field")
    problem(client.post(URL, content=b"{"), 415, "unsupported-media-type")
    json_type = {"content-type": "application/json"}
    problem(client.post(URL, content=b"{", headers=json_type), 400, "invalid-json")
    problem(client.put(URL, json={"q": "a"}), 405, "method-not-allowed")
    problem(client.get(URL, params={"q": "boom"}), 500, "internal-error")
    live.missing = True
    response = client.get(URL, params={"q": "pain"})
    problem(response, 503, "index-unavailable")
    assert response.headers["retry-after"]


def test_what_is_typed_is_not_logged(client: TestClient, log: Lines) -> None:
    for typed in ("secretword", "boom secretword"):
        client.get(URL, params={"q": typed})
        client.post(URL, json={"q": typed})
    client.get(URL, params={"secretword": "x"})
    assert log.lines
    assert "secretword" not in "\n".join(log.lines)
    assert any('"/v1/suggest"' in line for line in log.lines)


def test_suggestions_are_counted(client: TestClient) -> None:
    client.get(URL, params={"q": "pain"})
    client.post(URL, json={"q": "pain"})
    client.get(URL, params={"q": ""})
    assert "health_search_suggestions_total 2.0" in client.get("/metrics").text
