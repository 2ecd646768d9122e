"""Metadata against what a person read on 60 pages of the corpus (``metadata_sample.jsonl``).

The values were read from the pages' source, not taken from the program. In the sample a field is
null where the page does not say it; a name stands without the letters and posts after it; topics
are what the site files the page under (its sections or categories), or else what it says the page
is about; a breadcrumb is navigation and no topic; a site's name in the page's title counts as its
publisher.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from indexer.article import Article
from indexer.extraction import extract_page
from indexer.sources.page import Page

SAMPLE = Path(__file__).parent / "metadata_sample.jsonl"
CORPUS = Path(__file__).parents[3] / "corpus"
FIELDS = (
    *("published", "modified", "last_reviewed", "reviewer", "authors"),
    *("publisher", "topics", "audience", "language"),
)
LEAST_PRECISION = 0.98
LEAST_RECALL = 0.94


def values(value: Any) -> set[str]:
    several = value if isinstance(value, (list, tuple)) else [value]
    return {str(each) for each in several if each not in (None, "")}


@pytest.fixture(scope="module")
def read() -> list[tuple[dict[str, Any], Article]]:
    truths = [msgspec.json.decode(line) for line in SAMPLE.read_bytes().splitlines()]
    pages = [CORPUS / truth["page"] for truth in truths]
    return [
        (truth, extract_page(Page(location=str(path), url="", content=path.read_bytes())))
        for truth, path in zip(truths, pages, strict=True)
    ]


def test_precision_and_recall(
    read: list[tuple[dict[str, Any], Article]], capsys: pytest.CaptureFixture[str]
) -> None:
    right, given, there = Counter[str](), Counter[str](), Counter[str]()
    wrong = []
    for truth, article in read:
        for field in FIELDS:
            found, wanted = values(getattr(article, field)), values(truth[field])
            right[field] += len(found & wanted)
            given[field] += len(found)
            there[field] += len(wanted)
            wrong += [f"{truth['page']} {field}: {value}" for value in sorted(found - wanted)]
    with capsys.disabled():
        print("\nfield          precision       recall")  # noqa: T201
        for field in FIELDS:
            shares = (
                f"{right[field]}/{given[field]} {right[field] / given[field]:.3f}",
                f"{right[field]}/{there[field]} {right[field] / there[field]:.3f}",
            )
            print(f"{field:<14} {shares[0]:<15} {shares[1]}")  # noqa: T201
    assert len(read) == 60
    assert right.total() / given.total() >= LEAST_PRECISION, wrong
    assert right.total() / there.total() >= LEAST_RECALL
    for field in FIELDS:
        assert right[field] / given[field] >= LEAST_PRECISION - 0.03, wrong
