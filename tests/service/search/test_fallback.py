"""What Whoosh's own matchers rank: it is counted, and one query waits for another only so long."""

import threading
import time
from pathlib import Path

import pytest

from indexer.article import Article
from service.search.engine import open_searcher
from service.search.options import Options
from service.search.ranking.scoring import OutOfTime
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


def test_a_query_does_not_wait_past_its_deadline_for_another(
    tmp_path: Path, publish: Publish
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        asked.set()
        go_on.wait(10)

    searcher = open_searcher(publish(tmp_path, [ARTICLE]), Options(on_fallback=hold))
    plan = compile_query(parse("gout"), ("en",)).plan
    deadline = time.monotonic() + 10
    first = threading.Thread(target=searcher._matchers.scores, args=(plan, deadline))
    first.start()
    try:
        assert asked.wait(10)
        with pytest.raises(OutOfTime):
            searcher._matchers.scores(plan, time.monotonic() + 0.01)
    finally:
        go_on.set()
        first.join()
        assert searcher._matchers.scores(plan, deadline)
        searcher.close()
