"""An article larger than any article is skipped; values that no site means are left out."""

from typing import Any

import pytest

from indexer.article import Article
from indexer.errors import PageSkipped
from indexer.limits import (
    MAX_BODY_CHARS,
    MAX_DESCRIPTION_CHARS,
    MAX_TITLE_CHARS,
    MAX_URL_CHARS,
    MAX_VALUE_CHARS,
    MAX_VALUES,
    within_limits,
)


@pytest.mark.parametrize(
    ("name", "limit"),
    [("body", MAX_BODY_CHARS), ("title", MAX_TITLE_CHARS), ("url", MAX_URL_CHARS)],
)
def test_what_is_too_large_is_skipped_and_says_why(name: str, limit: int) -> None:
    fields: dict[str, Any] = {"id": "a", "url": "u", "title": "t", "body": "b"}
    largest = Article(**(fields | {name: "x" * limit}))
    assert within_limits(largest) == largest
    with pytest.raises(PageSkipped, match=name):
        within_limits(Article(**(fields | {name: "x" * (limit + 1)})))


def test_values_beyond_the_limits_are_left_out() -> None:
    article = Article(
        id="a",
        url="u",
        title="t",
        body="b",
        description="d" * (MAX_DESCRIPTION_CHARS + 1),
        topics=("x" * (MAX_VALUE_CHARS + 1), "Heart"),
        tags=tuple(str(n) for n in range(MAX_VALUES + 5)),
    )
    kept = within_limits(article)
    assert kept.topics == ("Heart",)
    assert kept.tags == article.tags[:MAX_VALUES]
    assert kept.description == ""
