"""What of the requests is counted, and that clicks are always taken in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.analytics.analytics import Analytics
from service.analytics.book import Book
from service.app import create_app
from service.settings import Settings
from tests.service.fakes import FakeLive


class Site:
    """The application with analytics on, and visitors of it."""

    def __init__(self, client: TestClient, file: Path) -> None:
        self.client = client
        self.file = file
        context = client.app.state.context  # type: ignore[attr-defined]
        self.analytics: Analytics = context.analytics

    def visitor(self, number: int) -> dict[str, str]:
        return {"X-Forwarded-For": f"198.51.100.{number}"}

    def post(self, path: str, number: int = 1, **body: Any) -> int:
        response = self.client.post(path, json=body, headers=self.visitor(number))
        return response.status_code

    def kept(self) -> dict[str, dict[str, int]]:
        self.analytics.write(is_last=True)
        return Book(self.file).queries(date.min, date.max)

    def totals(self) -> dict[str, int]:
        self.analytics.write(is_last=True)
        (counts,) = Book(self.file).totals(date.min, date.max).values() or ({},)
        return counts


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    file = tmp_path / "counts.db"
    settings = Settings(analytics=file, analytics_k=2)
    app = create_app(settings, FakeLive())
    proxy = ("127.0.0.1", 1)
    with TestClient(app, raise_server_exceptions=False, client=proxy) as client:
        yield Site(client, file)


def test_every_way_to_search_counts(site: Site) -> None:
    site.client.get("/v1/search?q=gout", headers=site.visitor(1))
    site.client.get("/v1/search?q=gout", headers=site.visitor(2))
    assert site.post("/v1/search", 3, q="joint pain") == 200
    assert site.client.get("/", params={"q": "joint pain"}, headers=site.visitor(4)).is_success
    assert site.kept() == {
        "gout": {"searches": 2, "zero": 2, "clients": 2, "kept": 1},
        "joint pain": {"searches": 2, "clients": 2},
    }


def test_an_answer_that_the_caller_has_counts_too(site: Site) -> None:
    etag = site.client.get("/v1/search?q=joint", headers=site.visitor(1)).headers["etag"]
    headers = {**site.visitor(2), "If-None-Match": etag}
    assert site.client.get("/v1/search?q=joint", headers=headers).status_code == 304
    assert site.kept() == {"joint": {"searches": 2, "clients": 2, "kept": 1}}


def test_what_is_no_search_of_its_own_does_not_count(site: Site) -> None:
    site.post("/v1/search", 1, q="pain", page=2)
    site.post("/v1/search:batch", 2, searches=[{"q": "pain"}])
    site.client.head("/v1/search?q=pain", headers=site.visitor(3))
    site.client.head("/v1/search?q=pain", headers=site.visitor(3))
    site.client.get("/", params={"q": "pain", "page": "2"}, headers=site.visitor(4))
    site.client.get("/v1/search?q=", headers=site.visitor(5))
    site.client.get("/v1/search?q=boom", headers=site.visitor(6))
    assert site.totals() == {}


def test_sorting_and_filtering_are_no_further_searches(site: Site) -> None:
    for more in ({}, {"sort": "newest"}, {"topic": ["Pain"]}):
        site.post("/v1/search", 1, q="pain", **more)
    assert site.totals() == {"searches": 1}


def test_suggestions(site: Site) -> None:
    site.post("/v1/suggest", 1, q="jo")
    site.client.get("/v1/suggest?q=joi", headers=site.visitor(1))
    assert site.totals() == {"suggestions": 2}


def test_clicks_of_those_who_searched(site: Site) -> None:
    for number in (1, 2):
        site.post("/v1/search", number, q="joint pain")
        assert site.post("/v1/clicks", number, query="joint pain", position=3) == 204
    assert site.post("/v1/clicks", 3, query="joint pain", position=3) == 204
    counts = site.kept()["joint pain"]
    assert (counts["searches"], counts["clients"], counts["click 3"]) == (2, 2, 1)
    assert site.totals() == {"searches": 2, "kept": 1, "click 3": 2}


def test_clicks_are_taken_in_where_nothing_is_counted(client: TestClient) -> None:
    response = client.post("/v1/clicks", json={"query": "gout", "position": 1})
    assert (response.status_code, response.content) == (204, b"")
    assert client.post("/v1/clicks", json={"query": " ", "position": 10**6}).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": "gout"},
        {"query": "gout", "position": 0},
        {"query": "gout", "position": "1"},
        {"query": "", "position": 1},
        {"query": "x" * 501, "position": 1},
        {"query": "gout", "position": 1, "id": "7"},
    ],
)
def test_malformed_clicks_are_told(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post("/v1/clicks", json=body)
    assert response.status_code == 422
    assert response.json()["code"] in ("invalid-field", "unknown-field")
    assert "gout" not in response.text


def test_a_broken_disk_breaks_no_search(tmp_path: Path) -> None:
    settings = Settings(analytics=tmp_path, analytics_k=2)  # a folder is no file
    with TestClient(create_app(settings, FakeLive()), client=("127.0.0.1", 1)) as client:
        site = Site(client, tmp_path)
        for number in (1, 2, 3):
            assert site.post("/v1/search", number, q="joint pain") == 200
            assert site.post("/v1/clicks", number, query="joint pain", position=1) == 204
        site.analytics.write(is_last=True)
        lines = client.get("/metrics").text.splitlines()
    assert "health_search_analytics_failing 1.0" in lines
    (failures,) = [x for x in lines if x.startswith("health_search_analytics_failures_total")]
    assert float(failures.split()[1]) >= 1
