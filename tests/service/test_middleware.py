import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from service.middleware import RequestLog
from tests.service.conftest import Lines

PATHS = ["/", "/?q=pain", "/v1/search?q=pain", "/v1/search", "/docs", "/static/page.css", "/none"]


@pytest.mark.parametrize("path", [*PATHS, "/v1/search?q=boom"])
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-request-id"]


def test_only_what_is_the_same_for_everybody_may_be_kept(client: TestClient) -> None:
    kept = {path for path in PATHS if client.get(path).headers["cache-control"] != "no-store"}
    assert kept == {"/docs", "/static/page.css"}


def test_only_the_box_may_be_loaded_by_pages_elsewhere(client: TestClient) -> None:
    assert client.get("/search-box.js").headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_request_id_is_kept_if_it_is_one(client: TestClient) -> None:
    def request_id(given: str) -> str:
        value: str = client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"]
        return value

    assert request_id("0a1b2c3d-44") == "0a1b2c3d-44"
    for given in ("short", "x" * 65, "with space", "line;break", "ünïcödé1"):
        assert request_id(given.encode("latin-1")) != given  # type: ignore[arg-type]


class Recorder:
    def __init__(self) -> None:
        self.messages: list[object] = []

    async def __call__(self, message: object) -> None:
        self.messages.append(message)


async def _receive() -> dict[str, str]:
    return {"type": "http.disconnect"}


def test_an_error_after_the_response_began_is_logged_and_passed_on(log: Lines) -> None:
    import anyio

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError("secret")

    sent = Recorder()
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await RequestLog(app)(scope, _receive, sent)  # type: ignore[arg-type]

    anyio.run(run)
    assert len(sent.messages) == 1
    assert any("unhandled-error" in line for line in log.lines)
    assert not any("secret" in line for line in log.lines)


def test_a_client_that_left_is_no_error(log: Lines) -> None:
    import anyio
    from starlette.requests import Request

    async def app(scope: Scope, receive: Receive, _send: Send) -> None:
        await Request(scope, receive).body()

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    anyio.run(RequestLog(app), scope, _receive, Recorder())
    assert any('"status":499' in line for line in log.lines)
    assert not any("unhandled" in line for line in log.lines)
