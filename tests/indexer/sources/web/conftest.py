"""A server of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.indexer.sources.web.server import Life, Web, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


@pytest.fixture
def life() -> Life:
    return Life()
