"""Whoever opens a searcher can count how often Whoosh's own matchers had to rank."""

import time
from pathlib import Path

from indexer.article import Article
from service.search.engine import open_searcher
from service.search.options import Options
from service.search.reading.compiler import compile_query
from service.search.reading.query import parse
from tests.service.search.conftest import Publish

ARTICLE = Article(id="a", url="https://a.example/", title="Gout", body="Gout.", language="en")


def test_each_query_that_goes_to_whoosh_is_told(tmp_path: Path, publish: Publish) -> None:
    told = []
    options = Options(on_fallback=lambda: told.append(1))
    searcher = open_searcher(publish(tmp_path, [ARTICLE]), options)
    try:
        plan = compile_query(parse("gout"), ("en",)).plan
        for _ in range(2):
            searcher._matchers.scores(plan, time.monotonic() + 10)
    finally:
        searcher.close()
    assert len(told) == 2
