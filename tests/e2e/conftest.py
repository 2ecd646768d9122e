"""A real server and a real browser. Without a Chromium the tests skip, and say so loudly."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from starlette.applications import Starlette

from service.app import create_app
from service.settings import Settings
from tests.e2e.fakes import BoxLive
from tests.service.fakes import FakeLive

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

PATIENCE = 30_000
"""How long a test waits for what it expects, in milliseconds: a busy machine is slow, not wrong."""

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Site:
    """The running service, with an index that tests can take away."""

    def __init__(self, url: str, live: FakeLive) -> None:
        self.url = url
        self.live = live


@contextmanager
def serving(app: Starlette, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve an application in a thread, and give its address."""
    listener = listener or socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="package")
def running_site() -> Iterator[Site]:
    live = BoxLive()
    with serving(create_app(Settings(), live)) as url:
        yield Site(url, live)


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    yield running_site
    running_site.live.missing = False


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("NO CHROMIUM: the search page was NOT tested in a browser (install `chromium`)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One visitor's tab. Errors on its console and requests to elsewhere fail the test."""

    def __init__(self, browser: Browser, **options: object) -> None:
        settings = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}
        self.context: BrowserContext = browser.new_context(**settings)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.problems: list[str] = []
        self.requests: list[tuple[str, str]] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.requests.append((request.method, request.url)))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(message.text)


class Visits:
    """Opens tabs, and closes them at the end of a test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: list[Visit] = []

    def open(self, url: str, **options: object) -> Visit:
        visit = Visit(self._browser, **options)
        self._opened.append(visit)
        visit.page.goto(url)
        return visit

    def forgive(self, text: str) -> None:
        """Expect an error with this text on a console: without one the test fails."""
        forgiven = [each for visit in self._opened for each in visit.problems if text in each]
        assert forgiven, f"no error with {text!r}"
        for visit in self._opened:
            visit.problems[:] = [each for each in visit.problems if text not in each]

    def close(self) -> list[str]:
        problems = [problem for visit in self._opened for problem in visit.problems]
        for visit in self._opened:
            visit.context.close()
        return problems


@pytest.fixture
def visits(browser: Browser) -> Iterator[Visits]:
    visits = Visits(browser)
    yield visits
    assert visits.close() == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where nobody can miss it."""
    if not CHROMIUM and terminalreporter.stats.get("skipped"):
        terminalreporter.section("search page NOT tested", sep="!", red=True, bold=True)
        terminalreporter.line("There is no `chromium` on this machine: the browser tests skipped.")
