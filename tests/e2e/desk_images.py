"""Takes the pictures of the desk for the documents: ``python -m tests.e2e.desk_images``.

The articles are those of ``corpus``, and the counts are made up.
"""

import os
import random
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from service.analytics.book import Book
from service.search.editorial.rules import Rule, RuleBook
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.indexer.builders import run
from tests.processes import KEY, Service

ROOT = Path(__file__).parent.parent.parent
IMAGES = ROOT / "docs" / "images"

MAX_BYTES = 150_000

WIDE = (1120, 800)
PHONE = (390, 844)

ASKED = ("gout", "shingles", "high blood pressure", "back pain", "dolor de espalda", "knee pain")
MISSED = ("long covid", "sciatica", "mammogram")


def count(book: Book, today: date) -> None:
    """Write down what visitors of two months may have asked."""
    chance = random.Random(20260131)
    totals, queries = {}, {}
    for number in range(60):
        day = today - timedelta(days=number)
        searches = int(chance.gauss(420, 50) * (0.55 if day.weekday() > 4 else 1))
        clicks = {f"click {place}": int(searches * 0.3 / place**1.4) for place in range(1, 11)}
        totals[day] = {"searches": searches, "zero": int(searches * chance.uniform(0.04, 0.09))}
        totals[day] |= clicks
        for place, query in enumerate(ASKED):
            asked = chance.randrange(30, 40) // (place + 1) + 5
            counts = {"searches": asked, "click 1": asked // 2, "clients": asked}
            slow = {"slow": 1, "slowest_ms": 700} if place == 3 and number % 9 == 0 else {}
            queries[day, query] = {**counts, **slow}
        for query in MISSED:
            missed = chance.randrange(5, 9)
            queries[day, query] = {"searches": missed, "zero": missed, "clients": missed}
    book.add(totals, queries)


def made_service(folder: Path) -> Service:
    """Return a service that has run for a while, with two generations and a rule."""
    os.chdir(ROOT)  # the sources stand in the pictures as they are named
    for _ in range(2):
        run(folder / "index", Path("corpus"))
    count(Book(folder / "counts.db"), datetime.now(UTC).date())
    files = ["--analytics", str(folder / "counts.db"), "--editorial", str(folder / "rules.json")]
    service = Service(folder / "index", "--sources", "corpus", *files, "--country", "US")
    service.wait_for(service.put("leaflet-12", title="After your knee operation"), "succeeded")
    service.wait_for(service.post(force=True), "succeeded")
    found = service.found("knee pain")
    RuleBook(folder / "rules.json").put(
        Rule(
            "pain",
            "bad knees",
            pinned=tuple(found[1:3]),
            hidden=tuple(found[4:5]),
            note="Until the leaflet is out",
            until=date(2027, 3, 31),
        )
    )
    return service


class Camera:
    """A browser's tab at the desk, signed in."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int], scheme: str) -> None:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
        self.url, self.size = url, size
        self.page: Page = context.new_page()
        self.page.goto(f"{url}/admin")
        self.page.get_by_label("Key").fill(KEY)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Overview")

    def take(self, name: str, path: str = "", height: int = 0) -> None:
        """Take the picture of a page, or of the one that is open."""
        if path:
            self.page.goto(f"{self.url}/{path}")
        width, usual = self.size
        self.page.set_viewport_size({"width": width, "height": height or usual})
        file = IMAGES / f"desk-{name}.png"
        self.page.screenshot(path=file)
        if file.stat().st_size > MAX_BYTES:
            sys.exit(f"{file} has {file.stat().st_size} bytes")


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = made_service(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        url = str(service.client.base_url).rstrip("/")
        try:
            camera = Camera(browser, url, WIDE, "light")
            camera.page.goto(f"{url}/admin/jobs")
            camera.page.get_by_label("Read every page").check()
            camera.page.get_by_role("button", name="Start").click()
            expect(camera.page.locator("progress")).to_be_visible(timeout=30_000)
            camera.take("jobs", height=1_040)
            expect(camera.page.locator(".state").first).to_have_text("done", timeout=60_000)
            camera.take("overview", "admin")
            camera.take("rule", "admin/results/rule/pain?q=knee+pain", height=1_100)
            camera.take("analytics", "admin/analytics")
            camera.take("notices", "admin/notices")
            dark = Camera(browser, url, PHONE, "dark")
            dark.take("phone", "admin/analytics")
        finally:
            browser.close()
            service.close()


if __name__ == "__main__":
    main()
