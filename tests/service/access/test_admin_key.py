import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.errors import SettingError
from service.access.bootstrap import VARIABLE, load_admin_key, make_admin_key
from service.access.keyring import KeyRing
from service.access.keys import PREFIX, Key
from service.access.opening import open_access
from service.app import create_app
from service.cli import main
from service.metrics import Metrics
from service.settings import TABLE, Settings
from tests.service.conftest import Lines
from tests.service.fakes import FakeLive
from tests.service.writing import AUTHORIZED, KEY, Writer, admin_key, settings

GUARDED = [
    ("GET", "/v1/jobs"),
    ("POST", "/v1/jobs"),
    ("GET", "/v1/jobs/1"),
    ("DELETE", "/v1/jobs/1"),
    ("PUT", "/v1/articles/a"),
    ("DELETE", "/v1/articles/a"),
    ("PUT", "/v1/articles?url=https://clinic.example/"),
    ("DELETE", "/v1/articles?url=https://clinic.example/"),
]

OPEN = {
    *("/docs", "/embed", "/healthz", "/metrics", "/openapi.json", "/opensearch.xml", "/readyz"),
    "/search-box.js",
}
"""Paths that everybody may ask as often as they like."""

WRONG = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": KEY},
    {"Authorization": f"Basic {KEY}"},
    {"Authorization": f"Bearer {KEY}x"},
    {"Authorization": f"Bearer {KEY[:-1]}"},
    {"Authorization": f"Bearer {KEY} {KEY}"},
    {"Authorization": f"Bearer {admin_key().hash}"},
    {"X-Api-Key": KEY},
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_a_key_configured_the_routes_are_not_there(
    client: TestClient, method: str, path: str
) -> None:
    response = client.request(method, path, headers=AUTHORIZED)
    is_read = path == "/v1/articles/a"  # that it can be by GET says nothing of writing
    expected = (405, "method-not-allowed") if is_read else (404, "not-found")
    assert (response.status_code, response.json()["code"]) == expected
    assert "/v1/jobs" not in client.get("/openapi.json").text


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize("headers", WRONG)
def test_without_the_key_nothing_is_read_or_written(
    tmp_path: Path, method: str, path: str, headers: dict[str, str]
) -> None:
    writer = Writer(tmp_path / "index", sources="corpus")
    del writer.client.headers["Authorization"]
    content = b'{"title": "Gout"}' if "articles" in path else b""
    response = writer.client.request(
        method, path, headers={**headers, "Content-Type": "application/json"}, content=content
    )
    assert writer.problem(response, 401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_the_scheme_is_read_without_case(tmp_path: Path, scheme: str) -> None:
    writer = Writer(tmp_path)
    headers = {"Authorization": f"{scheme} {KEY}"}
    assert writer.client.get("/v1/jobs", headers=headers).status_code == 200


def test_a_large_body_without_the_key_is_refused_unread(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    del writer.client.headers["Authorization"]
    read = 0

    def body() -> object:
        nonlocal read
        for _ in range(10):
            read += 1
            yield b" " * 100_000

    response = writer.client.put("/v1/articles/a", content=body())  # type: ignore[arg-type]
    assert response.status_code == 401


def test_searching_needs_no_key(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    del writer.client.headers["Authorization"]
    assert writer.client.get("/v1/search?q=pain").status_code == 200


def test_the_key_may_be_given_as_its_hash(tmp_path: Path) -> None:
    hashed = f"sha256:{sha256(KEY.encode()).hexdigest()}"
    file = tmp_path / "key"
    for text in (KEY, hashed, f"{KEY}\n", f"  {hashed} \nsecond line\n"):
        file.write_text(text)
        key = load_admin_key({}, file)
        assert key
        assert KeyRing(key).find(KEY) is key
        assert key.hash == hashed
    by_hash = load_admin_key({VARIABLE: hashed}, None)
    assert by_hash == load_admin_key({VARIABLE: KEY}, tmp_path / "none")
    assert load_admin_key({}, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short-secret-15",
        "secret with some spaces",
        "sécrët-ünd-längér-äls",
        "sha256:secret",
        "sha256:" + "F" * 64,
        "secret" * 100,
    ],
)
def test_an_unusable_key_is_refused_and_not_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.write_text(f"{text}\n")
    for environ, path in (({VARIABLE: text}, None), ({}, file)):
        with pytest.raises(SettingError, match="make-key") as caught:
            load_admin_key(environ, path)
        assert str(path or VARIABLE) in str(caught.value)
        assert "secret" not in str(caught.value)
        assert "sécrët" not in str(caught.value)


def test_a_key_file_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert main(["serve", "--admin-key-file", str(tmp_path / "none")]) == 2
    assert re.fullmatch(
        r"health-search: .*none: the admin key cannot be read: No such file or directory\.\n",
        capsys.readouterr().err,
    )


def test_make_key_makes_another_one_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make-key"]) == main(["make-key"]) == 0
    first, hashed, second, _ = capsys.readouterr().out.split()
    assert first != second
    key = load_admin_key({VARIABLE: first}, None)
    assert key
    assert key.hash == hashed
    assert first.startswith(PREFIX)
    assert len(first) >= len(PREFIX) + 43


def test_the_key_is_kept_nowhere() -> None:
    key = admin_key()
    access = open_access(Settings(), key, Metrics())
    assert isinstance(key, Key)
    assert KEY not in repr(key) + repr(access) + repr(vars(access)) + repr(vars(access._ring))
    text, made = make_admin_key()
    assert text not in repr(made)
    assert not [setting for setting in TABLE if setting.name == "admin_key"]


def test_the_key_is_in_no_log(tmp_path: Path, log: Lines) -> None:
    writer = Writer(tmp_path, sources="corpus")
    writer.client.post("/v1/jobs")
    writer.client.post("/v1/jobs", content=b"{")
    writer.client.get("/v1/jobs/99")
    writer.client.get("/v1/jobs", headers={"Authorization": f"Bearer {KEY}x"})
    assert len([line for line in log.lines if '"event":"request"' in line]) == 4
    for line in log.lines:
        assert KEY not in line


def test_several_processes_know_the_key_but_have_only_its_hash(tmp_path: Path) -> None:
    script = (
        "import os, service.server as server\n"
        "from service.access.bootstrap import load_admin_key\n"
        "from service.factory import build\n"
        "from service.settings import load\n"
        "settings = load(os.environ)\n"
        "server._hand_over(settings, load_admin_key(os.environ, settings.admin_key_file))\n"
        "access = build().state.context.access\n"
        "from service.access.keys import hash_of\n"
        f"print(access.is_in_force(hash_of('{KEY}')), os.environ['{VARIABLE}'])\n"
    )
    file = tmp_path / "key"
    file.write_text(KEY)
    environ = {k: v for k, v in os.environ.items() if k != VARIABLE}
    for extra in ({VARIABLE: KEY}, {"HEALTH_SEARCH_ADMIN_KEY_FILE": str(file)}):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**environ, **extra},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout.split() == ["True", admin_key().hash]


def test_the_routes_appear_in_the_document_with_their_scheme(tmp_path: Path) -> None:
    with_key = TestClient(create_app(settings(tmp_path), FakeLive(), admin_key()))
    api = with_key.get("/openapi.json").json()
    assert api["components"]["securitySchemes"] == {"key": {"type": "http", "scheme": "bearer"}}
    for path, methods in api["paths"].items():
        for operation in methods.values():
            is_writing = "index-unwritable" in str(operation["responses"])
            schemes: list[dict[str, list[str]]] = [{"key": []}] if is_writing else [{}, {"key": []}]
            is_guarded = path not in OPEN
            assert operation.get("security") == (schemes if is_guarded else None)
            assert ("401" in operation["responses"]) == is_guarded
            assert ("429" in operation["responses"]) == is_guarded
    ids = [each["operationId"] for methods in api["paths"].values() for each in methods.values()]
    assert len(ids) == len(set(ids))
