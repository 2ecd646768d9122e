"""Segments: linked from the generation before, never altered, put together anew."""

import errno
import os
from pathlib import Path

import msgspec
import pytest
from whoosh.index import open_dir

from indexer.article import Article
from indexer.index.columns.builder import columns_of
from indexer.index.columns.container import open_arrays, write_arrays
from indexer.index.generation import Generation
from indexer.index.segments import Segments
from indexer.index.writer import ArticleWriter
from tests.indexer.builders import article


def write(folder: Path, *articles: Article) -> Path:
    folder.mkdir(parents=True)
    with ArticleWriter(folder) as writer:
        for each in articles:
            writer.add(each)
    return folder


def held(folder: Path) -> list[str]:
    """Return the ids of the articles that Whoosh finds in a folder."""
    index = open_dir(str(folder / "whoosh"), readonly=True)
    with index.reader() as reader:
        found = [
            msgspec.msgpack.decode(fields["article"], type=Article).id
            for _, fields in reader.iter_docs()
        ]
    index.close()
    return sorted(found)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files(folder)}


def files(folder: Path) -> list[Path]:
    return [path for part in ("whoosh", "columns") for path in (folder / part).iterdir()]


@pytest.fixture
def segments(live: Generation, tmp_path: Path) -> Segments:
    """The segments of the live generation, taken over to ``tmp_path/new``."""
    (tmp_path / "new").mkdir()
    made = Segments(tmp_path / "new")
    made.take_over(live.folder, {})
    return made


def test_taken_over_by_links(segments: Segments, live: Generation, tmp_path: Path) -> None:
    segments.write()
    assert held(tmp_path / "new") == ["a1", "a2"]
    linked = [path for path in files(tmp_path / "new") if path.stat().st_nlink == 2]
    assert {path.suffix for path in linked} == {".seg", ".columns"}
    assert all(path.samefile(live.folder / path.parent.name / path.name) for path in linked)
    assert segments.sizes() == [(2, 0)]


