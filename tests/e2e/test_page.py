import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, Visits

pytestmark = pytest.mark.browser


def test_typing_shows_results_without_a_reload(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url)
    page = visit.page
    page.evaluate("window.sameDocument = true")
    page.locator("#q").press_sequentially("magnesium", delay=20)
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#status")).to_have_text(
        "1 article found. Suggestions: 1, with the down arrow"
    )
    expect(page.locator("#q")).to_be_focused()
    expect(page).to_have_url(site.url + "#q=magnesium")
    expect(page).to_have_title("magnesium – Health Search")
    assert page.evaluate("window.sameDocument") is True
    searches = [request for request in visit.requests if "/v1/" in request[1]]
    # Debounced, and no query in the URL.
    assert sorted(searches) == [("POST", site.url + "v1/" + what) for what in ("search", "suggest")]


def test_the_query_leaves_the_address_that_it_came_in(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "?q=joint+pain&utm_source=news&lang=en").page
    # What else stands there is the page's own.
    expect(page).to_have_url(site.url + "?utm_source=news&lang=en#q=joint+pain")
    expect(page.locator(".hit")).to_have_count(10)
    expect(page.locator("a[href*='?q=']")).to_have_count(0)


def test_back_and_forward(site: Site, visits: Visits) -> None:
    page = visits.open(site.url).page
    page.locator("#q").fill("magnesium")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text("1 article found")
    page.locator("#q").fill("pain")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text("38 articles found")
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator(".hits")).to_have_attribute("start", "11")
    expect(page.locator("#results")).to_be_focused()
    page.go_back()
    expect(page.locator(".hits")).to_have_attribute("start", "1")
    page.go_back()
    expect(page.locator("#count")).to_have_text("1 article found")
    expect(page.locator("#q")).to_have_value("magnesium")
    page.go_forward()
    expect(page.locator("#count")).to_have_text("38 articles found")
    page.reload()
    expect(page.locator("#q")).to_have_value("pain")
    expect(page.locator("#count")).to_have_text("38 articles found")


def test_filters_and_sort(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=pain").page
    expect(page.locator("#count")).to_have_text("38 articles found")
    page.get_by_label("Mental health").check()
    expect(page.locator("#count")).to_have_text("17 articles found")
    expect(page.get_by_label("Mental health")).to_be_focused()
    page.get_by_label("Sort by").select_option("reviewed")
    expect(page).to_have_url(re.compile(r"#q=pain&sort=reviewed&topic=Mental\+health$"))
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator("#count")).to_have_text("38 articles found")


