"""Small pages for the tests."""

from indexer.article import Article
from indexer.extraction import extract_page
from indexer.sources.page import Page

PROSE = (
    "Asthma makes the airways narrow, so that breathing out is hard work. "
    "Use a reliever inhaler when you wheeze, and see a doctor if you need it every other day."
)
MORE_PROSE = (
    "Cold air, pollen, smoke and infections can bring on an attack. "
    "Keep a diary of what happened before each attack and show it at your next visit."
)
URL = "https://clinic.example/asthma"


def html(body: str, head: str = "<title>Asthma</title>", attributes: str = ' lang="en"') -> str:
    return f"<!doctype html><html{attributes}><head>{head}</head><body>{body}</body></html>"


def extract(text: str, url: str = URL, base_url: str = "") -> Article:
    page = Page(location="test.html", url=url, content=text.encode(), charset="utf-8")
    return extract_page(page, base_url)


def body_of(fragment: str) -> str:
    """Extract a page whose article is two paragraphs around ``fragment``."""
    return extract(
        html(f"<main><h1>Asthma</h1><p>{PROSE}</p>{fragment}<p>{MORE_PROSE}</p></main>")
    ).body


def between(fragment: str) -> list[str]:
    """Return the lines that ``fragment`` gives between two paragraphs."""
    lines = body_of(fragment).split("\n")
    assert lines[0] == PROSE
    assert lines[-1] == MORE_PROSE
    return lines[1:-1]
