import json
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from starlette.testclient import TestClient
from starlette.types import Message

from service.app import create_app
from service.models import MAX_SEARCHES
from service.settings import Settings
from tests.service.conftest import Lines
from tests.service.fakes import FakeLive, FakeSearcher

SEARCH = {"q": "magnesium"}


def test_answers_come_in_order(client: TestClient) -> None:
    searches = [{"q": "pain", "per_page": 2}, SEARCH, {"q": "zzzz"}, SEARCH]
    answers = client.post("/v1/search:batch", json={"searches": searches}).json()["answers"]
    assert [each["query"] for each in answers] == ["pain", "magnesium", "zzzz", "magnesium"]
    assert [len(each["hits"]) for each in answers] == [2, 1, 0, 1]
    alone = client.post("/v1/search", json=SEARCH).json()
    assert answers[1] == answers[3] == alone


def test_one_malformed_search_refuses_all_and_is_named(client: TestClient, log: Lines) -> None:
    for wrong, pointer, code in [
        ({"q": "zoster", "page": 0}, "/searches/1/page", "invalid-field"),
        ({"q": "  "}, "/searches/1/q", "query-empty"),
        ({"q": "zoster" * 100}, "/searches/1/q", "query-too-long"),
        ({"zoster": 1}, "/searches/1", "unknown-field"),
        ("zoster", "/searches/1", "invalid-field"),
    ]:
        response = client.post("/v1/search:batch", json={"searches": [SEARCH, wrong]})
        assert (response.status_code, response.json()["code"]) == (422, code)
        assert response.json()["errors"][0]["pointer"] == pointer
        assert response.json()["detail"].startswith("searches/1: ")
        assert "zoster" not in response.text + "".join(log.lines)


def test_a_batch_has_one_to_fifty_searches(client: TestClient) -> None:
    for searches in ([], [SEARCH] * (MAX_SEARCHES + 1), SEARCH, None):
        response = client.post("/v1/search:batch", json={"searches": searches})
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/searches"
    response = client.post("/v1/search:batch", json={"searches": [SEARCH] * MAX_SEARCHES})
    assert len(response.json()["answers"]) == MAX_SEARCHES


def test_explain_needs_a_key_here_too(client: TestClient) -> None:
    searches = [SEARCH, {**SEARCH, "explain": True}]
    assert client.post("/v1/search:batch", json={"searches": searches}).status_code == 401


class CountingLive(FakeLive):
    """Counts the searches."""

    searches = 0

    @contextmanager
    def searcher(self) -> Iterator[FakeSearcher]:
        self.searches += 1
        with super().searcher() as searcher:
            yield searcher


def test_for_a_client_that_left_nothing_is_searched(log: Lines) -> None:
    live = CountingLive()
    body = json.dumps({"searches": [{"q": f"zoster {n}"} for n in range(9)]}).encode()
    asked: Message = {"type": "http.request", "body": body}
    came = iter([asked, {"type": "http.disconnect"}])
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/search:batch",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }

    async def receive() -> Message:
        return next(came)

    async def send(_: Message) -> None:
        raise AssertionError("nobody is there to be answered")

    anyio.run(create_app(Settings(), live), scope, receive, send)
    assert live.searches == 0
    assert any('"status":499' in line for line in log.lines)
