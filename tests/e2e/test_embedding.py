"""The search box on other sites: other origins, strict policies, modes, attributes and events."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import Request as BrowserRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from service.app import create_app
from service.settings import Settings
from tests.e2e.conftest import Visits, serving
from tests.e2e.fakes import BoxLive

pytestmark = pytest.mark.browser

HEAD = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="{scheme}">
<title>A site</title><script defer src="{service}search-box.js"></script></head><body>"""

STRICT = (
    "default-src 'none'; script-src {service}search-box.js; connect-src {service}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class Host:
    """A site of its own on another port: pages under a strict policy, and the search it shows."""

    def __init__(self, url: str, service: str) -> None:
        self.url = url
        self.service = service
        self.pages: dict[str, str] = {}

    def put(self, body: str, *, lang: str = "en", dir_: str = "ltr", scheme: str = "light") -> str:
        """Put a page on the site, and return its address."""
        path = f"p{len(self.pages)}"
        head = HEAD.format(lang=lang, dir=dir_, scheme=scheme, service=self.service)
        self.pages[path] = head + body.replace("SERVICE", self.service) + "</body></html>"
        return self.url + path


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    listener = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = replace(Settings(), cors_origins=(origin,))
    with serving(create_app(settings, BoxLive())) as service:
        made = Host(origin + "/", service)

        async def page(request: Request) -> Response:
            policy = STRICT.format(service=service)
            headers = {"Content-Security-Policy": policy}
            return HTMLResponse(made.pages[request.path_params["path"]], headers=headers)

        with serving(Starlette(routes=[Route("/{path}", page)]), listener):
            yield made


BOX = '<health-search endpoint="SERVICE"></health-search>'


def test_from_another_origin_under_the_strictest_policy(host: Host, visits: Visits) -> None:
    visit = visits.open(host.put(BOX))
    page = visit.page
    page.get_by_label("What would you like to know about?").press_sequentially("jo")
    expect(page.locator(".suggestion")).to_have_count(3)
    page.locator("#q").fill("hostile chest pain")
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(10)
    expect(page.locator(".notice")).to_have_count(2)
    accent = page.locator(".button").evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert accent == "rgb(15, 118, 110)"  # the style is there, though the policy allows none
    page.get_by_label("Mental health").check()
    expect(page.locator("#count")).to_have_text("17 articles found")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".hits")).to_have_attribute("start", "11")
    page.get_by_role("button", name="Clear all filters").click()
    expect(page.locator("#count")).to_have_text("38 articles found")
    assert page.evaluate("window.hacked") is None
    assert page.url == host.url + page.url.rpartition("/")[2], "the page's address is its own"
    asked = {url for method, url in visit.requests if method == "POST"}
    assert asked == {host.service + "v1/search", host.service + "v1/suggest"}


def test_an_origin_that_is_not_listed_may_not(host: Host, visits: Visits) -> None:
    address = host.put(BOX).replace("127.0.0.1", "localhost")
    visit = visits.open(address)
    visit.page.locator("#q").fill("pain")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".message h3")).to_have_text("Search is not available right now")
    assert all("CORS" in text or "ERR_FAILED" in text for text in visit.problems)
    visit.problems.clear()


def test_the_service_is_where_the_script_came_from(host: Host, visits: Visits) -> None:
    page = visits.open(host.put("<health-search></health-search>")).page
    page.locator("#q").fill("magnesium")
    expect(page.locator(".hit")).to_have_count(1)


def test_two_boxes_on_a_page_do_not_meddle(host: Host, visits: Visits) -> None:
    page = visits.open(host.put(BOX + BOX.replace(">", ' lang="es">', 1))).page
    first, second = page.locator("health-search").nth(0), page.locator("health-search").nth(1)
    first.locator("#q").fill("magnesium")
    second.locator("#q").fill("dolor")
    expect(first.locator("#count")).to_have_text("1 article found")
    expect(second.locator("#count")).to_have_text("1 artículo encontrado")


HEADER = """<header id="top"><a href="#x">A site</a>
<health-search endpoint="SERVICE" mode="box" results-url="/results" placeholder="Search">
</health-search>
</header><p id="below">Below</p>"""


