"""Reading one file within bounds."""

import errno
import gzip
import os
from pathlib import Path

import pytest

from indexer.sources.files import MAX_PAGE_BYTES, Unreadable, read_page, shown


def reason(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        read_page(path)
    return str(caught.value)


def test_a_plain_and_a_compressed_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>\xff")
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(b"<p>") + gzip.compress(b"two"))
    (tmp_path / "C.HTML.GZ").write_bytes(gzip.compress(b"<p>"))
    assert read_page(tmp_path / "a.html") == b"<p>\xff"
    assert read_page(tmp_path / "b.html.gz") == b"<p>two"
    assert read_page(tmp_path / "C.HTML.GZ") == b"<p>"


@pytest.mark.parametrize("content", [b"", b" \r\n\t"])
def test_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.html").write_bytes(content)
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(content))
    assert reason(tmp_path / "a.html") == reason(tmp_path / "a.html.gz") == "empty file"


def test_broken_gzip(tmp_path: Path) -> None:
    whole = gzip.compress(os.urandom(5000))
    flipped = bytearray(whole)
    flipped[-6] ^= 0xFF  # in the checksum
    for content in (b"<p>plain</p>", whole[:-9], whole[:5], bytes(flipped), whole + b"garbage"):
        (tmp_path / "a.html.gz").write_bytes(content)
        assert reason(tmp_path / "a.html.gz").startswith("not a readable gzip file (")


def test_the_largest_page_and_one_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"a" * MAX_PAGE_BYTES)
    assert len(read_page(path)) == MAX_PAGE_BYTES
    with path.open("ab") as file:
        file.write(b"a")
    assert reason(path) == "larger than 20 MB"


def test_a_sparse_file_of_200_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "a.html").open("wb") as file:
        file.truncate(200 * 1024**2)
    assert reason(tmp_path / "a.html") == "larger than 20 MB"


def test_a_gzip_bomb(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.html.gz", "wb", compresslevel=1) as file:
        for _ in range(60):
            file.write(bytes(1024**2))
    assert (tmp_path / "a.html.gz").stat().st_size < 1024**2
    assert reason(tmp_path / "a.html.gz") == "larger than 20 MB"


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "dangling.html").symlink_to("nowhere")
    (tmp_path / "loop.html").symlink_to("loop.html")
    os.mkfifo(tmp_path / "pipe.html")
    assert reason(tmp_path / "missing.html") == "cannot be read (No such file or directory)"
    assert reason(tmp_path / "dangling.html") == "cannot be read (No such file or directory)"
    assert reason(tmp_path / "loop.html").startswith("cannot be read (Too many levels of symbolic")
    assert reason(tmp_path / "folder.html") == "not a regular file"
    assert reason(tmp_path / "pipe.html") == "not a regular file", "and it does not wait"


def test_a_file_that_fails_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>")

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", fail)
    assert reason(tmp_path / "a.html") == "cannot be read (Input/output error)"


def test_a_link_to_a_page_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"<p>")
    (tmp_path / "a.html").symlink_to("a.txt")
    assert read_page(tmp_path / "a.html") == b"<p>"


def test_paths_are_shown_as_text() -> None:
    assert shown(Path("/a/niño.html")) == "/a/niño.html"
    assert shown(Path(os.fsdecode(b"/a/ni\xf1o.html"))) == "/a/ni\\xf1o.html"
