"""Pages of other origins: what they may call, and what a browser lets them read."""

from pathlib import Path

import pytest

from service.access.origins import parse_origin, parse_origins
from tests.service.access.callers import SEARCH, VISITOR, Service

PAGE = "https://a.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, cors_origins=f"{PAGE} https://b.example:8443", public_search="off")


class TestOrigins:
    @pytest.mark.parametrize(
        ("text", "origin"),
        [
            ("https://a.example", PAGE),
            ("HTTPS://A.Example/", PAGE),
            ("https://a.example:443", PAGE),
            ("http://a.example:80", "http://a.example"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://[::1]", "http://[::1]"),
        ],
    )
    def test_origins_are_written_as_browsers_do(self, text: str, origin: str) -> None:
        assert parse_origin(text) == origin

    @pytest.mark.parametrize(
        "text",
        [
            "a.example",
            "*",
            "null",
            "https://",
            "https://a.example/page",
            "https://a.example?x",
            "https://u:p@a.example",
            "https://*.example",
            "https://a.example:x",
            "ftp://a.example",
            "https://a.example:443:443",
        ],
    )
    def test_what_is_none(self, text: str) -> None:
        with pytest.raises(ValueError, match="expected origins"):
            parse_origin(text)

    def test_lists(self) -> None:
        assert parse_origins("") == ()
        assert parse_origins(" * ") == ("*",)
        assert parse_origins(f"{PAGE} {PAGE}/ http://b.example") == (PAGE, "http://b.example")
        with pytest.raises(ValueError, match="expected origins"):
            parse_origins(f"* {PAGE}")


def test_a_preflight_is_answered_without_a_key_and_may_be_kept(service: Service) -> None:
    response = service.request("OPTIONS", "/v1/search", origin=PAGE, headers=PREFLIGHT)
    assert response.status_code == 200
    headers = response.headers
    assert headers["access-control-allow-origin"] == PAGE
    assert "POST" in headers["access-control-allow-methods"]
    allowed = headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed
    assert headers["access-control-max-age"] == "7200"
    assert "origin" in headers["vary"].lower()
    assert "access-control-allow-credentials" not in headers


def test_a_page_may_read_answers_and_what_they_say_beside(service: Service) -> None:
    key = service.key("search")
    for _ in range(2):  # the second is kept
        response = service.get(key=key, origin=PAGE)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == PAGE
        assert "Origin" in response.headers["vary"]
        exposed = response.headers["access-control-expose-headers"]
        for name in ("ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"):
            assert name in exposed
    wrong = service.get(origin=PAGE)
    assert wrong.status_code == 401
    assert wrong.headers["access-control-allow-origin"] == PAGE
    bug = service.get("/v1/search?q=boom", key=key, origin=PAGE)
    assert bug.status_code == 500
    assert bug.headers["access-control-allow-origin"] == PAGE


def test_others_may_not(service: Service) -> None:
    key = service.key("search")
    for origin in ("https://c.example", "null", "https://a.example.evil.example"):
        response = service.get(key=key, origin=origin)
        assert "access-control-allow-origin" not in response.headers
        assert "Origin" in response.headers["vary"]
        preflight = service.request("OPTIONS", "/v1/search", origin=origin, headers=PREFLIGHT)
        assert preflight.status_code == 400
        assert "access-control-allow-origin" not in preflight.headers


def test_what_is_no_page_is_told_nothing_but_that_pages_are(service: Service) -> None:
    response = service.get(key=service.key("search"))
    assert not any(name.startswith("access-control") for name in response.headers)
    assert response.headers.get_list("vary") == ["Accept-Encoding, Origin"], "one line for nginx"


@pytest.mark.parametrize("path", ["/admin", "/admin/sign-in", "/metrics", "/readyz", "/"])
def test_only_the_api_and_the_box_are_shared(service: Service, path: str) -> None:
    response = service.get(path, origin=PAGE)
    assert "access-control-allow-origin" not in response.headers
    preflight = service.request("OPTIONS", path, origin=PAGE, headers=PREFLIGHT)
    assert "access-control-allow-origin" not in preflight.headers


def test_a_star_stands_for_all_and_says_so(tmp_path: Path) -> None:
    service = Service(tmp_path, cors_origins="*")
    response = service.get(origin="https://anywhere.example")
    assert response.headers["access-control-allow-origin"] == "*"


def test_without_the_setting_there_is_nothing_of_it(tmp_path: Path) -> None:
    service = Service(tmp_path)
    response = service.get(origin=PAGE)
    assert "access-control-allow-origin" not in response.headers
    assert (
        service.request("OPTIONS", "/v1/search", origin=PAGE, headers=PREFLIGHT).status_code == 204
    )


def test_a_refusal_for_too_many_can_be_read_too(tmp_path: Path) -> None:
    service = Service(tmp_path, cors_origins=PAGE, rate_limit="1/day")
    service.get(SEARCH, address=VISITOR, origin=PAGE)
    response = service.get(SEARCH, address=VISITOR, origin=PAGE)
    assert response.status_code == 429
    assert response.headers["access-control-allow-origin"] == PAGE