def test_a_compact_box(host: Host, visits: Visits) -> None:
    host.pages["results"] = "<!doctype html><title>Results</title>"
    page = visits.open(host.put(HEADER)).page
    field = page.get_by_role("combobox", name="What would you like to know about?")
    expect(field).to_have_attribute("placeholder", "Search")
    before = page.locator("#below").bounding_box()
    field.press_sequentially("joint pain")
    panel = page.locator(".panel")
    expect(page.locator(".hit")).to_have_count(4)
    expect(page.locator(".suggestion")).to_have_count(2)  # the third is what was typed
    assert page.locator("#below").bounding_box() == before, "the panel moves nothing"
    snippets = page.locator(".snippet")
    expect(snippets.first).to_be_visible()
    is_whole = "all => all.every((each) => each.scrollHeight <= each.clientHeight)"
    assert snippets.evaluate_all(is_whole), "no sentence is cut: it may lose its 'not'"
    everything = page.get_by_role("link", name="All results")
    expect(everything).to_have_attribute("href", "/results#q=joint+pain")
    expect(page.locator(".filters, .pages, .toolbar:visible")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(field).to_have_value("joint pain")
    page.keyboard.press("ArrowDown")
    expect(panel).to_be_visible()
    page.mouse.click(1200, 850)
    expect(panel).to_be_hidden()
    field.focus()
    page.locator("body").press("Shift+Tab")
    expect(panel).to_be_hidden()
    field.focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if everything.evaluate("(node) => node.matches(':focus')"):
            break
    expect(everything).to_be_focused()
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(field).to_be_focused()
    field.press("Enter")
    expect(page).to_have_url(host.url + "results#q=joint+pain")


@pytest.mark.parametrize("dir_", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [360, 1000])
def test_the_panel_stays_within_the_window(
    host: Host, visits: Visits, dir_: str, width: int
) -> None:
    body = '<div id="end">' + HEADER + "</div>"
    page = visits.open(host.put(body, dir_=dir_), viewport={"width": width, "height": 700}).page
    page.evaluate("document.querySelector('header').style.paddingInlineStart = '40%'")
    page.locator("#q").press_sequentially("joint pain")
    expect(page.locator(".hit")).to_have_count(4)
    box = page.locator(".panel").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_right_to_left_and_spanish_come_from_the_page(host: Host, visits: Visits) -> None:
    page = visits.open(host.put(BOX, lang="es-MX", dir_="rtl")).page
    field = page.get_by_label("¿Sobre qué quiere informarse?")
    button = page.get_by_role("button", name="Buscar")
    field.fill("dolor")
    field.press("Enter")
    expect(page.locator("#status")).to_have_text("1 artículo encontrado")
    left, right = button.bounding_box(), field.bounding_box()
    assert left
    assert right
    assert left["x"] < right["x"], "the button stands at the end of the line, which is left"


def test_attributes_that_change_are_followed(host: Host, visits: Visits) -> None:
    page = visits.open(host.put(BOX)).page
    box = page.locator("health-search")
    page.locator("#q").fill("pain")
    expect(page.locator("#count")).to_have_text("38 articles found")
    box.evaluate("(node) => node.setAttribute('lang', 'es')")
    expect(page.locator("#count")).to_have_text("38 artículos encontrados")
    box.evaluate("(node) => node.setAttribute('topic', 'Pain | Mental health')")
    expect(page.locator("#count")).to_have_text("17 artículos encontrados")
    expect(page.get_by_label("Mental health")).to_have_count(0)  # no choice any more
    box.evaluate("(node) => node.setAttribute('per-page', '3')")
    expect(page.locator(".hit")).to_have_count(3)
    box.evaluate("(node) => node.setAttribute('language', 'es')")
    expect(page.locator("#count")).to_have_text("No se encontraron artículos")
    ground = "(node) => getComputedStyle(node).backgroundColor"
    light = page.locator("#q").evaluate(ground)
    box.evaluate("(node) => node.setAttribute('theme', 'dark')")
    assert page.locator("#q").evaluate(ground) != light
    box.evaluate("(node) => node.style.setProperty('--health-search-accent', 'rgb(1, 2, 3)')")
    assert page.locator(".button").evaluate(ground) == "rgb(1, 2, 3)"
    box.evaluate("(node) => { node.remove(); document.body.append(node); }")
    expect(page.locator("#q")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "theme", "is_dark"),
    [
        ("light dark", "", True),
        ("light", "", False),
        ("light", "auto", True),
        ("dark", "light", False),
    ],
)
def test_dark_where_the_page_is(
    host: Host, visits: Visits, scheme: str, theme: str, *, is_dark: bool
) -> None:
    body = BOX.replace(">", f' theme="{theme}">', 1)
    page = visits.open(host.put(body, scheme=scheme), color_scheme="dark").page
    ground = page.locator("#q").evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert (ground == "rgb(26, 34, 33)") is is_dark


