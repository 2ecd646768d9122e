"""A service with keys, and callers with addresses, keys and origins."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from service.access.keyfile import KeyFile
from service.access.keys import Action, Key, hash_of, make_text, new_id
from service.app import create_app
from tests.service.fakes import FakeLive
from tests.service.writing import admin_key, settings

SEARCH = "/v1/search?q=joint+pain"
VISITOR = "203.0.113.7"

NOON = 43_200.0


def write_key(file: Path, *actions: Action, **fields: Any) -> str:
    """Write a key to a file and return its text."""
    text = make_text()
    named = {"id": new_id(), "name": "test", "created": date(2026, 1, 1), **fields}
    KeyFile(file).add(Key(hash=hash_of(text), actions=actions or ("search",), **named))
    return text


class Service:
    """A service over the tiny engine, with a file of keys unless told otherwise."""

    def __init__(
        self,
        folder: Path,
        *,
        has_admin_key: bool = True,
        flags: Mapping[str, str] | None = None,
        **more: str,
    ) -> None:
        self.file = folder / "keys.json"
        self.live = FakeLive()
        self.settings = settings(folder / "index", keys=str(self.file), **(flags or {}), **more)
        self.app = create_app(self.settings, self.live, admin_key() if has_admin_key else None)
        limiter = self.app.state.context.access._limiter
        limiter._clock = limiter._store._clock = lambda: NOON  # no window turns while a test runs
        # Not entered: no lifespan, so no process beside the service.
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def key(self, *actions: Action, **fields: Any) -> str:
        """Make a key, and have the service look at the file at once."""
        text = write_key(self.file, *actions, **fields)
        self.look_again()
        return text

    def look_again(self) -> None:
        self.app.state.context.access._ring._watched._due = 0.0

    def get(self, path: str = SEARCH, **told: Any) -> Any:
        return self.request("GET", path, **told)

    def request(
        self,
        method: str,
        path: str,
        *,
        key: str = "",
        origin: str = "",
        address: str = "",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Any:
        sent = {
            **({"Authorization": f"Bearer {key}"} if key else {}),
            **({"Origin": origin} if origin else {}),
            **({"X-Forwarded-For": address} if address else {}),
            **(headers or {}),
        }
        return self.client.request(method, path, headers=sent, **more)


def code(response: Any) -> tuple[int, str]:
    """Return status and code of a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]
