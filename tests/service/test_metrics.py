"""What Prometheus is told: how much and how long, never who and what."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import structs
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from indexer.index.job import Request
from indexer.index.jobs import JobBook
from service.app import create_app
from service.metrics import Metrics
from service.search.request import SearchRequest
from service.search.response import Notice
from service.settings import Settings
from tests.service.fakes import FakeLive, FakeSearcher

MARKER = "melanoma"


def samples(text: str) -> dict[str, float]:
    """Return the samples by name and label values."""
    return {
        " ".join((sample.name, *sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(client: TestClient) -> dict[str, float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return samples(response.text)


def test_searches_by_what_became_of_them(client: TestClient) -> None:
    etag = client.get("/v1/search?q=joint").headers["etag"]
    client.get("/v1/search?q=joint")
    client.post("/v1/search", json={"q": "joint"})
    client.get("/v1/search?q=joint", headers={"If-None-Match": etag})
    client.get("/", params={"q": "joint"})
    found = scraped(client)
    assert found["health_search_searches_total cached"] == 2
    assert found["health_search_searches_total not-modified"] == 1
    assert found["health_search_searches_total computed"] == 2, "the page keeps nothing"
    assert found["health_search_fallbacks_total"] == 0


def test_durations_by_route(client: TestClient) -> None:
    for path in ("/v1/search?q=joint", "/v1/search?q=joint", "/healthz", "/none", "/none?q=x"):
        client.get(path)
    found = scraped(client)
    assert found["health_search_request_seconds_count /v1/search"] == 2
    assert found["health_search_request_seconds_count /healthz"] == 1
    assert found["health_search_request_seconds_count unknown"] == 2
    assert found["health_search_request_seconds_bucket +Inf /v1/search"] == 2
    assert found["health_search_request_seconds_sum /v1/search"] > 0


def test_requests_by_the_class_of_their_status(client: TestClient) -> None:
    etag = client.get("/v1/search?q=joint").headers["etag"]
    client.get("/v1/search?q=joint")
    client.get("/v1/search?q=joint", headers={"If-None-Match": etag})
    client.get("/v1/search?q=")
    client.get("/v1/search?q=boom")
    found = scraped(client)
    found_by_class = [found[f"health_search_requests_total /v1/search {n}xx"] for n in (2, 3, 4, 5)]
    assert found_by_class == [2, 1, 1, 1]


def test_queries_by_what_came_of_them(client: TestClient) -> None:
    for query in ("joint", "joint", "zzz", "boom"):
        client.post("/v1/search", json={"q": query})
    client.get("/", params={"q": "joint"})
    found = scraped(client)
    assert found["health_search_query_seconds_count found"] == 2, "the engine was not asked twice"
    assert found["health_search_query_seconds_count nothing"] == 1
    assert found["health_search_query_seconds_count failed"] == 1
    assert found["health_search_query_seconds_sum found"] > 0
    assert "health_search_query_seconds_count timeout" not in found


def test_a_query_that_ran_out_of_time_and_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = Notice(kind="stroke", severity="emergency", title="", text="", language="en")
    answer = FakeSearcher().search(SearchRequest(q="joint"))
    partly = structs.replace(answer, total_relation="gte", notices=(notice, notice))
    monkeypatch.setattr(FakeSearcher, "search", lambda *_: partly)
    with TestClient(create_app(Settings(), FakeLive())) as client:
        client.post("/v1/search", json={"q": MARKER})
        found = scraped(client)
    assert found["health_search_query_seconds_count timeout"] == 1
    assert found["health_search_notices_total stroke"] == 2


def test_answers_that_are_kept(client: TestClient) -> None:
    assert scraped(client)["health_search_cache_entries"] == 0
    size = len(client.post("/v1/search", json={"q": "joint"}).content)
    client.post("/v1/search", json={"q": "pain"})
    found = scraped(client)
    assert found["health_search_cache_entries"] == 2
    assert found["health_search_cache_bytes"] > size


def test_jobs_by_how_they_went(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with TestClient(create_app(Settings(index=index), FakeLive())) as client:
        assert not [name for name in scraped(client) if name.startswith("health_search_job")]
        assert not index.exists(), "who only looks makes no files"
        book = JobBook(index)
        first = book.begin_reindex(Request(sources=("a",)))
        book.end([first.id], "succeeded", made="g1")
        found = scraped(client)
        assert found["health_search_jobs reindex succeeded"] == 1
        assert found["health_search_jobs failed reindex"] == 0
        ended = book.get(first.id).finished_at
        assert ended
        assert found["health_search_job_success_timestamp_seconds reindex"] == ended.timestamp()
        assert found["health_search_job_failed reindex"] == 0
        second = book.begin_reindex(Request(sources=("a",)))
        book.end([second.id], "failed", "no disk")
        found = scraped(client)
        assert found["health_search_jobs failed reindex"] == 1
        assert found["health_search_job_success_timestamp_seconds reindex"] == ended.timestamp()
        assert found["health_search_job_failed reindex"] == 1
        (index / "jobs.db").write_bytes(b"no database at all" * 100)
        assert "health_search_index_articles" in scraped(client), "the rest is told all the same"


def test_whether_searches_are_counted_for_the_editors(client: TestClient, tmp_path: Path) -> None:
    assert scraped(client)["health_search_analytics_on"] == 0
    settings = Settings(analytics=tmp_path / "counts.db")
    with TestClient(create_app(settings, FakeLive())) as other:
        found = scraped(other)
    assert found["health_search_analytics_on"] == 1
    assert found["health_search_analytics_failing"] == 0
    assert found["health_search_analytics_failures_total"] == 0


def test_the_index(client: TestClient, live: FakeLive) -> None:
    found = scraped(client)
    assert found["health_search_index_articles"] == 38
    assert found["health_search_index_age_seconds"] > 0
    live.missing = True
    assert not [name for name in scraped(client) if name.startswith("health_search_index")]


def test_nothing_tells_who_asked_or_for_what(client: TestClient) -> None:
    headers = {"X-Request-ID": f"{MARKER}-1234", "User-Agent": MARKER, "Referer": f"/{MARKER}"}
    client.get("/v1/search", params={"q": MARKER, "topic": MARKER}, headers=headers)
    client.get("/v1/search", params={"q": MARKER, MARKER: MARKER}, headers=headers)
    client.get(f"/{MARKER}", headers=headers)
    client.get(f"/static/{MARKER}", headers=headers)
    client.request(MARKER.upper(), "/", headers=headers)
    text = client.get("/metrics").text
    assert not re.search(rf"{MARKER}|testclient|\d+\.\d+\.\d+\.\d+", text, re.IGNORECASE)


def test_fallbacks() -> None:
    metrics = Metrics()
    metrics.fell_back()
    assert samples(metrics.text().decode())["health_search_fallbacks_total"] == 1


def test_processes_count_together(tmp_path: Path) -> None:
    program = (
        "from service.gauges import gauge\n"
        "from service.metrics import Metrics\n"
        "metrics = Metrics()\n"
        "metrics.searched('cached')\n"
        "metrics.answered('/v1/search', 200, 0.25)\n"
        "metrics.queried('found', 0.25)\n"
        "print(metrics.text([gauge('index_articles', '', 7)]).decode())\n"
    )
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    for count in (1, 2):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        found = samples(done.stdout)
        assert found["health_search_searches_total cached"] == count
        assert found["health_search_request_seconds_count /v1/search"] == count
        assert found["health_search_requests_total /v1/search 2xx"] == count
        assert found["health_search_query_seconds_count found"] == count
        assert found["health_search_index_articles"] == 7
