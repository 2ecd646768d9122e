"""Which key lets in where, on a public service and on one that is not."""

import asyncio
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.access.keys import ACTIONS, Action, hash_of
from service.cli import main
from service.operations.table import OPERATIONS
from service.problems import ProblemError
from service.routes import API
from tests.service.access.callers import SEARCH, Service, code
from tests.service.conftest import Lines
from tests.service.writing import AUTHORIZED, KEY

ASKED: Mapping[str, tuple[str, str]] = {
    "search": ("GET", SEARCH),
    "suggest": ("GET", "/v1/suggest?q=jo"),
    "index": ("GET", "/v1/jobs"),
    "admin": ("GET", SEARCH + "&explain=true"),
}
"""A request that needs each action."""

OPEN = ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/static/page.css"]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@pytest.fixture
def private(tmp_path: Path) -> Service:
    return Service(tmp_path, public_search="off")


def test_every_guarded_operation_is_documented_as_such() -> None:
    for path, methods in API.items():
        for method, (action, _) in methods.items():
            operation = OPERATIONS[
                path.replace(":path}", "}").replace(":int}", "}"), method.lower()
            ]
            assert operation.guarded == (action == "index"), path


@pytest.mark.parametrize("needed", ACTIONS)
@pytest.mark.parametrize("held", ACTIONS)
def test_a_key_is_for_what_it_was_made_for(private: Service, held: Action, needed: Action) -> None:
    key = private.key(held)
    method, path = ASKED[needed]
    response = private.request(method, path, key=key)
    if needed == "admin" and held == "search":  # a search, which may not be explained
        assert code(response) == (403, "forbidden")
    elif held in (needed, "admin"):
        assert response.status_code == 200
    else:
        assert code(response) == (403, "forbidden")
        assert held in response.json()["detail"]


@pytest.mark.parametrize("needed", ACTIONS)
def test_without_a_key_only_visitors_come_in(service: Service, needed: Action) -> None:
    method, path = ASKED[needed]
    response = service.request(method, path)
    if needed in ("search", "suggest"):
        assert response.status_code == 200
    else:
        assert code(response) == (401, "unauthorized")
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", [SEARCH, "/v1/suggest?q=jo", "/", "/?q=joint"])
def test_where_search_is_not_public_it_needs_a_key(private: Service, path: str) -> None:
    for method in ("GET", "HEAD"):
        response = private.request(method, path)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
    if path.startswith("/v1/"):
        assert code(private.get(path)) == (401, "unauthorized")
    assert private.get(path, key=private.key("search", "suggest")).status_code == 200
    assert private.get(path, key=private.key("search", "suggest")).status_code == 200, "kept"


def test_what_needs_no_key_needs_none(private: Service) -> None:
    for path in OPEN:
        assert private.get(path).status_code == 200, path
        assert private.get(path, key="wrong").status_code == 200, path
    assert private.request("OPTIONS", "/v1/search").status_code == 204


@pytest.mark.parametrize("key", ["wrong", "hs_" + "x" * 43, "a b"])
def test_a_wrong_key_is_told_though_none_is_needed(service: Service, key: str) -> None:
    service.get()
    for _ in range(2):  # the answer is kept by now
        assert code(service.get(key=key)) == (401, "unauthorized")
    assert code(service.request("POST", "/v1/search", key=key, json={"q": "x"}))[0] == 401


def test_what_is_no_key_of_ours_is_left_alone(service: Service) -> None:
    assert service.get(headers={"Authorization": "Basic dXNlcjpwYXNz"}).status_code == 200


def test_where_there_are_no_keys_none_is_wrong(client: TestClient) -> None:
    response = client.get(SEARCH, headers=AUTHORIZED)
    assert response.status_code == 200


def test_the_admin_key_may_everything(private: Service) -> None:
    for method, path in ASKED.values():
        assert private.request(method, path, key=KEY).status_code == 200


def test_a_file_of_keys_is_enough_to_write(tmp_path: Path) -> None:
    service = Service(tmp_path, has_admin_key=False)
    assert code(service.get("/v1/jobs", key=KEY)) == (401, "unauthorized")
    assert service.get("/v1/jobs", key=service.key("index")).status_code == 200


