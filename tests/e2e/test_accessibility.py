"""axe-core finds nothing on any page, in any state that a visitor can bring it to."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, Visits

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DARK = {"color_scheme": "dark"}


def suggested(page: Page) -> None:
    page.locator("#q").press_sequentially("jo")
    expect(page.locator(".suggestion")).to_have_count(3)
    page.keyboard.press("ArrowDown")


def failed(page: Page) -> None:
    page.route("**/v1/search", lambda route: route.fulfill(status=200, body="no answer"))
    page.locator("#q").fill("pain")
    expect(page.locator(".message")).to_be_visible()


def filtering(page: Page) -> None:
    page.locator(".filter-button").tap()
    expect(page.locator("#filters")).to_be_visible()


def right_to_left(page: Page) -> None:
    page.evaluate("document.documentElement.dir = 'rtl'")


def previewed(page: Page) -> None:
    page.locator("[mode=box] #q").press_sequentially("joint")
    expect(page.locator("[mode=box] .hit")).to_have_count(3)


def as_it_is(page: Page) -> None:
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("options", [{}, DARK, PHONE], ids=["wide", "dark", "phone"])
@pytest.mark.parametrize(
    ("path", "prepare"),
    [
        ("", as_it_is),
        ("#q=joint+pain&page=2&topic=Pain", as_it_is),
        ("#q=magnesum", as_it_is),
        ("#q=chosen+dolor+living", as_it_is),
        ("", suggested),
        ("#q=zzzz&topic=Pain", as_it_is),
        ("", failed),
        ("#q=chest+alone+hostile+pain", as_it_is),
        ("?lang=es#q=dolor", as_it_is),
        ("#q=joint+pain+chest", right_to_left),
        ("embed", previewed),
        ("docs", as_it_is),
    ],
)
def test_axe_finds_nothing(
    site: Site,
    visits: Visits,
    path: str,
    prepare: Callable[[Page], None],
    options: dict[str, Any],
) -> None:
    page = visits.open(site.url + path, **options).page
    prepare(page)
    check(page)


def test_axe_finds_nothing_with_the_filters_open_on_a_phone(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=pain", **PHONE).page
    filtering(page)
    check(page)


@pytest.mark.parametrize("path", ["", "?q=joint+pain+chest&topic=Pain", "?q=zzzz", "embed"])
def test_axe_finds_nothing_without_a_script(site: Site, visits: Visits, path: str) -> None:
    page = visits.open(site.url + path).page
    drawn = re.sub(r"<script.*?</script>", "", page.request.get(site.url + path).text())
    page.route("**/drawn", lambda route: route.fulfill(body=drawn, content_type="text/html"))
    page.goto(site.url + "drawn")  # axe itself is a script: only those of the page are off
    expect(page.locator("h1")).to_be_visible()
    check(page)


def check(page: Page) -> None:
    """Fail with what axe-core finds wrong, and where."""
    result = Axe().run(page)
    found = [
        (each["id"], each["impact"], [node["target"] for node in each["nodes"]])
        for each in result.response["violations"]
    ]
    assert found == []
    assert len(result.response["passes"]) > 10
