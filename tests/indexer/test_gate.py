"""What must not go live."""

from pathlib import Path

import pytest

from indexer.errors import GateError
from indexer.gate import check_build
from indexer.index.generations import Generation


def test_a_build_that_holds_what_was_written(live: Generation) -> None:
    check_build(live.whoosh, 2, ["a.html: noindex"])


def test_no_article_at_all(tmp_path: Path) -> None:
    with pytest.raises(GateError) as caught:
        check_build(tmp_path, 0, ["a.html: noindex", "b.html: empty file"])
    assert str(caught.value) == (
        "The sources hold no article (2 items skipped or failed). "
        "The first reason: a.html: noindex. The live generation is untouched."
    )


def test_nothing_at_all(tmp_path: Path) -> None:
    with pytest.raises(
        GateError, match=r"hold no article \(0 items skipped or failed\)\. The live"
    ):
        check_build(tmp_path, 0, [])


@pytest.mark.parametrize("articles", [1, 3])
def test_another_number_than_was_written(live: Generation, articles: int) -> None:
    with pytest.raises(GateError, match=f"holds 2 articles instead of {articles}"):
        check_build(live.whoosh, articles, [])


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("unclosed_files")
def test_a_build_that_does_not_open(live: Generation) -> None:
    for path in live.whoosh.iterdir():
        path.write_bytes(b"rubbish")
    with pytest.raises(GateError, match=r"cannot be opened \(\w+\)\. The live generation is untou"):
        check_build(live.whoosh, 2, [])


def test_a_build_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="cannot be opened"):
        check_build(tmp_path, 2, [])