def listen(page: Page) -> None:
    page.evaluate(
        """() => {
            window.told = [];
            for (const name of ["change", "results", "select"]) {
                document.addEventListener("health-search:" + name, (event) => {
                    const {answer, ...detail} = event.detail;
                    window.told.push([name, detail, answer?.total ?? null]);
                    if (name === "select") event.preventDefault();
                });
            }
        }"""
    )


def test_events_and_clicks(host: Host, visits: Visits) -> None:
    visit = visits.open(host.put(BOX.replace(">", " clicks>", 1)))
    page = visit.page
    listen(page)
    sent: list[object] = []

    def keep(each: BrowserRequest) -> None:
        if "clicks" in each.url:
            sent.append(each.post_data_json)

    page.on("request", keep)
    page.locator("#q").fill("joint")
    page.keyboard.press("Enter")
    asked = {"query": "joint", "fragment": "#q=joint"}
    expect(page.locator(".hit")).to_have_count(3)
    assert page.evaluate("window.told") == [["change", asked, None], ["results", asked, 3]]
    address = page.url
    page.locator(".hit").nth(1).locator("a.title").click()
    page.wait_for_timeout(200)
    kind, detail, _ = page.evaluate("window.told")[-1]
    assert (kind, detail["position"], detail["title"]) == ("select", 2, "Joint pain")
    assert detail["url"] == "https://www.example.org/health/joint-pain"
    assert page.url == address, "the page around took it over"
    assert sent == [{"query": "joint", "position": 2}]


def test_a_key_is_shown_as_bearer(host: Host, visits: Visits) -> None:
    page = visits.open(host.put(BOX.replace(">", ' key="secret-key">', 1))).page
    with page.expect_request("**/v1/search") as asked:
        page.locator("#q").fill("pain")
    assert asked.value.header_value("authorization") == "Bearer secret-key"
    expect(page.locator(".hit, .message").first).to_be_visible()


def test_without_javascript_the_form_of_the_page_is_there(host: Host, visits: Visits) -> None:
    form = '<form action="SERVICE" method="get"><label>Find <input name="q"></label></form>'
    page = visits.open(host.put(BOX.replace("></", f">{form}</")), java_script_enabled=False).page
    expect(page.get_by_label("Find")).to_be_visible()
    page = visits.open(host.put(BOX.replace("></", f">{form}</"))).page
    expect(page.get_by_label("Find")).to_be_hidden()
    expect(page.get_by_label("What would you like to know about?")).to_be_visible()


def test_the_page_that_shows_how(host: Host, visits: Visits) -> None:
    page = visits.open(host.service + "embed").page
    expect(page.locator("pre").first).to_contain_text(
        f'<script defer src="{host.service}search-box.js"></script>'
    )
    preview = page.get_by_role("region", name="As a page of its own")
    preview.locator("#q").fill("pain")
    expect(preview.locator(".hit")).to_have_count(3)
    controls = page.locator("#controls")
    controls.get_by_label("Language").select_option("es")
    expect(preview.locator("#count")).to_have_text("38 artículos encontrados")
    controls.get_by_label("Direction").select_option("rtl")
    controls.get_by_label("Look").select_option("dark")
    expect(preview.locator("health-search")).to_have_attribute("theme", re.compile("dark"))
