"""A folder of saved pages."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import NOTHING_KNOWN, Damaged, Page, PassedOver, SourceItem, open_source
from indexer.sources.folder import FolderSource, is_page


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"<p>" + os.fsencode(name))
    return folder


def items(folder: Path, base_url: str = "") -> list[SourceItem]:
    return list(FolderSource(folder, base_url).items())


def urls(folder: Path, base_url: str = "") -> list[str]:
    return [item.url for item in items(folder, base_url) if isinstance(item, Page)]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("a.html", True),
        ("a.htm", True),
        ("a.xhtml", True),
        ("A.HTML", True),
        ("a.html.gz", True),
        ("a.HTM.GZ", True),
        ("a.b.html", True),
        ("a.txt", False),
        ("a.html.bak", False),
        ("a.gz", False),
        ("html", False),
        ("a.shtml", False),
    ],
)
def test_is_page(name: str, page: bool) -> None:
    assert is_page(Path("folder") / name) is page


def test_pages_come_in_the_same_order_everywhere(tmp_path: Path) -> None:
    make(tmp_path, "z.html", "a.html", "m/a.html", "B.htm", "b/c/d.xhtml", "b/a.html", "notes.txt")
    assert urls(tmp_path) == [
        "B.htm",
        "a.html",
        "z.html",
        "b/a.html",
        "b/c/d.xhtml",
        "m/a.html",
    ]
    assert urls(tmp_path) == urls(tmp_path)


def test_a_page_has_its_path_its_url_and_its_bytes(tmp_path: Path) -> None:
    make(tmp_path, "heart/attack.html")
    assert items(tmp_path) == [
        Page(
            location=f"{tmp_path}/heart/attack.html",
            url="heart/attack.html",
            content=b"<p>heart/attack.html",
        )
    ]


@pytest.mark.parametrize(
    "base_url", ["https://clinic.example/site", "https://clinic.example/site/"]
)
def test_base_url(tmp_path: Path, base_url: str) -> None:
    make(tmp_path, "a b.html", "what?.html", "50%.html", "a:b.html", "niño.html", "x.html.gz")
    (tmp_path / "x.html.gz").rename(tmp_path / "x.HTML.GZ")
    (tmp_path / "x.HTML.GZ").write_bytes(gzip.compress(b"<p>x"))
    assert urls(tmp_path, base_url) == [
        f"https://clinic.example/site/{path}"
        for path in (
            "50%25.html",
            "a%20b.html",
            "a%3Ab.html",
            "ni%C3%B1o.html",
            "what%3F.html",
            "x.HTML",
        )
    ]


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"ni\xf1o.html")).write_bytes(b"<p>x")
    (tmp_path / os.fsdecode(b"vac\xedo.html")).write_bytes(b"")
    page, empty = items(tmp_path, "https://clinic.example")
    assert page == Page(
        location=f"{tmp_path}/ni\\xf1o.html",
        url="https://clinic.example/ni%F1o.html",
        content=b"<p>x",
    )
    assert empty == Damaged(location=f"{tmp_path}/vac\\xedo.html", reason="empty file")


def test_what_cannot_be_read_is_told_and_the_rest_is_offered(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "z.html")
    (tmp_path / "broken.html.gz").write_bytes(b"no gzip")
    (tmp_path / "dangling.html").symlink_to("nowhere")
    (tmp_path / "empty.html").touch()
    (tmp_path / "loop.html").symlink_to("loop.html")
    os.mkfifo(tmp_path / "pipe.html")
    reasons = {
        Path(item.location).name: item.reason
        for item in items(tmp_path)
        if isinstance(item, Damaged)
    }
    assert reasons.keys() == {
        "broken.html.gz",
        "dangling.html",
        "empty.html",
        "loop.html",
        "pipe.html",
    }
    assert reasons["empty.html"] == "empty file"
    assert urls(tmp_path) == ["a.html", "z.html"]


def test_a_binary_file_is_offered_as_it_is(tmp_path: Path) -> None:
    """Whether bytes are text is for the extraction to say."""
    (tmp_path / "a.html").write_bytes(bytes(range(256)))
    assert [item.content for item in items(tmp_path) if isinstance(item, Page)] == [
        bytes(range(256))
    ]


def test_a_folder_with_the_name_of_a_page(tmp_path: Path) -> None:
    make(tmp_path, "x.html/index.html")
    assert urls(tmp_path) == ["x.html/index.html"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a/one.html")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b.html").symlink_to("a", target_is_directory=True)
    assert urls(tmp_path) == ["a/one.html"]


def test_a_subfolder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.html", "secret/b.html")
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = items(tmp_path)
    assert urls(tmp_path) == ["a.html"]
    assert found[1:] == [
        PassedOver(
            location=f"{tmp_path}/secret", reason="folder cannot be read (Permission denied)"
        )
    ]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert items(tmp_path) == []
    assert FolderSource(tmp_path).size() == 0


def test_a_folder_that_goes_away_meanwhile(tmp_path: Path) -> None:
    source = FolderSource(make(tmp_path / "site", "a.html", "b/c.html"))
    stream = source.items()
    next(stream)
    shutil.rmtree(tmp_path / "site")
    with pytest.raises(SourceError, match=r"site is gone\. The live generation is untouched\."):
        list(stream)


def test_size_counts_pages(tmp_path: Path) -> None:
    assert FolderSource(make(tmp_path, "a.html", "b/c.htm", "d.txt")).size() == 2


def test_a_single_page(tmp_path: Path) -> None:
    make(tmp_path, "sub/a.html", "sub/b.html")
    source = open_source(str(tmp_path / "sub" / "a.html"), "https://clinic.example")
    assert source.size() == 1
    assert [item.url for item in source.items(NOTHING_KNOWN) if isinstance(item, Page)] == [
        "https://clinic.example/a.html"
    ]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("<p>Secret")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.html").write_text("<p>Here")
    (folder / "inside.html").symlink_to("a.html")
    (folder / "outside.html").symlink_to(tmp_path / "secret.html")
    found = {item.location: item for item in FolderSource(folder).items()}
    assert isinstance(found[str(folder / "inside.html")], Page)
    outside = found[str(folder / "outside.html")]
    assert isinstance(outside, PassedOver)
    assert "outside" in outside.reason
