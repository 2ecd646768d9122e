"""Records of a JSON Lines file, plain or gzip: one article an object, one object a line."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from indexer.errors import SourceError
from indexer.sources.files import MAX_PAGE_BYTES, open_bytes, shown
from indexer.sources.page import (
    NOTHING_KNOWN,
    Damaged,
    Known,
    PassedOver,
    Record,
    SourceItem,
)

_SUFFIXES = (".jsonl", ".ndjson")


def is_jsonl(path: Path) -> bool:
    """Return whether a file's name says that it holds JSON Lines."""
    return path.name.lower().removesuffix(".gz").endswith(_SUFFIXES)


class JsonlSource:
    """Yields the objects of a file in order. The file may be larger than memory, a line not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_damaged = False

    @property
    def complete(self) -> bool:
        """Whether every line could be read: of another one nobody knows whose article it was."""
        return not self._is_damaged

    def size(self) -> int | None:
        """Return how many lines there are, or None if they cannot be counted.

        The file is read twice for that, at 100 MB a second: little beside indexing.
        """
        try:
            with open_bytes(self._path) as file:
                return sum(1 for _, line in _lines(file) if line is None or line.strip())
        except (OSError, EOFError, zlib.error, gzip.BadGzipFile):
            return None

    def items(self, _known: Known = NOTHING_KNOWN, /) -> Iterator[SourceItem]:
        """Yield every record, or why its line had to be passed over.

        Raises:
            SourceError: reading fails midway.
        """
        empty = True
        self._is_damaged = False
        try:
            with open_bytes(self._path) as file:
                for number, line in _lines(file):
                    if line is None or line.strip():
                        empty = False
                        item = _item(f"{shown(self._path)}:{number}", line)
                        self._is_damaged |= isinstance(item, Damaged)
                        yield item
        except (OSError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(f"{shown(self._path)} cannot be read to its end: {error}.") from error
        if empty:
            yield PassedOver(location=shown(self._path), reason="empty file")


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield numbered lines; None stands for one longer than ``MAX_PAGE_BYTES``."""
    number = 0
    while line := file.readline(MAX_PAGE_BYTES + 1):
        number += 1
        if len(line) <= MAX_PAGE_BYTES:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_PAGE_BYTES + 1)
        yield number, None


def _item(location: str, line: bytes | None) -> SourceItem:
    if line is None:
        reason = f"line larger than {MAX_PAGE_BYTES // 1024**2} MB"
        return PassedOver(location=location, reason=reason)
    try:
        fields = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Damaged(location=location, reason=f"no JSON object ({error})")
    return Record(location=location, fields=fields)