def test_copied_where_there_are_no_links(
    live: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    (tmp_path / "new").mkdir()
    made = Segments(tmp_path / "new")
    made.take_over(live.folder, {})
    made.write()
    assert held(tmp_path / "new") == ["a1", "a2"]
    assert all(path.stat().st_nlink == 1 for path in files(tmp_path / "new"))


def test_nothing_that_is_done_alters_the_old_generation(
    segments: Segments, live: Generation, tmp_path: Path
) -> None:
    before = contents(live.folder)
    segments.remove(["a1"])
    segments.adopt(write(tmp_path / "part", article(3)))
    assert list(segments.dissolve([0, 1])) == [article(2), article(3)]
    segments.write()
    assert held(tmp_path / "new") == []
    assert contents(live.folder) == before
    assert held(live.folder) == ["a1", "a2"]


def test_a_removed_article_is_gone_and_booked(segments: Segments, tmp_path: Path) -> None:
    segments.remove(["a1", "unknown"])
    segments.write()
    assert held(tmp_path / "new") == ["a2"]
    assert segments.sizes() == [(1, 1)]
    (withdrawn,) = segments.withdrawals.values()
    assert withdrawn.frequencies["title_exact"]["asthma"] == 1
    segments.remove(["a1"])
    assert withdrawn.frequencies["title_exact"]["asthma"] == 1, "once"


def test_a_segment_without_articles_goes_with_its_files(segments: Segments, tmp_path: Path) -> None:
    segments.remove(["a1", "a2"])
    assert segments.sizes() == []
    assert segments.withdrawals == {}
    assert files(tmp_path / "new") == []
    segments.write()
    assert held(tmp_path / "new") == []


def test_a_part_is_moved_without_its_duplicates(segments: Segments, tmp_path: Path) -> None:
    part = write(tmp_path / "part", article(2), article(3), article(4))
    segments.adopt(part, without={"a2", "a4"})
    segments.write()
    assert not part.exists()
    assert segments.sizes() == [(2, 0), (1, 2)]
    assert held(tmp_path / "new") == ["a1", "a2", "a3"], "a2 of the other segment stays"


def test_a_part_of_nothing_but_duplicates(segments: Segments, tmp_path: Path) -> None:
    segments.adopt(write(tmp_path / "part", article(2)), without={"a2"})
    assert segments.sizes() == [(2, 0)]


def test_dissolving_yields_the_live_articles_only(segments: Segments, tmp_path: Path) -> None:
    segments.adopt(write(tmp_path / "part", article(3), article(4)))
    segments.remove(["a1"])
    assert list(segments.dissolve([0])) == [article(2)]
    assert segments.sizes() == [(2, 0)]
    assert segments.withdrawals == {}
    segments.write()
    assert held(tmp_path / "new") == ["a3", "a4"]


def test_withdrawals_outlive_the_next_generation(
    segments: Segments, live: Generation, tmp_path: Path
) -> None:
    segments.remove(["a1"])
    segments.write()
    (tmp_path / "third").mkdir()
    third = Segments(tmp_path / "third")
    third.take_over(tmp_path / "new", segments.withdrawals)
    assert third.sizes() == [(1, 1)]
    assert third.withdrawals == segments.withdrawals != {}
    assert held(live.folder) == ["a1", "a2"]


def columns(folder: Path) -> dict[str, dict[str, object]]:
    """Return the arrays of every segment."""
    return {
        path.stem: {name: array.tolist() for name, array in open_arrays(path).items()}
        for path in sorted((folder / "columns").iterdir())
    }


@pytest.mark.parametrize("how", ["remove", "truncate", "empty", "other"])
def test_columns_that_are_not_whole_are_made_anew(
    live: Generation, tmp_path: Path, how: str
) -> None:
    expected = columns(live.folder)
    (path,) = live.columns.iterdir()
    content = path.read_bytes()
    path.unlink()
    if how == "other":
        write_arrays(path, columns_of([article(1)]))
    elif how != "remove":
        path.write_bytes(content[: len(content) // 2] if how == "truncate" else b"")
    left = path.read_bytes() if path.exists() else None
    made = Segments(tmp_path)
    made.take_over(live.folder, {})
    assert columns(tmp_path) == expected
    assert (path.read_bytes() if path.exists() else None) == left, "a generation never changes"


def test_columns_made_anew_hold_deleted_articles_too(
    segments: Segments, live: Generation, tmp_path: Path
) -> None:
    expected = columns(live.folder)
    segments.remove(["a1"])
    segments.write()
    for path in (tmp_path / "new" / "columns").iterdir():
        path.unlink()
    (tmp_path / "third").mkdir()
    third = Segments(tmp_path / "third")
    third.take_over(tmp_path / "new", segments.withdrawals)
    assert third.sizes() == [(1, 1)]
    assert columns(tmp_path / "third") == expected


def test_columns_are_those_of_the_articles(segments: Segments, tmp_path: Path) -> None:
    segments.adopt(write(tmp_path / "part", article(3), article(4)))
    found = columns(tmp_path / "new")
    assert len(found) == 2
    expected = {
        name: array.tolist() for name, array in columns_of([article(3), article(4)]).items()
    }
    assert expected in found.values()


def test_a_dissolved_segment_takes_its_columns_along(segments: Segments, tmp_path: Path) -> None:
    list(segments.dissolve([0]))
    assert files(tmp_path / "new") == []


def test_which_segments_are_full(
    segments: Segments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segments.adopt(write(tmp_path / "part", *(article(n) for n in range(3, 9))))
    assert segments.full() == []
    with monkeypatch.context() as patch:
        patch.setattr("indexer.index.segments.MAX_DOCUMENTS", 8)
        assert segments.full() == [1]
    with monkeypatch.context() as patch:
        patch.setattr("indexer.index.segments.MAX_WORDS", 30)
        assert segments.full() == [1]
