"""The ledger: to disk and back."""

from pathlib import Path

import pytest

from indexer.errors import IndexDamaged
from indexer.index.ledger import LEDGER, Entry, Ledger, read_ledger, write_ledger


def test_to_disk_and_back(tmp_path: Path) -> None:
    entries = {
        "site/niño.html": Entry("f1", article="a1", hash="h1"),
        "https://c.example/": Entry("f2", reason="noindex", etag='"7"', lastmod="2026-01-31"),
    }
    write_ledger(tmp_path, Ledger("digest", entries))
    assert read_ledger(tmp_path) == Ledger("digest", entries)


def test_by_fingerprint() -> None:
    one, without = Entry("f1", article="a1"), Entry("", reason="gone (410)")
    assert Ledger("", {"a": one, "b": without}).by_fingerprint() == {"f1": one}


@pytest.mark.parametrize("content", [None, b"", b"\xc1", b"\x90", b"\x81\xa7entries\x07"])
def test_damaged(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / LEDGER).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"ledger\.msgpack cannot be read"):
        read_ledger(tmp_path)
