"""An editor at the desk: a browser's cookies and headers, without a browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from indexer.index.jobs import JobBook
from service.app import create_app
from service.desk import signing
from service.metrics import Metrics
from tests.service.fakes import FakeLive
from tests.service.writing import KEY, admin_key, settings

SITE = "http://testserver"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Editor:
    """Somebody with a browser and the key. Nothing does the jobs that they start."""

    def __init__(self, index: Path, live: FakeLive | None = None, **flags: str) -> None:
        self.index = index
        self.live = live or FakeLive()
        self.metrics = Metrics()
        app = create_app(settings(index, **flags), self.live, admin_key(), self.metrics)
        # Not entered: no lifespan, so no process beside the service.
        self.client = TestClient(app, raise_server_exceptions=False)
        self.book = JobBook(index)

    def sign_in(self, key: str = KEY, wanted: str = "", **headers: str) -> Any:
        return self.client.post(
            "/admin/sign-in",
            data={"key": key, "next": wanted},
            headers={**SAME_ORIGIN, **headers},
            follow_redirects=False,
        )

    def get(self, path: str) -> Any:
        """Return a page as a browser shows it that follows redirects."""
        return self.client.get(path)

    def token(self) -> str:
        """Return what the forms of this session bring."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.get("/admin").text)
        assert found
        return found[1]

    def send(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Any:
        """Send a form of a page, and return the answer itself."""
        return self.client.post(
            path,
            data={"token": self.token(), **fields},
            headers=SAME_ORIGIN if headers is None else headers,
            follow_redirects=False,
        )

    def change(self, path: str, **fields: Any) -> Any:
        """Send a form that must be taken, and return the page that it leads to."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, answer.text
        page = self.client.get(f"{SITE}{path.rpartition('/')[0]}/{answer.headers['location']}")
        assert page.status_code == 200
        return page


Desks = Callable[..., Editor]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """Signed in, at a desk with sources and no index."""
    editor = Editor(tmp_path / "index", sources="corpus https://reader:s3cr3t@clinic.example/")
    assert editor.sign_in().status_code == 303
    return editor
