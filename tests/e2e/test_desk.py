"""The desk in a real browser: an operator's and an editor's way through it, on a real index."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from service.analytics.book import Book
from tests.e2e.conftest import Visits
from tests.indexer.builders import long_records, record, run, write_jsonl
from tests.processes import KEY, Service, until

pytestmark = pytest.mark.browser

TABS = ["Overview", "Jobs", "Generations", "Results", "Notices", "Analytics"]

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten articles; one of them says least of pollen, and should be first all the same."""
    rows = [record(n, id=f"r{n}", title=f"Pollen, part {n}") for n in range(9)]
    last = record(9, id="r9", title="Hay fever", text="Hay fever is an answer to pollen. " * 3)
    return write_jsonl(tmp_path_factory.mktemp("source") / "articles.jsonl", [*rows, last])


@pytest.fixture(scope="module")
def service(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("desk")
    for _ in range(2):
        run(folder / "index", source)
    today = datetime.now(UTC).date()
    counts = {"searches": 9, "zero": 9, "clients": 7}
    Book(folder / "counts.db").add(
        {today: {"searches": 90, "zero": 12, "click 1": 30}}, {(today, "hayfever"): counts}
    )
    flags = ["--sources", str(source), "--analytics", str(folder / "counts.db")]
    service = Service(folder / "index", *flags, "--editorial", str(folder / "editorial.json"))
    yield service
    service.close()


def url_of(service: Service, path: str) -> str:
    return f"{str(service.client.base_url).rstrip('/')}/{path}"


def sign_in(page: Page) -> None:
    page.get_by_label("Key").fill(KEY)
    page.keyboard.press("Enter")


@pytest.fixture
def page(service: Service, visits: Visits) -> Page:
    """A tab that is signed in."""
    page = visits.open(url_of(service, "admin")).page
    sign_in(page)
    expect(page).to_have_title("Overview – Health Search desk")
    return page


def check(page: Page) -> None:
    """Hold a page against axe-core's rules, and see that it fits its window."""
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_signing_in_and_out(service: Service, visits: Visits) -> None:
    page = visits.open(url_of(service, "admin/jobs?kind=reindex")).page
    expect(page.get_by_label("Key")).to_be_focused()
    check(page)
    sign_in(page)
    expect(page).to_have_url(url_of(service, "admin/jobs?kind=reindex"))
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Key")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Key")).to_be_visible()


def test_a_wrong_key(service: Service, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(url_of(service, "admin"))
    page.get_by_label("Key").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This key does not open the desk.")
    check(page)
    page.close()


@pytest.mark.parametrize("options", [{}, PHONE, {"color_scheme": "dark"}], ids=str)
def test_every_page_is_open_to_everybody(
    service: Service, visits: Visits, options: dict[str, object]
) -> None:
    page = visits.open(url_of(service, "admin"), **options).page
    sign_in(page)
    for name in TABS:
        page.get_by_role("navigation", name="Desk").get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name, exact=True).first).to_have_attribute(
            "aria-current", "page"
        )
        check(page)
    for details in page.locator("details").all():
        details.locator("summary").click()
    check(page)
    page.goto(url_of(service, "admin/results/new?pattern=pollen"))
    expect(page.locator(".entries li")).to_have_count(10)
    check(page)
    page.goto(url_of(service, "admin/generations"))
    page.get_by_role("link", name=re.compile("^Go back")).first.click()
    check(page)


def first_result(page: Page, service: Service, query: str) -> str:
    """Return the title of what a visitor sees first."""
    page.goto(url_of(service, f"?q={query}&lang=en"))
    return page.locator("#answer h3, .hit h3").first.inner_text()


