"""What must not go live."""

from pathlib import Path

import pytest

from indexer.errors import GateError
from indexer.gate import check_articles, check_build, check_drop, check_sameness
from indexer.index.generation import Generation


def test_a_build_that_holds_what_was_written(live: Generation) -> None:
    check_build(live.whoosh, 2)


def test_no_article_at_all() -> None:
    with pytest.raises(GateError) as caught:
        check_articles(0, ["a.html: noindex", "b.html: empty file"])
    assert str(caught.value) == (
        "The sources hold no article (2 items skipped or failed). "
        "The first reason: a.html: noindex. The live generation is untouched."
    )


def test_nothing_at_all() -> None:
    with pytest.raises(
        GateError, match=r"hold no article \(0 items skipped or failed\)\. The live"
    ):
        check_articles(0, [])


@pytest.mark.parametrize("articles", [1, 3])
def test_another_number_than_was_written(live: Generation, articles: int) -> None:
    with pytest.raises(GateError, match=f"holds 2 articles instead of {articles}"):
        check_build(live.whoosh, articles)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("unclosed_files")
def test_a_build_that_does_not_open(live: Generation) -> None:
    for path in live.whoosh.iterdir():
        path.write_bytes(b"rubbish")
    with pytest.raises(GateError, match=r"cannot be opened \(\w+\)\. The live generation is untou"):
        check_build(live.whoosh, 2)


def test_a_build_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="cannot be opened"):
        check_build(tmp_path, 2)


def test_any_article_will_do() -> None:
    check_articles(1, ["a.html: noindex"])


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 5), (10, 8), (10, 20), (1, 1)])
def test_a_drop_that_may_be(before: int, after: int) -> None:
    check_drop(before, after, 0.2)


@pytest.mark.parametrize("percent", range(101))
def test_exactly_as_many_as_may_go(percent: int) -> None:
    check_drop(100, 100 - percent, percent / 100)
    check_drop(20, 20 - percent // 5, percent / 100)
    if percent < 100:
        with pytest.raises(GateError):
            check_drop(100, 99 - percent, percent / 100)


@pytest.mark.parametrize(("before", "after"), [(10, 7), (16_423, 13_000), (1, 0), (3, 2)])
def test_a_drop_that_looks_like_half_a_site(before: int, after: int) -> None:
    with pytest.raises(GateError) as caught:
        check_drop(before, after, 0.2)
    message = str(caught.value)
    assert message.startswith(f"There would be {after} articles instead of {before}, ")
    assert "at most 20% may go at once. The live generation is untouched." in message
    assert "--force" in message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], ["a"] * 9),
        (["a"] * 9, ["a"] * 9),
        (["a", "b", "c"], ["d"] * 4),
        (list("abcdefghij"), ["a"] * 5 + list("bcdef")),
        (list("abcdefghij"), [""] * 10),
    ],
    ids=["the first index", "as before", "few", "half", "no texts at all"],
)
def test_texts_that_may_be_alike(before: list[str], after: list[str]) -> None:
    check_sameness(before, after)


@pytest.mark.parametrize("after", [["x"] * 10, ["x"] * 6 + list("abcd"), ["x"] * 6 + [""] * 9])
def test_a_site_under_maintenance(after: list[str]) -> None:
    with pytest.raises(GateError, match=r"^\d+ of \d+ articles would have the very same text"):
        check_sameness("abcdefghij", after)
