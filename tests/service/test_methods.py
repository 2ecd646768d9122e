"""HEAD, OPTIONS and trailing slashes, as people expect them."""

from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.routing import Route

from service.routes import routes
from tests.service.access.callers import Service, code
from tests.service.writing import KEY

READ = [
    "/v1/search?q=joint",
    "/v1/suggest?q=jo",
    "/",
    "/docs",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/v1/jobs",
    "/admin/sign-in",
    "/static/page.css",
]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@pytest.mark.parametrize("path", READ)
def test_head_is_get_without_its_body(service: Service, path: str) -> None:
    got, head = (
        service.request(m, path, key=KEY, headers={"Accept-Encoding": "identity"})
        for m in ("GET", "HEAD")
    )
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    unlike = {"x-request-id", "ratelimit", "vary", "content-length" if path == "/metrics" else ""}
    told = {k: v for k, v in head.headers.items() if k not in unlike}
    assert told == {k: v for k, v in got.headers.items() if k not in unlike}


def test_options_names_the_methods_of_every_route(service: Service) -> None:
    for route in routes():
        if isinstance(route, Route) and not route.path.startswith("/admin"):
            path = route.path.replace("{id:int}", "1").replace("{id:path}", "a")
            response = service.request("OPTIONS", path)
            assert response.status_code == 204, path
            assert (route.methods or set()) <= set(response.headers["allow"].split(", "))


@pytest.mark.parametrize("path", ["/v1/search/?q=joint", "/v1/suggest/?q=jo", "/v1/jobs/"])
def test_a_slash_at_the_end_of_a_call_changes_nothing(service: Service, path: str) -> None:
    with_slash = service.get(path, key=KEY, follow_redirects=False)
    without = service.get(path.replace("/?", "?").rstrip("/"), key=KEY)
    assert with_slash.status_code == without.status_code == 200
    assert with_slash.content == without.content


@pytest.mark.parametrize("path", ["/docs", "/embed", "/admin", "/admin/sign-in"])
def test_one_at_the_end_of_a_page_leads_to_the_page(service: Service, path: str) -> None:
    response = service.get(f"{path}/?q=private", follow_redirects=False)
    assert response.status_code == 308
    assert "private" not in response.headers["location"]
    assert urljoin(f"http://x{path}/", response.headers["location"]) == f"http://x{path}"


def test_nor_does_it_for_a_body(service: Service) -> None:
    for _ in range(2):
        response = service.request("POST", "/v1/search/", json={"q": "joint"})
        assert (response.status_code, response.json()["query"]) == (200, "joint")
    assert service.request("OPTIONS", "/v1/search/").status_code == 204


def test_a_slash_does_not_go_around_the_guard(tmp_path: Path) -> None:
    private = Service(tmp_path, public_search="off")
    for path in ("/v1/search/?q=joint", "/v1/jobs/", "/v1/suggest/?q=jo"):
        assert code(private.get(path)) == (401, "unauthorized")


def test_a_slash_that_is_an_articles_own_stays(service: Service) -> None:
    book = service.app.state.context.book
    for name in ("a", "a/", "https%3A%2F%2Fclinic.example%2F"):
        response = service.request("PUT", f"/v1/articles/{name}", key=KEY, json={"title": "Gout"})
        assert response.status_code == 202
    articles = sorted(job.article for job in book.recent())
    assert articles == ["a", "a/", "https://clinic.example/"]


@pytest.mark.parametrize("path", ["/v1/search//", "/nothing/", "/static/", "/v1/", "/v1"])
def test_a_wrong_path_is_a_problem(service: Service, path: str) -> None:
    assert code(service.get(path)) == (404, "not-found")