def test_a_late_reply_does_not_replace_a_newer_one(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url)
    page = visit.page
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.fetch = async (url, options) => {
                const slow = JSON.parse(options.body).q === "magnesium";
                const {signal, ...rest} = options; // a server that answers all the same
                if (slow) await new Promise((resolve) => setTimeout(resolve, 700));
                return real(url, rest);
            };
        }"""
    )
    page.locator("#q").fill("magnesium")
    page.keyboard.press("Enter")
    page.locator("#q").fill("pain")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text("38 articles found")
    page.wait_for_timeout(900)
    expect(page.locator("#count")).to_have_text("38 articles found")


def test_did_you_mean(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url + "#q=magnesum")
    page = visit.page
    expect(page.locator("#answer")).to_contain_text("Showing results for magnesium.")
    expect(page.locator("#status")).to_have_text("Showing results for magnesium. 1 article found")
    expect(page.locator("#q")).to_have_value("magnesum")
    page.get_by_role("link", name="magnesum", exact=True).click()
    expect(page.locator("#count")).to_have_text("No articles found")
    expect(page).to_have_url(site.url + "#q=magnesum&expand=false")
    page.get_by_role("link", name="magnesium").click()
    expect(page).to_have_url(site.url + "#q=magnesium")
    expect(page.locator("#q")).to_have_value("magnesium")
    expect(page.locator(".hit")).to_have_count(1)
    assert not [url for _, url in visit.requests if "magnes" in url]


def test_only_what_was_typed(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=joint").page
    expect(page.locator("#answer")).to_contain_text(
        "Also searched: arthralgia, <i>algia</i>, ache."
    )
    page.get_by_role("link", name="Search only for what I typed").click()
    expect(page.locator("#answer")).to_contain_text("Searched only for what you typed.")
    expect(page.locator("#answer")).not_to_contain_text("arthralgia")
    page.get_by_label("Mental health").or_(page.get_by_label("Joints")).first.check()
    expect(page).to_have_url(re.compile(r"#q=joint&topic=\w+&expand=false$"))
    page.reload()
    expect(page.locator("#answer")).to_contain_text("Searched only for what you typed.")
    page.locator("#q").fill("joint pain")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Also searched: arthralgia")
    expect(page).to_have_url(re.compile(r"#q=joint\+pain&topic=\w+$"))


def test_related_articles_stand_apart(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=dolor").page
    expect(page.locator("#count")).to_have_text("1 article found")
    expect(page.locator("ol.hits .hit")).to_have_count(1)
    related = page.get_by_role("region", name="Related articles")
    expect(related.get_by_role("heading", level=2)).to_have_text("Related articles")
    expect(related.locator(".hit")).to_have_count(3)


@pytest.mark.parametrize("script", [True, False])
def test_hostile_articles_do_nothing(site: Site, visits: Visits, *, script: bool) -> None:
    url = site.url + ("#" if script else "?") + "q=hostile"
    page = visits.open(url, java_script_enabled=script).page
    hit = page.locator(".hit")
    expect(hit).to_have_count(1)
    expect(hit.locator("h3")).to_contain_text("<script>window.hacked = 1</script><img src=x")
    expect(hit.locator(".snippet mark")).to_have_text("Hostile")
    expect(hit.locator("img, script, b, a")).to_have_count(0)
    if script:
        assert page.evaluate("window.hacked") is None


def test_a_hostile_fragment_does_nothing(site: Site, visits: Visits) -> None:
    markup = "%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E"
    page = visits.open(f"{site.url}#q=pain&topic={markup}&page=abc&sort=x&language={markup}").page
    expect(page.get_by_label("<img")).to_have_count(2)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("joint+pain", 10),
        ("magnesum", 1),
        ("magnesum&expand=false", 0),
        ("joint&expand=false", 3),
        ("dolor", 4),
        ("zzzz", 0),
        ("zzzz+magnesium+zz", 1),
    ],
)
def test_the_script_and_the_server_draw_the_same(
    site: Site, visits: Visits, query: str, hits: int
) -> None:
    def text(page: Page) -> str:
        expect(page.locator("#count")).not_to_have_text("")
        expect(page.locator(".hit")).to_have_count(hits)
        shown = f"{page.locator('#answer').inner_text()} {page.locator('#facets').inner_text()} "
        links = page.locator(".hit a").evaluate_all("all => all.map((a) => a.href).join('\\n')")
        return re.sub(r"\s+", " ", shown + links).replace(" Aplicar", "").strip()

    by_server = visits.open(f"{site.url}?lang=es&q={query}", java_script_enabled=False).page
    by_script = visits.open(f"{site.url}?lang=es#q={query}").page
    assert text(by_server) == text(by_script)
    for page in (by_server, by_script):
        expect(page.locator("input[value=und]")).to_have_count(0)


def test_without_a_script(site: Site, visits: Visits) -> None:
    page = visits.open(site.url, java_script_enabled=False).page
    page.get_by_label("What would you like to know about?").fill("joint pain")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#count")).to_have_text("38 articles found")
    page.get_by_label("Mental health").check()
    page.locator("#filters").get_by_role("button", name="Apply").click()
    expect(page.locator("#count")).to_have_text("17 articles found")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("[aria-current=page]")).to_have_text("2")
    expect(page.get_by_label("Mental health")).to_be_checked()
    page.get_by_role("link", name="Español").click()
    expect(page.locator("#count")).to_have_text("17 artículos encontrados")


def test_with_the_keyboard_alone(site: Site, visits: Visits) -> None:
    page = visits.open(site.url).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to results")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("joint pain")
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(10)
    expect(page.locator("#results")).to_be_focused()
    page.keyboard.press("Tab")  # sort
    expect(page.get_by_label("Sort by")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Search only for what I typed")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".hit h3 a").first).to_be_focused()
    focused = (
        "(() => {{ const at = document.activeElement.shadowRoot.activeElement; return {} }})()"
    )
    assert page.evaluate(focused.format("getComputedStyle(at).outlineWidth")) == "3px"
    seen = {"Page 2": False, "Pain": False}
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(focused.format("at.ariaLabel ?? at.value"))
        if name in seen:
            seen[name] = True
        if all(seen.values()):
            break
    page.keyboard.press("Space")
    expect(page.locator("#count")).to_have_text("34 articles found")


def test_the_skip_link_is_no_search(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=pain").page
    expect(page.locator(".hit")).to_have_count(10)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_be_focused()
    expect(page).to_have_url(site.url + "#q=pain")


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize(
    "path", ["", "#q=joint+pain", "#q=hostile", "?lang=es#q=zzzz", "?lang=es#q=dolor", "docs"]
)
def test_a_phone_never_scrolls_sideways(site: Site, visits: Visits, path: str, width: int) -> None:
    size = {"width": width, "height": 800}
    page = visits.open(site.url + path, viewport=size, has_touch=True, is_mobile=True).page
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "all => all.filter((node) => node.getBoundingClientRect().right > innerWidth - 8).length"
    assert page.locator("main p, main select, main h3").evaluate_all(wide) == 0


def test_on_a_phone_filters_are_one_tap_away(site: Site, visits: Visits) -> None:
    size = {"width": 390, "height": 800}
    page = visits.open(site.url + "#q=pain", viewport=size, has_touch=True, is_mobile=True).page
    opener = page.get_by_role("button", name="Filters")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#filters")).to_be_hidden()
    opener.tap()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#filters")).to_be_focused()
    expect(page.get_by_role("heading", name="Narrow the results")).to_be_in_viewport()
    page.get_by_label("Mental health").tap()
    expect(page.locator("#count")).to_have_text("17 articles found")
    expect(page.get_by_label("Mental health")).to_be_focused()
    expect(page).to_have_url(site.url + "#q=pain&topic=Mental+health")
    opener.tap()
    expect(page.locator("#filters")).to_be_hidden()


def test_without_an_index_and_without_a_server(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url)
    page = visit.page
    site.live.missing = True
    page.locator("#q").fill("pain")
    page.keyboard.press("Enter")
    expect(page.locator(".message h3")).to_have_text("Search is not available right now")
    site.live.missing = False
    page.get_by_role("link", name="Try again").click()
    expect(page.locator(".hit")).to_have_count(10)
    visit.context.set_offline(True)
    page.locator("#q").fill("joint")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_contain_text("Check your connection")
    expected = ("503", "ERR_INTERNET_DISCONNECTED")
    visit.problems = [text for text in visit.problems if not any(x in text for x in expected)]


CONTRAST = """() => {
    const channel = (value) => {
        const part = value / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    const numbers = (color) => {
        const all = color.match(/[\\d.]+/g).map(Number);
        return color.startsWith("color(srgb") // of 1, not of 255
            ? all.map((part, index) => (index < 3 ? part * 255 : part)) : all;
    };
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const behind = (node) => {
        for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
            const found = numbers(getComputedStyle(at).backgroundColor);
            if (found.length < 4 || found[3] === 1) return found;
        }
        return [255, 255, 255];
    };
    const bad = [];
    const all = (root) => [...root.querySelectorAll("*")].flatMap(
        (node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    const nodes = all(document.body);
    if (document.querySelector("#box") && !nodes.some((node) => node.getRootNode() !== document)) {
        bad.push("there is no box to look at");
    }
    for (const node of nodes) {
        const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
        if (!own || !node.checkVisibility() || node.tagName === "SCRIPT") continue;
        const pair = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        if (ratio < 4.5) bad.push(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
    }
    return bad;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["#q=joint+pain&page=2", "#q=magnesum+joint", "#q=dolor", "#q=zzzz", "docs"]
)
def test_contrast(site: Site, visits: Visits, path: str, scheme: str) -> None:
    page = visits.open(site.url + path, color_scheme=scheme).page
    page.wait_for_load_state("networkidle")
    assert page.evaluate(CONTRAST) == []
