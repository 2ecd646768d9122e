"""The service with its write side, over an index folder of the test's own."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from indexer.index.jobs import JobBook
from service.access.bootstrap import load_admin_key
from service.access.keys import Key
from service.app import create_app
from service.settings import Settings, load
from tests.service.fakes import FakeLive

KEY = "a-key-for-tests-only-0123456789"
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}


def admin_key() -> Key:
    key = load_admin_key({"HEALTH_SEARCH_ADMIN_KEY": KEY}, None)
    assert key
    return key


def settings(index: Path, **flags: str) -> Settings:
    return load({}, {"index": str(index), **flags})


def writable_app(index: Path, **flags: str) -> Starlette:
    return create_app(settings(index, **flags), FakeLive(), admin_key())


class Writer:
    """A client with the key, and the book that it writes to. Nothing does the jobs."""

    def __init__(self, index: Path, **flags: str) -> None:
        # Not entered: no lifespan, so no process beside the service.
        self.client = TestClient(writable_app(index, **flags), raise_server_exceptions=False)
        self.client.headers.update(AUTHORIZED)
        self.book = JobBook(index)

    def problem(self, response: Any, status: int, code: str) -> dict[str, Any]:
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        body: dict[str, Any] = response.json()
        assert (body["status"], body["code"]) == (status, code)
        return body
