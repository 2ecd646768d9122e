"""What a CDN may keep of answers: what anybody may have, and nothing else."""

from pathlib import Path

import pytest

from tests.service.access.callers import SEARCH, VISITOR, Service

SHARED = "public, max-age=60"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, cdn_seconds="60", explain="on")


@pytest.mark.parametrize(
    "path", [SEARCH, SEARCH + "&explain=true", "/v1/search?q=explain", "/v1/suggest?q=jo"]
)
def test_a_public_answer_may_be_kept_by_a_cdn_and_not_by_a_browser(
    service: Service, path: str
) -> None:
    for _ in range(2):  # the second is kept here
        for method in ("GET", "HEAD"):
            response = service.request(method, path, address=VISITOR)
            assert response.headers["cdn-cache-control"] == SHARED
            assert response.headers["cache-control"] == "no-store"
            assert "ratelimit" not in response.headers, "it would be another visitor's"
    etag = response.headers["etag"]
    again = service.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["cdn-cache-control"]) == (304, SHARED)


def test_what_is_somebodys_own_may_not(service: Service) -> None:
    key = service.key("search")
    answers = [
        service.get(key=key),
        service.request("POST", "/v1/search", json={"q": "joint"}),
        service.get("/v1/search?q="),
        service.get("/v1/search?q=boom"),
        service.get(key="wrong"),
        service.get("/?q=joint"),
        service.get("/healthz"),
        service.get("/v1/jobs"),
    ]
    assert [each.status_code for each in answers] == [200] * 2 + [422, 500, 401, 200, 200, 401]
    for answer in answers:
        assert "cdn-cache-control" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert "ratelimit" in answers[0].headers


def test_an_answer_without_a_tag_is_not_final_and_may_not(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.answers.tag_of", lambda *_: "")
    response = service.get(address=VISITOR)
    assert response.status_code == 200
    assert "cdn-cache-control" not in response.headers
    assert "ratelimit" in response.headers


@pytest.mark.parametrize("flags", [{}, {"cdn_seconds": "60", "public_search": "off"}])
def test_by_default_and_where_search_is_not_public_nothing_may(
    tmp_path: Path, flags: dict[str, str]
) -> None:
    service = Service(tmp_path, flags=flags)
    for key in ("", service.key("search")):
        assert "cdn-cache-control" not in service.get(key=key).headers