def test_a_pinned_result_is_first_on_the_search_page(service: Service, page: Page) -> None:
    assert first_result(page, service, "pollen") != "Hay fever"
    page.goto(url_of(service, "admin/results"))
    page.get_by_label("A query, as visitors type it").fill("pollen")
    page.keyboard.press("Enter")
    row = page.locator(".entries li").filter(has_text="Hay fever")
    row.get_by_role("button", name=re.compile("^Pin")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rule for “pollen”")
    pinned = page.get_by_role("region", name="Pinned at the top").locator("li")
    expect(pinned).to_contain_text(["Hay fever"])
    check(page)
    until(lambda: first_result(page, service, "pollen") == "Hay fever", 10)

    page.goto(url_of(service, "admin/results"))
    page.get_by_role("link", name="pollen", exact=True).click()
    row = page.locator(".entries li").filter(has_text="Pollen, part 3")
    row.get_by_role("button", name=re.compile("^Hide")).click()
    expect(page.get_by_role("region", name="Hidden").locator("li")).to_have_count(1)
    until(lambda: "r3" not in service.found("pollen"), 10)
    page.get_by_text("Remove this rule").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status").first).to_contain_text("Removed.")
    until(lambda: "r3" in service.found("pollen"), 10)


def test_the_order_of_what_is_pinned_changes_by_keyboard(service: Service, page: Page) -> None:
    page.goto(url_of(service, "admin/results/new?pattern=pollen"))
    for part in (1, 2):
        page.locator("li").filter(has_text=f"part {part}").get_by_role(
            "button", name=re.compile("^Pin")
        ).press("Enter")
        expect(page.get_by_role("region", name="Pinned").locator("li")).to_have_count(part)
    page.get_by_role("button", name="Up Pollen, part 2").press("Enter")
    titles = page.get_by_role("region", name="Pinned").locator("li .article a")
    expect(titles).to_have_text(["Pollen, part 2", "Pollen, part 1"])
    page.get_by_label("Note").fill("Kept")
    page.keyboard.press("Enter")  # in a field it saves, and pins nothing
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    expect(page.get_by_label("Note")).to_have_value("Kept")
    expect(titles).to_have_count(2)


def test_from_a_query_without_results_to_a_rule(service: Service, page: Page) -> None:
    page.get_by_role("link", name="Analytics", exact=True).click()
    page.get_by_role("link", name="Pin something for it hayfever").click()
    expect(page.get_by_label("Query", exact=True)).to_have_value("hayfever")
    page.get_by_label("of the query").fill("hay fever")
    page.get_by_role("button", name="See its results").click()
    expect(page.get_by_label("Query", exact=True)).to_have_value("hayfever")
    page.get_by_role("button", name="Pin Hay fever").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rule for “hayfever”")
    until(lambda: service.found("hayfever")[:1] == ["r9"], 10)


def test_trying_a_phrase(page: Page) -> None:
    page.get_by_role("link", name="Notices", exact=True).click()
    page.get_by_label("What somebody may type").fill("I took an overdose")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("status")).to_contain_text("It calls this notice")
    assert "overdose" not in page.url
    check(page)


def test_without_javascript_everything_works(service: Service, visits: Visits) -> None:
    page = visits.open(url_of(service, "admin/jobs"), java_script_enabled=False).page
    sign_in(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("The job is noted.")).to_be_visible()
    page.get_by_role("link", name="Reload").click()
    expect(page.locator("tbody tr").first).to_contain_text("reindex")
    page.get_by_role("button", name="Cancel job").first.click()
    expect(page.get_by_text("The job was asked to stop.")).to_be_visible()


def test_a_job_is_started_and_watched_to_its_end(page: Page, source: Path) -> None:
    write_jsonl(source, [*long_records(3_000, 150), record(9, id="hay", title="Hay fever")])
    page.get_by_role("link", name="Jobs", exact=True).click()
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Read every page and write every article again").check()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("status").first).to_contain_text("The job is noted.")
    page.evaluate("window.sameDocument = true")
    row = page.locator("tbody tr").first
    expect(row.locator("progress")).to_be_visible()
    expect(row.locator(".state")).to_have_text("done", timeout=60_000)
    expect(row).to_contain_text("3,001 of 3,001 pages")
    expect(page.locator("#heard")).to_contain_text("reindex: done")
    assert page.evaluate("window.sameDocument") is True
    assert page.locator("[data-refresh]").count() == 0
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.locator(".figures-row").first).to_contain_text("3,001 articles")


def test_a_second_job_is_refused_and_the_first_canceled(
    service: Service, browser: Browser, source: Path
) -> None:
    write_jsonl(source, long_records(8_000, 500))
    page = browser.new_page()  # a refusal stands on its console
    page.goto(url_of(service, "admin/jobs"))
    sign_in(page)
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".state").first).to_have_text("running")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("has not ended")
    check(page)
    page.get_by_role("button", name=re.compile("^Cancel job")).click()
    expect(page.locator(".state").first).to_have_text("canceled")
    page.close()


def test_going_back_to_an_older_index(service: Service, page: Page) -> None:
    page.goto(url_of(service, "admin/generations"))
    oldest = page.locator("tbody tr").last
    name = oldest.locator("code").inner_text()
    oldest.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Go back to an older index?")
    page.get_by_role("button", name="Go back to it").click()
    expect(page.get_by_role("status").first).to_contain_text("Done.")
    row = page.locator("tbody tr").filter(has_text=name)
    expect(row.locator(".state")).to_have_text("live")
