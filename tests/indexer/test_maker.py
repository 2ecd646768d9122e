"""One process's share: an article, or why not; written only if it is new."""

from pathlib import Path

import pytest

from indexer.index.generation import Mark
from indexer.index.writer import mark_of
from indexer.maker import Made, Maker, Refused, Task, Work, article_of
from indexer.sources import Page
from tests.indexer.builders import article, item, page


def make(task: Task, *works: Work) -> list[Made | Refused]:
    maker = Maker(task, "7")
    made = [maker.make(work) for work in works]
    maker.finish()
    return made


def written(parts: Path) -> list[str]:
    return sorted(path.name for path in parts.iterdir())


def test_a_new_article_is_written(tmp_path: Path) -> None:
    mark = mark_of(article_of(item(1)))
    assert make(Task(tmp_path, "", {}), item(1)) == [Made("r1", mark, "7")]
    assert written(tmp_path) == ["7"]


def test_one_that_is_there_is_not(tmp_path: Path) -> None:
    mark = mark_of(article_of(item(1)))
    assert make(Task(tmp_path, "", {"r1": mark}), item(1)) == [Made("r1", mark)]
    assert written(tmp_path) == []


def test_unless_it_has_changed(tmp_path: Path) -> None:
    known = {"r1": Mark("other", "en", "https://clinic.example/1")}
    (made,) = make(Task(tmp_path, "", known), item(1))
    assert isinstance(made, Made)
    assert made.part == "7"


def test_the_first_of_two_of_one_id_is_written(tmp_path: Path) -> None:
    first, second = make(Task(tmp_path, "", {}), item(1), item(1, text="Other."))
    assert isinstance(first, Made)
    assert isinstance(second, Made)
    assert (first.part, second.part) == ("7", "7")
    assert first.mark != second.mark, "each place is remembered with its own content"


def test_an_article_is_written_as_it_is(tmp_path: Path) -> None:
    """Also if it is known: it is to be written again."""
    task = Task(tmp_path, "", {"a1": mark_of(article(1))})
    assert make(task, article(1)) == [Made("a1", mark_of(article(1)), "7")]


def test_what_is_no_article_says_why(tmp_path: Path) -> None:
    empty = Page(location="x", url="", content=b" ")
    nameless = item(1, id="", url="", title="")
    refused = make(Task(tmp_path, "", {}), empty, nameless)
    assert [isinstance(each, Refused) and each.is_failure for each in refused] == [False, True]
    assert written(tmp_path) == []


def test_a_trial_run_writes_nothing(tmp_path: Path) -> None:
    (made,) = make(Task(tmp_path / "parts", "", {}, writes=False), item(1))
    assert isinstance(made, Made)
    assert list(tmp_path.iterdir()) == []


def test_a_canceled_part_closes_its_files(tmp_path: Path) -> None:
    maker = Maker(Task(tmp_path, "", {}), "7")
    maker.make(item(1))
    maker.cancel()
    maker.cancel()
    maker.finish()


def test_the_base_url_counts() -> None:
    of_page = Page(location="a.html", url="a.html", content=page("Asthma").encode())
    assert article_of(of_page, "https://c.example/").url == "https://c.example/a.html"


@pytest.mark.parametrize("kind", [ValueError, RecursionError])
def test_a_bug_fails_one_page_and_tells_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def trip(*_: object) -> None:
        raise kind("a secret of the page")

    monkeypatch.setattr("indexer.maker.extract_page", trip)
    made = make(Task(tmp_path, "", {}), Page(location="x", url="", content=b"x"), item(2))
    reason = f"unexpected {kind.__name__}; please report this page"
    assert made[0] == Refused(reason, is_failure=True)
    assert isinstance(made[1], Made)
