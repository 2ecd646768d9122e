"""Who shows the tag of what would be sent gets a 304, and no search is made."""

import pytest
from starlette.testclient import TestClient

from service import answers
from service.app import create_app
from service.conditional import is_known
from service.settings import Settings
from tests.service.test_answers import URL, CountingLive

TAG = '"0123"'


@pytest.mark.parametrize(
    "headers",
    [
        [TAG],
        [f"W/{TAG}"],
        [f'"other", {TAG}'],
        [f'W/"other" ,W/{TAG} , "third"'],
        ['"other"', TAG],
        ["*"],
        [" * "],
        [f'"with,comma",{TAG}'],
        [f'"", {TAG}'],
    ],
)
def test_a_tag_that_is_named(headers: list[str]) -> None:
    assert is_known(TAG, headers)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ['"other"'],
        ["0123"],
        [f"w/{TAG}"],
        [f'"a{TAG}'],
        [f"x{TAG}"],
        [f"{TAG} x"],
        [f'"other" {TAG}'],
        [f"*, {TAG} x"],
    ],
)
def test_a_tag_that_is_not(headers: list[str]) -> None:
    assert not is_known(TAG, headers)


@pytest.fixture
def live() -> CountingLive:
    return CountingLive()


def test_a_tag_answers_without_a_search(client: TestClient, live: CountingLive) -> None:
    etag = client.get(URL).headers["etag"]
    live.asked.clear()
    for method in ("GET", "HEAD"):
        for shown in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
            response = client.request(method, URL, headers={"If-None-Match": shown})
            assert (response.status_code, response.content) == (304, b"")
            assert response.headers["etag"] == etag
            assert response.headers["cache-control"] == "no-store"
            assert response.headers["x-request-id"]
            assert "content-length" not in response.headers
    assert not live.asked


def test_it_needs_no_memory(client: TestClient) -> None:
    """The tag says what is asked of which index: a service that has just started knows it."""
    etag = client.get(URL).headers["etag"]
    other = CountingLive()
    with TestClient(create_app(Settings(), other)) as fresh:
        assert fresh.get(URL, headers={"If-None-Match": etag}).status_code == 304
    assert not other.asked


def test_another_tag_is_answered(client: TestClient) -> None:
    for _ in range(2):
        response = client.get(URL, headers={"If-None-Match": '"other"'})
        assert response.status_code == 200
        assert response.json()["hits"]


def test_the_tag_is_weak_and_the_same_however_it_is_asked(client: TestClient) -> None:
    urls = [URL, "/v1/search?page=1&q=joint%20%20pain"]
    tags = {client.get(url).headers["etag"] for url in urls}
    tags |= {client.head(url).headers["etag"] for url in urls}
    assert len(tags) == 1
    (tag,) = tags
    assert tag.startswith('W/"'), "took_ms differs from answer to answer"
    assert tag.endswith('"')


def test_it_changes_with_the_request_the_index_and_the_program(
    client: TestClient, live: CountingLive, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = [client.get(url).headers["etag"] for url in (URL, f"{URL}&page=2", f"{URL}&topic=x")]
    live.switch("another")
    tags.append(client.get(URL).headers["etag"])
    live.switch("a third")
    monkeypatch.setattr(answers, "VERSION", "0.0.0")
    tags.append(client.get(URL).headers["etag"])
    live.switch("another")
    tags.append(client.get(URL).headers["etag"])
    assert len(set(tags)) == 6


def test_a_stale_tag_is_answered_anew(client: TestClient, live: CountingLive) -> None:
    etag = client.get(URL).headers["etag"]
    live.switch("another")
    response = client.get(URL, headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert response.json()["index"]["generation"] == "another"


def test_post_has_no_tag(client: TestClient) -> None:
    headers = {"If-None-Match": "*"}
    for _ in range(2):
        response = client.post("/v1/search", json={"q": "joint pain"}, headers=headers)
        assert response.status_code == 200
        assert "etag" not in response.headers


def test_a_bad_request_stays_bad(client: TestClient) -> None:
    assert client.get("/v1/search?q=", headers={"If-None-Match": "*"}).status_code == 422
