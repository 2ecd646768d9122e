"""The search box as a component: keyboard, screen readers, live region, and what it never does."""

import re

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.e2e.conftest import Site, Visits

pytestmark = pytest.mark.browser

JOINT = "https://www.example.org/joint"

SPOKEN = """() => {
    window.spoken = [];
    const {shadowRoot} = document.querySelector("health-search");
    const region = shadowRoot.querySelector("[role=status]");
    const hear = () => region.textContent && window.spoken.push(region.textContent);
    const all = {childList: true, characterData: true, subtree: true};
    new MutationObserver(hear).observe(region, all);
}"""


def active(page: Page) -> str:
    """Return the name of the suggestion that the arrow keys have reached."""
    return str(
        page.locator("#q").evaluate(
            """(input) => {
                const id = input.getAttribute("aria-activedescendant");
                const option = id && input.getRootNode().getElementById(id);
                if (!option) return "";
                return option.getAttribute("aria-selected") + ": "
                    + (option.ariaLabel ?? option.textContent);
            }"""
        )
    )


def with_suggestions(site: Site, visits: Visits) -> tuple[Page, Locator, Locator]:
    page = visits.open(site.url).page
    field = page.get_by_role("combobox", name="What would you like to know about?")
    field.press_sequentially("jo")
    suggestions = page.get_by_role("listbox", name="Suggestions")
    expect(suggestions.get_by_role("option")).to_have_count(3)
    return page, field, suggestions


def test_the_combobox_by_keyboard(site: Site, visits: Visits) -> None:
    page, field, suggestions = with_suggestions(site, visits)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    assert field.get_attribute("aria-controls") == suggestions.get_attribute("id")
    assert active(page) == ""
    seen = []
    for _ in range(4):
        page.keyboard.press("ArrowDown")
        seen.append(active(page))
    assert seen == ["true: Joint pain, Open article", "true: joint pain", "true: Joints, Topic", ""]
    page.keyboard.press("ArrowUp")
    assert active(page) == "true: Joints, Topic"
    assert suggestions.locator("[aria-selected=true]").count() == 1
    expect(field).to_have_value("jo")  # what was typed stays until something is chosen
    page.keyboard.press("Home")
    assert active(page) == ""
    page.keyboard.type("in ")  # typed at the beginning, where Home went
    expect(field).to_have_value("in jo")


