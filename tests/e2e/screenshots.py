"""Takes the pictures of the search box for the documents: ``python -m tests.e2e.screenshots``.

The articles are those of ``corpus``.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.indexer.builders import run
from tests.processes import Service

ROOT = Path(__file__).parent.parent.parent
IMAGES = ROOT / "docs" / "images"

MAX_BYTES = 150_000

WIDE: dict[str, Any] = {"viewport": {"width": 1120, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}

HOST_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script defer src="/search-box.js"></script>
<style>
  body { margin: 0; font: 17px/1.6 Georgia, serif; color: #2b2118; background: #fffdf8; }
  header { display: flex; align-items: center; gap: 2rem; padding: 1rem 3rem; background: #f4ece0;
    border-bottom: 3px solid #8a1c5b; }
  header strong { font-size: 1.4rem; color: #8a1c5b; flex: 1; }
  main { max-width: 40rem; margin: 2rem 3rem; }
  health-search { flex: 0 1 24rem; --health-search-accent: #8a1c5b; --health-search-link: #7a1650;
    --health-search-radius: 3px; --health-search-ink: #2b2118; }
</style></head><body>
<header><strong>Riverside Clinic</strong>
<health-search mode="box" placeholder="Search our advice" results-url="/"></health-search></header>
<main><h1>Good to know</h1><p>Our nurses and doctors have written down what they are asked most
often: what helps, what does not, and when to come and see us.</p><h2>This month</h2>
<p>Hay fever begins earlier than last year. Wash your hair in the evening, and keep the windows
closed before noon.</p></main></body></html>"""


class Camera:
    """Opens pages of the service, and takes their pictures."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url

    def open(self, path: str, **options: Any) -> Page:
        """Open a page in a tab of its own; ``/a-site`` is one of another site."""
        page = self.browser.new_page(**options)
        page.route(
            "**/a-site", lambda route: route.fulfill(body=HOST_PAGE, content_type="text/html")
        )
        page.goto(f"{self.url}/{path}")
        return page

    def search(self, name: str, query: str, **options: Any) -> None:
        """Take the picture of the results of a query."""
        page = self.open("", **options)
        page.locator("#q").fill(query)
        page.keyboard.press("Enter")
        expect(page.locator(".hit").first).to_be_visible()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        self.take(page, name)

    def typing(self, name: str, path: str, query: str, height: int = 800) -> None:
        """Take the picture of what is there while somebody types."""
        page = self.open(path, viewport={"width": 1120, "height": height})
        page.locator("#q").press_sequentially(query)
        expect(page.locator(".suggestion").first).to_be_visible()
        expect(page.locator(".hit").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        self.take(page, name)

    def take(self, page: Page, name: str) -> None:
        """Take the picture of a page."""
        file = IMAGES / f"{name}.png"
        page.screenshot(path=file)
        page.close()
        if file.stat().st_size > MAX_BYTES:
            sys.exit(f"{file} has {file.stat().st_size} bytes")


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        run(Path(folder) / "index", ROOT / "corpus")
        service = Service(Path(folder) / "index", "--country", "US")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        camera = Camera(browser, str(service.client.base_url).rstrip("/"))
        try:
            camera.search("search-page", "magnesium joint pain", **WIDE)
            camera.search("search-dark", "chest pain right now", color_scheme="dark", **WIDE)
            camera.search("search-phone", "high blood pressure", **PHONE)
            camera.typing("search-suggestions", "", "heart")
            camera.typing("search-box", "a-site", "knee", height=620)
        finally:
            browser.close()
            service.close()


if __name__ == "__main__":
    main()