def test_a_revoked_key_is_out(private: Service) -> None:
    key = private.key("search", id="one")
    assert private.get(key=key).status_code == 200
    main(["keys", "revoke", "one", "--keys", str(private.file)])
    private.look_again()
    assert code(private.get(key=key)) == (401, "unauthorized")


def test_a_key_works_through_its_last_day(private: Service) -> None:
    key = private.key("search", expires=date(2026, 3, 31))
    access = private.app.state.context.access
    for day, status in ((date(2026, 3, 31), 200), (date(2026, 4, 1), 401)):
        access._today = lambda day=day: day
        assert private.get(key=key).status_code == status
    assert "expired" in private.get(key=key).json()["detail"]


def test_a_key_with_origins_is_for_pages_of_these(private: Service) -> None:
    key = private.key("search", origins=("https://a.example", "https://b.example"))
    assert private.get(key=key, origin="https://a.example").status_code == 200
    assert private.get(key=key, origin="https://b.example").status_code == 200
    for origin in ("", "https://c.example", "https://a.example.evil.example", "null"):
        response = private.get(key=key, origin=origin)
        assert code(response) == (403, "forbidden")
        detail = response.json()["detail"]
        assert ("Origin is none of these" if origin else "Origin is missing") in detail
        assert "a.example" not in detail


def test_nothing_of_a_body_is_read_before_the_key(private: Service) -> None:
    read = 0

    def body() -> object:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * 10_000

    response = private.request("POST", "/v1/search", key="wrong", content=body())
    assert response.status_code == 401


def test_a_bad_file_is_logged_counted_and_changes_nothing(private: Service, log: Lines) -> None:
    key = private.key("search")
    private.get(key=key)
    good = private.file.read_bytes()
    private.file.write_text('{"keys": [{"id": "')
    for _ in range(3):
        private.look_again()
        assert private.get(key=key).status_code == 200
    assert len([line for line in log.lines if "keys-unavailable" in line]) == 1
    assert "health_search_keys_refused 1.0" in private.get("/metrics").text
    private.file.write_bytes(good)
    private.look_again()
    private.get(key=key)
    assert any("keys-mended" in line for line in log.lines)
    assert "health_search_keys_refused 0.0" in private.get("/metrics").text


def test_a_bad_file_is_told_though_nobody_shows_a_key(private: Service, log: Lines) -> None:
    private.file.write_text("{")
    private.look_again()
    with private.client:
        deadline = time.monotonic() + 20
        while "health_search_keys_refused 1.0" not in private.get("/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert any("keys-unavailable" in line for line in log.lines)


def test_no_key_is_in_a_log(private: Service, log: Lines) -> None:
    key = private.key("search")
    for each in (key, key + "x", "secret-word"):
        private.get(key=each)
        private.get("/v1/jobs", key=each)
    assert len([line for line in log.lines if '"event":"request"' in line]) == 6
    for line in log.lines:
        assert key not in line
        assert "secret-word" not in line


def test_who_is_turned_away_is_counted(private: Service) -> None:
    private.get()
    private.get(key=private.key("suggest"))
    text = private.get("/metrics").text
    for problem in ("unauthorized", "forbidden"):
        assert f'health_search_turned_away_total{{problem="{problem}"}} 1.0' in text


def test_a_service_that_nobody_could_search_does_not_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEALTH_SEARCH_ADMIN_KEY", raising=False)
    assert main(["serve", "--public-search", "off"]) == 2
    assert "--keys" in capsys.readouterr().err


def test_the_desk_is_opened_by_keys_for_everything(private: Service) -> None:
    access = private.app.state.context.access
    scope: dict[str, object] = {"client": None, "headers": []}
    admin, index = private.key("admin"), private.key("index")
    elsewhere = private.key("admin", origins=("https://a.example",))
    for text in (KEY, admin):
        assert asyncio.run(access.sign_in(scope, text)).hash == hash_of(text)
        assert access.is_in_force(hash_of(text))
    for text, told in ((index, "forbidden"), (elsewhere, "forbidden"), ("wrong", "unauthorized")):
        with pytest.raises(ProblemError) as caught:
            asyncio.run(access.sign_in(scope, text))
        assert caught.value.code == told
    for text in (index, "wrong"):
        assert not access.is_in_force(hash_of(text))
