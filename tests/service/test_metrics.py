"""What Prometheus is told: how much and how long, never who and what."""

import re
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service.metrics import Metrics
from tests.service.fakes import FakeLive

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
    assert samples(metrics.text(None, None).decode())["health_search_fallbacks_total"] == 1


def test_processes_count_together(tmp_path: Path) -> None:
    program = (
        "from service.metrics import Metrics\n"
        "metrics = Metrics()\n"
        "metrics.searched('cached')\n"
        "metrics.answered('/v1/search', 0.25)\n"
        "print(metrics.text(7, 1.5).decode())\n"
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
        assert found["health_search_index_articles"] == 7
