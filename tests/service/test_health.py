import logging
import time
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.service.conftest import Lines
from tests.service.fakes import FakeLive


def test_healthz(client: TestClient, live: FakeLive) -> None:
    live.missing = True
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_names_the_index_and_its_age(client: TestClient) -> None:
    body = client.get("/readyz").json()
    assert body["status"] == "ready"
    assert body["index"]["articles"] == 38
    assert body["age_seconds"] > 0


def test_readyz_says_why_it_is_not_ready(client: TestClient, live: FakeLive) -> None:
    live.missing = True
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["detail"] == "There is no index in var/index."
    assert response.json()["code"] == "index-unavailable"


def wait_for_status(client: TestClient, path: str, status: int) -> None:
    deadline = time.monotonic() + 5
    while client.get(path).status_code != status:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_service_starts_without_an_index_and_finds_it_later(log: Lines) -> None:
    live = FakeLive(missing=True)
    settings = replace(Settings(), poll_seconds=0.01)
    with TestClient(create_app(settings, live)) as client:
        assert client.get("/v1/search?q=pain").status_code == 503
        live.missing = False
        wait_for_status(client, "/v1/search?q=pain", 200)
        time.sleep(0.05)
    assert live.closed
    assert sum('"index-opened"' in line for line in log.lines) == 1


class BrokenLive(FakeLive):
    def refresh(self) -> bool:
        self.refreshed += 1
        raise ZeroDivisionError("secret")


def test_a_refresh_that_fails_is_logged_and_tried_again(log: Lines) -> None:
    live = BrokenLive()
    with TestClient(create_app(replace(Settings(), poll_seconds=0.01), live)) as client:
        deadline = time.monotonic() + 5
        while live.refreshed < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert client.get("/healthz").status_code == 200
    failed = [line for line in log.lines if "index-refresh-failed" in line]
    assert len(failed) >= 3
    assert "ZeroDivisionError" in failed[0]
    assert "secret" not in failed[0]


@pytest.mark.usefixtures("log")
def test_the_reason_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    live = FakeLive(missing=True)
    with (
        caplog.at_level(logging.WARNING, "service.app"),
        TestClient(create_app(replace(Settings(), poll_seconds=0.01), live)),
    ):
        time.sleep(0.1)
    assert live.refreshed > 2
    assert [record.message for record in caplog.records].count("index-unavailable") <= 1
