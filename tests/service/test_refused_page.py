"""What visitors without a script see of the page where the service refuses them: a page."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from starlette.testclient import TestClient

from indexer.errors import Overloaded
from service.access.access import REQUEST_SECONDS
from service.answers import Answers
from service.openapi import document
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from service.web.texts import LANGUAGES, load_texts
from tests.service.access.callers import Service
from tests.service.conftest import Lines
from tests.service.fakes import FakeLive, FakeSearcher

EN, ES = (load_texts().texts[language] for language in LANGUAGES)

VISITOR = "203.0.113.7"


def is_page(response: Any, status: int, text: str) -> bool:
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert 'role="search"' in response.text
    return text in response.text


@pytest.mark.parametrize("path", ["/", "/?q=joint+pain"])
def test_who_asks_too_often_is_told_when_to_come_back(
    tmp_path: Path, log: Lines, path: str
) -> None:
    service = Service(tmp_path, rate_limit="3/minute")
    for left in (2, 1, 0):
        response = service.get(path, address=VISITOR)
        assert response.status_code == 200
        assert f"r={left};" in response.headers["ratelimit"]
    response = service.get(path, address=VISITOR)
    seconds = response.headers["retry-after"]
    assert int(seconds) > 0
    assert is_page(response, 429, EN["error_busy"].format(seconds=seconds))
    assert EN["retry"] in response.text
    assert "r=0;" in response.headers["ratelimit"]
    assert '"problem":"too-many-requests"' in log.lines[-1]


@pytest.mark.parametrize("path", ["/?lang=es", "/?q=joint+pain&lang=es"])
def test_where_search_is_not_public_the_page_says_so(tmp_path: Path, path: str) -> None:
    private = Service(tmp_path, public_search="off")
    response = private.get(path)
    assert is_page(response, 401, ES["error_closed"])
    assert ES["retry"] not in response.text, "it would not help"
    assert response.headers["www-authenticate"] == "Bearer"
    assert "arthralgia" not in response.text
    assert is_page(private.get(path, key=private.key("suggest")), 403, ES["error_closed"])
    assert "retry-after" not in private.get(path, key=private.key("search")).headers


def test_too_much_asked_at_once_is_no_missing_index(
    client: TestClient, live: FakeLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def search(*_: object) -> SearchResponse:
        raise Overloaded("The question waited too long for its turn.")

    with monkeypatch.context() as patched:
        patched.setattr(Answers, "search", search)
        response = client.get("/?q=joint")
    seconds = response.headers["retry-after"]
    assert is_page(response, 503, EN["error_busy"].format(seconds=seconds))
    assert EN["error_unavailable"] not in response.text
    live.missing = True
    assert is_page(client.get("/?q=joint"), 503, EN["error_unavailable"])


def test_the_page_counts_what_it_takes_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(tmp_path, rate_limit="10/minute")
    find = FakeSearcher.search
    took = 1000 * REQUEST_SECONDS * 5

    def search(self: FakeSearcher, request: SearchRequest) -> SearchResponse:
        return structs.replace(find(self, request), took_ms=took)

    monkeypatch.setattr(FakeSearcher, "search", search)
    assert "r=9;" in service.get("/?q=joint", address=VISITOR).headers["ratelimit"]
    assert "r=3;" in service.get("/", address=VISITOR).headers["ratelimit"], "five more, and this"


def test_the_statuses_of_the_page_are_documented_as_pages() -> None:
    responses = document("Test")["paths"]["/"]["get"]["responses"]
    for status in ("200", "401", "403", "422", "429", "503"):
        assert set(responses[status]["content"]) == {"text/html"}
    assert "Retry-After" in responses["429"]["headers"]