def test_opening_and_closing_the_suggestions(site: Site, visits: Visits) -> None:
    page, field, suggestions = with_suggestions(site, visits)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(suggestions).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    assert active(page) == ""
    expect(field).to_have_value("jo")
    page.keyboard.press("Alt+ArrowDown")
    expect(suggestions).to_be_visible()
    assert active(page) == ""
    page.keyboard.press("Alt+ArrowUp")
    expect(suggestions).to_be_hidden()
    page.keyboard.press("ArrowUp")
    expect(suggestions).to_be_visible()
    assert active(page) == "true: Joints, Topic"
    page.keyboard.press("Tab")
    expect(suggestions).to_be_hidden()
    expect(page.get_by_role("button", name="Clear")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")  # the second Escape, when there is nothing left to close
    expect(page.locator(".hit")).to_have_count(0)
    expect(page).to_have_url(site.url)


def test_choosing_a_term_searches_for_it(site: Site, visits: Visits) -> None:
    page, field, suggestions = with_suggestions(site, visits)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("joint pain")
    expect(suggestions).to_be_hidden()
    expect(page.locator("#count")).to_have_text("38 articles found")
    expect(page).to_have_url(site.url + "#q=joint+pain")
    expect(page.locator("#results")).to_be_focused()


@pytest.mark.parametrize("by", ["keyboard", "mouse"])
def test_choosing_an_article_opens_it(site: Site, visits: Visits, by: str) -> None:
    page, field, suggestions = with_suggestions(site, visits)
    page.route(JOINT, lambda route: route.fulfill(body="the article"))
    described = str(field.get_attribute("aria-describedby")).split()
    told = " ".join(page.locator(f"#{name}").inner_text() for name in described)
    assert "Enter opens an article, and searches for anything else." in told
    if by == "keyboard":
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    else:
        suggestions.get_by_role("option", name="Joint pain, Open article").click()
    expect(page).to_have_url(JOINT)


def test_what_a_screen_reader_finds(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=magnesium+chest").page
    expect(page.locator("#count")).to_have_text("1 article found")
    expect(page.locator("health-search")).to_match_aria_snapshot(
        """
        - search:
          - text: What would you like to know about?
          - combobox "What would you like to know about?": magnesium chest
          - button "Clear"
          - button "Search"
          - paragraph: /Put words/
          - paragraph: /Suggestions appear/
        - region "Results":
          - heading "Results" [level=2]
          - region "This may be an emergency":
            - heading "This may be an emergency" [level=3]
            - paragraph: /Call an ambulance/
            - list:
              - listitem:
                - link "Call 112":
                  - /url: tel:112
              - listitem:
                - link "First aid"
          - paragraph: 1 article found
          - paragraph:
            - text: Sort by
            - combobox "Sort by"
          - list:
            - listitem:
              - heading /Magnesium/ [level=3]:
                - link /Magnesium/
              - paragraph: example.org › health › muscles-and-joints › magnesium
              - paragraph
              - list
        - status: This may be an emergency. 1 article found
        """
    )


def test_what_a_screen_reader_finds_to_choose_from(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=joint").page
    expect(page.get_by_role("complementary")).to_match_aria_snapshot(
        """
        - complementary "Narrow the results":
          - heading "Narrow the results" [level=2]
          - group "Topic":
            - text: Topic
            - checkbox /Joints \\d+/
        """
    )


def test_the_live_region_does_not_chatter(site: Site, visits: Visits) -> None:
    page = visits.open(site.url).page
    page.evaluate(SPOKEN)
    page.locator("#q").press_sequentially("joint pain", delay=150)
    spoken = "38 articles found"
    expect(page.locator("#status")).to_contain_text(spoken)
    page.wait_for_timeout(900)
    heard = page.evaluate("window.spoken")
    assert len(heard) <= 2, heard  # the count, and maybe again with the suggestions
    assert all(text.startswith(spoken) for text in heard)
    page.keyboard.press("Enter")  # asked for, so that it is told again though it is the same
    expect(page.locator("#status")).to_have_text(spoken)
    assert len(page.evaluate("window.spoken")) == len(heard) + 1


def test_an_input_method_is_left_alone_until_it_is_done(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url)
    page = visit.page
    page.locator("#q").focus()
    client = visit.context.new_cdp_session(page)
    compose = {"text": "jo", "selectionStart": 2, "selectionEnd": 2}
    client.send("Input.imeSetComposition", compose)
    page.wait_for_timeout(600)
    assert not [url for _, url in visit.requests if "/v1/" in url]
    client.send("Input.insertText", {"text": "joint"})
    expect(page.locator(".hit")).to_have_count(3)
    expect(page.locator("#q")).to_have_value("joint")


def test_nothing_is_said_to_be_missing_while_there_are_suggestions(
    site: Site, visits: Visits
) -> None:
    page = visits.open(site.url).page
    page.evaluate(SPOKEN)
    field, message = page.locator("#q"), page.locator(".message")
    field.press_sequentially("magnes")  # of which there are titles, and no article has the word
    expect(page.locator(".suggestion")).to_have_count(1)
    expect(page.locator("#status")).to_have_text(re.compile("^Suggestions: 1"))
    expect(message).to_have_count(1)
    expect(message).to_be_hidden()
    expect(page.locator("#count")).to_be_hidden()
    assert not [each for each in page.evaluate("window.spoken") if "No articles" in each]
    page.keyboard.press("Escape")
    expect(message).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    expect(message).to_be_hidden()
    page.keyboard.press("Enter")
    expect(message).to_be_visible()
    expect(page.locator("#status")).to_have_text("No articles found")
    page.route("**/v1/search", lambda route: route.abort())
    field.fill("magn")
    expect(page.locator(".suggestion")).to_have_count(1)
    expect(message.get_by_role("heading")).to_have_text("Search is not available right now")
    expect(message).to_be_visible()  # what is wrong is said at once
    expect(page.locator("#status")).to_have_text(re.compile("^Search is not available"))
    visits.forgive("net::ERR_FAILED")
    page.unroute("**/v1/search")
    field.fill("magnesx")
    expect(page.locator(".suggestion")).to_have_count(0)
    expect(message).to_be_visible()
    expect(page.locator("#status")).to_have_text("No articles found")


def test_older_suggestions_do_not_replace_newer_ones(site: Site, visits: Visits) -> None:
    page = visits.open(site.url).page
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.fetch = async (url, options) => {
                const {signal, ...rest} = options; // a server that answers all the same
                const {q} = JSON.parse(options.body);
                if (q === "jo") await new Promise((resolve) => setTimeout(resolve, 900));
                return real(url, rest);
            };
        }"""
    )
    page.locator("#q").press_sequentially("jo")
    page.wait_for_timeout(400)
    page.locator("#q").fill("living with")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Living with pain, part 1")
    page.wait_for_timeout(900)
    expect(options.first).to_contain_text("Living with pain, part 1")
    expect(page.locator("#count")).to_have_text("35 articles found")


def test_nothing_typed_goes_into_urls_or_storage(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url)
    page = visit.page
    page.locator("#q").press_sequentially("joint pain", delay=30)
    expect(page.locator(".hit")).to_have_count(10)
    page.keyboard.press("Enter")
    page.get_by_label("Mental health").check()
    expect(page.locator("#count")).to_have_text("17 articles found")
    page.get_by_role("link", name="Page 2").click()
    page.locator("#q").fill("magnesum")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Showing results for magnesium")
    asked = [request for request in visit.requests if "/v1/" in request[1]]
    assert len(asked) >= 5
    assert {method for method, _ in asked} == {"POST"}
    words = re.compile("joint|pain|mental|magnes", re.IGNORECASE)
    assert not [url for _, url in visit.requests if words.search(url)]
    stored = "[document.cookie, localStorage.length, sessionStorage.length]"
    assert page.evaluate(stored) == ["", 0, 0]


@pytest.mark.parametrize(("wait", "seconds"), [("7", "7"), ("", "10")])
def test_too_many_searches(site: Site, visits: Visits, wait: str, seconds: str) -> None:
    visit = visits.open(site.url)
    page = visit.page

    def refuse(route: Route) -> None:
        headers = {"Retry-After": wait} if wait else {}
        route.fulfill(status=429, headers=headers, json={"code": "too-many-requests"})

    page.route("**/v1/search", refuse)
    page.locator("#q").fill("pain")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_contain_text(f"wait {seconds} seconds and try again")
    expect(page.locator("#status")).to_contain_text(f"wait {seconds} seconds")
    page.unroute("**/v1/search")
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#count")).to_have_text("38 articles found")
    visit.problems = [text for text in visit.problems if "429" not in text]


@pytest.mark.parametrize("body", ["", "<html>a proxy's page</html>", "[]", '{"hits": 1}'])
def test_an_answer_that_is_none(site: Site, visits: Visits, body: str) -> None:
    page = visits.open(site.url).page
    page.route("**/v1/*", lambda route: route.fulfill(body=body))
    page.locator("#q").fill("pain")
    page.keyboard.press("Enter")
    expect(page.locator(".message h3")).to_have_text("Search is not available right now")


def test_notices_stand_above_and_take_nothing_away(site: Site, visits: Visits) -> None:
    page = visits.open(site.url + "#q=pain+chest").page
    notice = page.get_by_role("region", name="This may be an emergency")
    expect(notice.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    expect(page.locator(".hit")).to_have_count(10)
    expect(page.locator("#status")).to_have_text("This may be an emergency. 38 articles found")
    tops = [page.locator(each).bounding_box() for each in (".notice", "#count", ".hits")]
    assert sorted(box["y"] for box in tops if box) == [box["y"] for box in tops if box]


def test_suggestions_do_not_cover_a_notice(site: Site, visits: Visits) -> None:
    page, field, suggestions = with_suggestions(site, visits)
    field.press_sequentially("int pain chest")
    expect(page.get_by_role("link", name="Call 112")).to_be_in_viewport()
    expect(suggestions).to_be_hidden()
    page.wait_for_timeout(500)
    expect(suggestions).to_be_hidden()
    page.get_by_role("link", name="Call 112").click(trial=True)  # nothing lies over it


@pytest.mark.parametrize("script", [True, False])
def test_hostile_notices_and_suggestions_do_nothing(
    site: Site, visits: Visits, *, script: bool
) -> None:
    page = visits.open(
        f"{site.url}{'#' if script else '?'}q=hostile", java_script_enabled=script
    ).page
    notice = page.locator(".notice")
    expect(notice.locator("h3")).to_contain_text("<script>window.hacked = 1</script><img src=x")
    expect(notice.locator("a, img, script")).to_have_count(0)
    if not script:
        return
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("injected")
    options = page.locator(".suggestion")
    expect(options).to_have_count(3)
    expect(options.first).to_contain_text("<b><script>window.hacked")
    expect(options.locator("b, img, script")).to_have_count(0)
    options.first.click()  # a "title" whose address is none: it is searched for
    expect(page.locator("#q")).to_have_value(re.compile("^<script>"))
    assert page.evaluate("window.hacked") is None


def test_marks_of_single_results(site: Site, visits: Visits) -> None:
    for fragment in ("#", "?"):
        page = visits.open(
            site.url + fragment + "q=living+magnesium+chosen", java_script_enabled=fragment == "#"
        ).page
        first, second = page.locator(".hit").nth(0), page.locator(".hit").nth(1)
        expect(first).to_contain_text("Chosen by the editors")
        expect(first).not_to_contain_text("May be out of date")
        expect(second).not_to_contain_text("Chosen by the editors")
        expect(second).to_contain_text("May be out of date")


def test_hidden_filters_come_along(site: Site, visits: Visits) -> None:
    visit = visits.open(site.url)
    page = visit.page
    bodies: list[object] = []

    def keep(sent: Request) -> None:
        if "v1/search" in sent.url:
            bodies.append(sent.post_data_json)

    page.on("request", keep)
    filters = "audience=Patient&publisher=NHS&reviewed_after=2024-01-31&reading_level_max=8.5"
    page.goto(f"{site.url}?x#q=pain&{filters}")
    expect(page.locator(".hit")).to_have_count(10)
    page.get_by_label("Mental health").check()
    expect(page).to_have_url(
        re.compile(r"audience=Patient&publisher=NHS&reviewed_after=2024-01-31")
    )
    expect(page.locator("#count")).to_have_text("17 articles found")
    assert bodies[-1] == {
        "q": "pain",
        "finish": True,
        "topic": ["Mental health"],
        "audience": ["Patient"],
        "publisher": ["NHS"],
        "reviewed_after": "2024-01-31",
        "reading_level_max": 8.5,
    }
    page.get_by_role("link", name="Clear all filters").click()
    expect(page).to_have_url(f"{site.url}?x#q=pain")
    page.goto(f"{site.url}?y#q=pain&reviewed_after=soon&reading_level_max=-1&page=0&sort=x")
    expect(page.locator("#count")).to_have_text("38 articles found")
    assert bodies[-1] == {"q": "pain", "finish": True}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_touch_targets_and_type_are_large_enough_on_a_phone(
    site: Site, visits: Visits, lang: str
) -> None:
    size = {"width": 390, "height": 844}
    page = visits.open(
        f"{site.url}?lang={lang}#q=pain+chest", viewport=size, has_touch=True, is_mobile=True
    ).page
    page.locator(".filter-button").tap()
    tall = "all => all.filter((node) => node.getBoundingClientRect().height).map((node) => "
    tall += "[node.className, Math.round(node.getBoundingClientRect().height)])"
    controls = "#q, #sort, .button, .clear, .filter-button, .choice, .pages a, .actions a"
    shown = page.locator(controls).evaluate_all(tall)
    assert len(shown) > 12
    page.locator("#q").fill("jo")
    expect(page.locator(".suggestion")).to_have_count(3)
    shown += page.locator(".suggestion").evaluate_all(tall)
    assert [each for each in shown if each[1] < 44] == []
    assert (
        page.locator("#q").evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") >= 16
    )


def test_no_motion_for_who_wants_none(site: Site, visits: Visits) -> None:
    duration = "(node) => getComputedStyle(node).transitionDuration"
    for motion, expected in (("reduce", "0s"), ("no-preference", "0.12s")):
        page = visits.open(site.url, reduced_motion=motion).page
        assert page.locator("#answer").evaluate(duration) == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_what_matched(site: Site, visits: Visits, scheme: str) -> None:
    page = visits.open(f"{site.url}#q=joint", forced_colors="active", color_scheme=scheme).page
    for mark in (page.locator(".hit h3 mark").first, page.locator(".snippet mark").first):
        shown = mark.evaluate("""mark => {
            const { color, backgroundColor, boxShadow } = getComputedStyle(mark);
            return [color, backgroundColor, boxShadow];
        }""")
        color, background, shadow = shown
        assert shadow == "none"
        assert background not in (color, "rgba(0, 0, 0, 0)")


def test_the_parts_of_a_hit_stand_on_one_side(site: Site, visits: Visits) -> None:
    page = visits.open(f"{site.url}#q=joint").page
    expect(page.locator(".hit")).to_have_count(3)
    page.evaluate("document.documentElement.dir = 'rtl'")
    for part in ("h3", ".snippet", ".about li"):
        side = page.locator(f".hit {part}").first.evaluate(
            "node => getComputedStyle(node).textAlign"
        )
        assert side == "right", part


def test_what_all_matches_have_is_no_choice(site: Site, visits: Visits) -> None:
    with_script = visits.open(f"{site.url}#q=moving").page
    plain = visits.open(f"{site.url}?q=moving", java_script_enabled=False).page
    for page in (with_script, plain):
        expect(page.locator(".hit").first).to_be_visible()
        expect(page.get_by_role("group", name="Topic")).to_be_visible()
        expect(page.get_by_role("group", name="Language")).to_have_count(0)
    chosen = visits.open(f"{site.url}#q=moving&language=en").page
    expect(chosen.get_by_role("group", name="Language")).to_be_visible()


def test_a_low_window_shows_suggestions(site: Site, visits: Visits) -> None:
    page = visits.open(site.url, viewport={"width": 320, "height": 256}).page
    page.locator("#q").press_sequentially("jo")
    expect(page.locator(".suggestion").first).to_be_in_viewport()
    expect(page.locator("#q")).to_be_in_viewport()


def test_forced_colours_show_which_suggestion_is_active(site: Site, visits: Visits) -> None:
    page = visits.open(site.url, forced_colors="active").page
    page.locator("#q").press_sequentially("jo")
    expect(page.locator(".suggestion")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    outlines = "all => all.map((node) => getComputedStyle(node).outlineStyle)"
    assert page.locator(".suggestion").evaluate_all(outlines) == ["solid", "none", "none"]


def test_what_was_typed_before_the_script_came_is_kept(site: Site, visits: Visits) -> None:
    visit = visits.open("about:blank")
    page = visit.page
    held: list[Route] = []
    page.route("**/search-box.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(site.url, wait_until="commit")
    page.locator("health-search input[name=q]").fill("magnesium")
    held[0].continue_()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#q")).to_have_value("magnesium")
    expect(page.locator("#q")).to_be_focused()
