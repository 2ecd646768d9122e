import json
import logging
import re

import pytest
from starlette.testclient import TestClient

from service.logs import JsonFormatter
from tests.service.conftest import Lines
from tests.service.fakes import FakeLive

MARKER = "melanoma"


def test_a_session_leaves_no_query_and_no_address(
    client: TestClient, live: FakeLive, log: Lines
) -> None:
    headers = {
        "User-Agent": f"Agent {MARKER}",
        "Referer": f"https://example.org/{MARKER}",
        "X-Request-ID": f"{MARKER}?",
        "X-Forwarded-For": "203.0.113.7",
        "Content-Type": "application/json",
    }
    client.headers.update(headers)
    client.get("/v1/search", params={"q": MARKER, "topic": MARKER})
    client.get("/v1/search", params={"q": MARKER, MARKER: MARKER, "sort": MARKER})
    client.post("/v1/search", json={"q": MARKER})
    client.post("/v1/search", json={"q": f"boom {MARKER}"})
    client.post("/v1/search", content=f'{{"q": "{MARKER}'.encode())
    client.get("/", params={"q": MARKER, "sort": MARKER})
    client.get(f"/{MARKER}")
    client.get(f"/static/{MARKER}.js")
    client.request(MARKER.upper(), "/v1/search")
    live.missing = True
    client.get("/", params={"q": MARKER})
    client.post("/v1/search", json={"q": MARKER})
    ours = [line for line in log.lines if '"logger":"service' in line]
    assert len(ours) >= 11
    for line in log.lines:
        assert not re.search(MARKER, line, re.IGNORECASE), line
        assert not re.search(r"203\.0\.113\.7|testclient|127\.0\.0\.1", line), line


def test_a_request_is_one_line_of_json(client: TestClient, log: Lines) -> None:
    response = client.post("/v1/search", json={"q": "pain"})
    line = json.loads(next(line for line in log.lines if '"event":"request"' in line))
    assert line.pop("time").endswith("+00:00")
    assert line.pop("duration_ms") >= 0
    assert line == {
        "level": "info",
        "logger": "service.middleware",
        "event": "request",
        "method": "POST",
        "route": "/v1/search",
        "status": 200,
        "request_id": response.headers["x-request-id"],
    }


def test_an_answer_that_is_kept_is_logged_like_any_other(client: TestClient, log: Lines) -> None:
    responses = [client.get("/v1/search", params={"q": MARKER}) for _ in range(2)]
    first, second = (json.loads(line) for line in log.lines if '"event":"request"' in line)
    assert list(first) == list(second)
    for line, response in zip((first, second), responses, strict=True):
        assert line["request_id"] == response.headers["x-request-id"]
        del line["request_id"], line["time"], line["duration_ms"]
    assert first == second


def test_a_bug_is_logged_as_its_type_and_frames(client: TestClient, log: Lines) -> None:
    response = client.post("/v1/search", json={"q": "boom"})
    line = json.loads(next(line for line in log.lines if "unhandled-error" in line))
    assert line["level"] == "error"
    assert line["request_id"] == response.headers["x-request-id"]
    (error,) = line["errors"]
    assert error["type"] == "builtins.ZeroDivisionError"
    assert re.fullmatch(r".*tests/service/fakes\.py:\d+:search", error["frames"][-1])


def _fail() -> None:
    try:
        dict[str, int]()[MARKER]
    except KeyError as error:
        raise ValueError(MARKER) from error


def test_causes_are_named_without_their_messages() -> None:
    with pytest.raises(ValueError, match=MARKER) as caught:
        _fail()
    exc_info = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("service.x", logging.ERROR, "x.py", 1, "failed", (), exc_info)
    text = JsonFormatter().format(record)
    assert [error["type"] for error in json.loads(text)["errors"]] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert MARKER not in text


@pytest.mark.parametrize(
    ("logger", "event"),
    [("asyncio", "library-message"), ("servicex", "library-message"), ("uvicorn.error", MARKER)],
)
def test_messages_of_other_libraries_are_left_out(logger: str, event: str) -> None:
    record = logging.LogRecord(logger, logging.ERROR, "x.py", 1, "%s", (MARKER,), None)
    assert json.loads(JsonFormatter().format(record))["event"] == event
