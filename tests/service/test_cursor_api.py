"""Cursors over HTTP, with a real index behind them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.search.engine import open_searcher
from service.search.live import LiveIndex
from service.settings import Settings
from tests.indexer.builders import article, publish

ASKED = {"q": "rain", "per_page": "30"}


def publish_rain(folder: Path, count: int) -> None:
    publish(folder, *(article(n, body=f"Rain fell on day {n}.", sections=()) for n in range(count)))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveIndex]:
    publish_rain(tmp_path, 70)
    live = LiveIndex(tmp_path, open_searcher)
    live.refresh()
    yield live
    live.close()


@pytest.fixture
def client(live: LiveIndex) -> Iterator[TestClient]:
    settings = replace(Settings(), poll_seconds=3600.0)
    with TestClient(create_app(settings, live), raise_server_exceptions=False) as client:
        yield client


def get(client: TestClient, **fields: str) -> dict[str, Any]:
    response = client.get("/v1/search", params=ASKED | fields)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_walk(client: TestClient) -> None:
    found: list[str] = []
    answer = get(client)
    while True:
        found += [hit["id"] for hit in answer["hits"]]
        if not answer.get("next_cursor"):
            break
        answer = get(client, cursor=answer["next_cursor"])
    assert sorted(found) == sorted(f"a{n}" for n in range(70))


def test_get_and_post_give_the_same(client: TestClient) -> None:
    cursor = get(client)["next_cursor"]
    posted = client.post("/v1/search", json={"q": "rain", "per_page": 30, "cursor": cursor}).json()
    assert posted["hits"] == get(client, cursor=cursor)["hits"]


@pytest.mark.parametrize("cursor", ["x", "!", "AAAA", "%00"])
def test_what_is_no_cursor(client: TestClient, cursor: str) -> None:
    response = client.get("/v1/search", params={**ASKED, "cursor": cursor})
    assert response.status_code == 422
    problem = response.json()
    assert problem["code"] == "invalid-field"
    assert [each["pointer"] for each in problem["errors"]] == ["/cursor"]
    assert problem["detail"] == "cursor: The cursor is not one that an answer gave."


def test_a_cursor_of_another_search(client: TestClient) -> None:
    cursor = get(client)["next_cursor"]
    response = client.get("/v1/search", params={"q": "snow", "cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (422, "invalid-field")
    assert "snow" not in response.text


def test_a_cursor_of_an_index_that_is_gone(
    client: TestClient, live: LiveIndex, tmp_path: Path
) -> None:
    cursor = get(client)["next_cursor"]
    publish_rain(tmp_path, 71)
    assert live.refresh()
    response = client.get("/v1/search", params={**ASKED, "cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (410, "cursor-expired")
    assert get(client)["total"] == 71
