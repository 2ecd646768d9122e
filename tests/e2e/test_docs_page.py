"""The documentation page in a real browser: each operation can be tried."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect
from starlette.types import ASGIApp

from service.app import create_app
from service.settings import Settings
from tests.e2e.conftest import Visits
from tests.service.fakes import FakeLive
from tests.service.writing import KEY, writable_app

pytestmark = pytest.mark.browser


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Run an application on a free port and lend its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that takes changes, and a key for them."""
    with served(writable_app(tmp_path_factory.mktemp("index"))) as url:
        yield url


@pytest.fixture(scope="module")
def reading() -> Iterator[str]:
    """A service over articles that try to inject markup."""
    with served(create_app(Settings(), FakeLive())) as url:
        yield url


def opened(page: Page, operation: str) -> Locator:
    """Open the form of an operation by keyboard."""
    details = page.locator("details", has=page.get_by_text(f": {operation}", exact=True))
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(details).to_have_attribute("open", "")
    return details


def send(details: Locator) -> str:
    """Send what the form holds and return what it says of the outcome."""
    details.get_by_role("button").click()
    outcome = details.locator("output")
    expect(outcome).to_contain_text("ms")
    return outcome.inner_text()


def answer(details: Locator) -> Any:
    return json.loads(details.locator(".answer").inner_text())


def test_a_search_is_sent_as_edited_and_its_answer_shown(visits: Visits, reading: str) -> None:
    page = visits.open(reading + "docs").page
    form = opened(page, "POST /v1/search")
    body = form.get_by_label("Body")
    assert json.loads(body.input_value())["q"] == "magnesium joint pain"
    body.fill('{"q": "magnesium", "per_page": 2}')
    with page.expect_request("**/v1/search") as sent:
        assert send(form).startswith("200 OK, ")
    assert sent.value.post_data_json == {"q": "magnesium", "per_page": 2}
    assert sent.value.headers["content-type"] == "application/json"
    assert "authorization" not in sent.value.headers
    assert answer(form)["query"] == "magnesium"
    assert "content-type: application/json" in form.locator(".headers").inner_text()
    curl = form.locator(".curl").inner_text()
    assert curl.startswith(f"curl '{reading}v1/search' -H 'Content-Type: application/json' -d ")


def test_parameters_go_where_they_belong(visits: Visits, reading: str) -> None:
    page = visits.open(reading + "docs").page
    form = opened(page, "GET /v1/search")
    form.get_by_label("language", exact=False).first.fill("en\n\nes")
    form.get_by_label("sort").select_option("newest")
    form.get_by_label("expand").select_option("false")
    with page.expect_request("**/v1/search?*") as sent:
        send(form)
    query = sent.value.url.partition("?")[2]
    assert query == (
        "q=magnesium+joint+pain&per_page=3&sort=newest&language=en&language=es&expand=false"
    )
    tag = answer(form) and form.locator(".headers").inner_text().partition("etag: ")[2]
    form.get_by_label("If-None-Match").fill(tag.splitlines()[0])
    assert send(form).startswith("304")


def test_ids_are_encoded_in_the_path(visits: Visits, reading: str) -> None:
    page = visits.open(reading + "docs").page
    form = opened(page, "GET /v1/articles/{id}")
    form.locator('[name="id"]').fill("leaflet / 12?")
    with page.expect_request("**/v1/articles/*") as sent:
        form.get_by_role("button").click()
    assert sent.value.url.endswith("/v1/articles/leaflet%20%2F%2012%3F")
    expect(form.locator("output")).to_contain_text("404")
    visits.forgive("404")


def test_markup_in_answers_is_text(visits: Visits, reading: str) -> None:
    page = visits.open(reading + "docs").page
    form = opened(page, "POST /v1/search")
    form.get_by_label("Body").fill('{"q": "hostile"}')
    send(form)
    assert "<script>" in form.locator(".answer").inner_text()
    assert page.evaluate("window.hacked") is None


def test_a_key_is_sent_and_kept_nowhere(visits: Visits, address: str) -> None:
    page = visits.open(address + "docs").page
    form = opened(page, "GET /v1/jobs")
    assert send(form).startswith("401 Unauthorized")
    assert answer(form)["code"] == "unauthorized"
    page.get_by_label("Key").fill(KEY)
    assert send(form).startswith("200 OK")
    assert answer(form)["jobs"] == []
    assert KEY not in form.locator(".curl").inner_text()
    stored = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(stored) == [0, 0, ""]
    page.reload()
    assert page.get_by_label("Key").input_value() == ""
    visits.forgive("401")


def test_an_article_can_be_put_in(visits: Visits, address: str) -> None:
    page = visits.open(address + "docs").page
    page.get_by_label("Key").fill(KEY)
    form = opened(page, "PUT /v1/articles/{id}")
    assert send(form).startswith("202 Accepted")
    assert answer(form)["kind"] == "put"


def test_a_service_that_is_gone_is_told(visits: Visits) -> None:
    with served(create_app(Settings(), FakeLive())) as url:
        page = visits.open(url + "docs").page
        form = opened(page, "GET /healthz")
    form.get_by_role("button").click()
    expect(form.locator("output")).to_contain_text("No answer: ")
    visits.forgive("ERR_CONNECTION_REFUSED")


def test_every_operation_has_a_form_with_its_own_name(visits: Visits, address: str) -> None:
    page = visits.open(address + "docs").page
    names = page.locator("form").evaluate_all("forms => forms.map((f) => f.ariaLabel)")
    assert len(names) == len(set(names)) == page.locator("section.operation").count()
    ids = page.locator("[id]").evaluate_all("all => all.map((each) => each.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visits: Visits, address: str, scheme: str) -> None:
    page = visits.open(address + "docs", color_scheme=scheme).page
    for operation in ("POST /v1/search", "GET /v1/search", "PUT /v1/articles/{id}"):
        send(opened(page, operation))
    visits.forgive("401")
    assert Axe().run(page).response["violations"] == []


def test_on_a_phone_nothing_is_wider_than_the_screen(visits: Visits, reading: str) -> None:
    viewport = {"width": 360, "height": 740}
    page = visits.open(reading + "docs", viewport=viewport).page
    for operation in ("GET /v1/search", "POST /v1/search"):
        send(opened(page, operation))
    width = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert page.evaluate(width) == [360, 360]


def test_without_javascript_it_is_the_document(visits: Visits, reading: str) -> None:
    page = visits.open(reading + "docs", java_script_enabled=False).page
    expect(page.locator("form:visible, details:visible, #key:visible")).to_have_count(0)
    expect(page.get_by_role("heading", name="POST /v1/search", exact=True)).to_be_visible()
