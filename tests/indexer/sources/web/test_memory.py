"""A site that is larger than the memory it is read with."""

import tracemalloc
from collections.abc import Mapping

import pytest

from indexer.sources import Page
from tests.indexer.sources.web.server import Raw, Reply, Web, source, urlset, xml

PAGES = 2000
PAGE_BYTES = 50_000


def test_memory_does_not_grow_with_the_site(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """100 MB of pages in a tenth of that; what is left over is a set of addresses."""
    whole = web.answer

    def answer(path: str, headers: Mapping[str, str]) -> Reply | Raw:
        if path.startswith("/page/"):
            return Reply(path.encode() + b"x" * PAGE_BYTES)
        return whole(path, headers)

    monkeypatch.setattr(web, "answer", answer)
    web.routes["/sitemap.xml"] = xml(urlset(f"{web.url}/page/{n}" for n in range(PAGES)))
    reading = source(f"{web.url}/sitemap.xml", concurrency=4)
    read = 0
    tracemalloc.start()
    try:
        for item in reading.items():
            assert isinstance(item, Page)
            read += 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == PAGES
    assert peak < PAGES * PAGE_BYTES / 10
