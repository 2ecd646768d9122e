"""Records of a JSON Lines file."""

import gzip
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import Damaged, PassedOver, Record, SourceItem
from indexer.sources import jsonl as module
from indexer.sources.jsonl import JsonlSource, is_jsonl


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "articles.jsonl"


def items(path: Path, content: bytes | None = None) -> list[SourceItem]:
    if content is not None:
        path.write_bytes(content)
    return list(JsonlSource(path).items())


def kinds(found: list[SourceItem]) -> list[str]:
    return [type(item).__name__ for item in found]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.ndjson", "A.JSONL", "a.jsonl.gz", "a.NDJSON.GZ", "a.b.jsonl"]
)
def test_names(name: str) -> None:
    assert is_jsonl(Path(name))


@pytest.mark.parametrize("name", ["a.json", "a.jsonl.txt", "jsonl", "a.gz", "a.html"])
def test_other_names(name: str) -> None:
    assert not is_jsonl(Path(name))


def test_a_record_is_a_line_with_its_number(path: Path) -> None:
    found = items(path, '{"id": "1", "title": "Niño"}\n{"id": 2, "n": [null, 1.5]}'.encode())
    assert found == [
        Record(location=f"{path}:1", fields={"id": "1", "title": "Niño"}),
        Record(location=f"{path}:2", fields={"id": 2, "n": [None, 1.5]}),
    ]
    assert JsonlSource(path).size() == 2


def test_compressed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    assert kinds(items(path, gzip.compress(b'{"id": 1}\n') + gzip.compress(b'{"id": 2}\n'))) == [
        "Record",
        "Record",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf{"id": 1}\n{"id": 2}\n',  # a byte order mark
        b'{"id": 1}\r\n{"id": 2}\r\n',
        b'\n\n{"id": 1}\n   \n\t\r\n{"id": 2}\n\n',
        b'{"id": 1}\n\xef\xbb\xbf{"id": 2}',  # two files joined
        b' {"id": 1} \n {"id": 2}',
        b'{"id": 0, "id": 1}\n{"id": 2}',
    ],
    ids=["mark", "crlf", "blank lines", "joined", "spaces", "key twice"],
)
def test_harmless_oddities(path: Path, content: bytes) -> None:
    found = items(path, content)
    assert [item.fields for item in found if isinstance(item, Record)] == [{"id": 1}, {"id": 2}]
    assert len(found) == 2


def test_line_breaks_of_unicode_inside_a_text_end_no_line(path: Path) -> None:
    (found,) = items(path, '{"text": "a\u2028b\x85c"}\n'.encode())
    assert isinstance(found, Record)
    assert found.fields == {"text": "a\u2028b\x85c"}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b"null",
        b'{"a": 1} {"b": 2}',
        b'{"a": NaN}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"{'a': 1}",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
        b"\0\0\0",
        '{"a": 1}'.encode("utf-16"),
    ],
    ids=str,
)
def test_a_malformed_line_is_named_and_the_rest_is_read(path: Path, line: bytes) -> None:
    good, bad, *_, last = items(path, b'{"id": 1}\n' + line + b'\n{"id": 2}\n')
    assert isinstance(good, Record)
    assert isinstance(bad, Damaged)
    assert bad.location == f"{path}:2"
    assert bad.reason.startswith("no JSON object (")
    assert "\n" not in bad.reason
    assert isinstance(last, Record)


def test_a_line_that_is_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGE_BYTES", 20)
    fits = b'{"id":"0123456789"}'
    assert len(fits) == 19
    for long in (b"x" * 21, b"x" * 200, b'{"id":"01234567890"} '):
        found = items(path, fits + b"\n" + long + b"\n" + fits + b"\n" + long)
        assert kinds(found) == ["Record", "PassedOver", "Record", "PassedOver"]
        assert [item.location for item in found] == [f"{path}:{n}" for n in (1, 2, 3, 4)]


def test_a_real_line_of_more_than_20_megabytes(path: Path) -> None:
    found = items(path, b'{"text": "' + b"a" * (21 * 1024**2) + b'"}\n{"id": 1}\n')
    assert found[0] == PassedOver(location=f"{path}:1", reason="line larger than 20 MB")
    assert kinds(found[1:]) == ["Record"]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file(path: Path, content: bytes) -> None:
    assert items(path, content) == [PassedOver(location=str(path), reason="empty file")]


@pytest.mark.parametrize("cut", [-1, -9, 12, 5])
def test_a_truncated_gzip_stops_everything(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"id": %d}\n' % n for n in range(2000)))
    with pytest.raises(SourceError) as caught:
        items(path, whole[:cut])
    assert str(caught.value).startswith(f"{path} cannot be read to its end: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b'{"id": 1}\n', b"\x1f\x8b\x08\0" + b"\xff" * 30])
def test_a_gzip_that_is_none(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match="cannot be read to its end"):
        items(tmp_path / "a.jsonl.gz", content)


def test_a_file_that_is_gone(path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        items(path)


def test_a_file_with_a_broken_line_does_not_tell_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": 1}\n{broken\n{"id": 3}\n')
    source = JsonlSource(path)
    assert [type(item) for item in source.items()] == [Record, Damaged, Record]
    assert not source.complete
    path.write_bytes(b'{"id": 1}\n{"id": 3}\n')
    list(source.items())
    assert source.complete
