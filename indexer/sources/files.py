"""Reading one file of a source within bounds, plain or gzip."""

import gzip
import os
import stat
import zlib
from pathlib import Path
from typing import IO, cast

MAX_PAGE_BYTES = 20 * 1024 * 1024
"""A larger page is no article: the largest of 181 real pages measured had 3 MB."""


class Unreadable(Exception):
    """A file that cannot be offered as a page; the text says why."""


def shown(path: Path) -> str:
    """Return a path for reports; bytes of it that are not UTF-8 are shown in hexadecimal."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_gzip(path: Path) -> bool:
    """Return whether the file's name says that it is compressed."""
    return path.suffix.lower() == ".gz"


def open_bytes(path: Path) -> IO[bytes]:
    """Open a plain or gzip file for reading its (unpacked) bytes."""
    return cast(IO[bytes], gzip.open(path)) if is_gzip(path) else path.open("rb")


def read_page(path: Path) -> bytes:
    """Return the content of a page's file, unpacked.

    Raises:
        Unreadable: it cannot be read, is empty, or is larger than ``MAX_PAGE_BYTES``.
    """
    try:
        # Reading a named pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("not a regular file")
        with open_bytes(path) as file:
            content = file.read(MAX_PAGE_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable(f"not a readable gzip file ({error})") from error
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or error})") from error
    if len(content) > MAX_PAGE_BYTES:
        raise Unreadable(f"larger than {MAX_PAGE_BYTES // 1024**2} MB")
    if not content.strip():
        raise Unreadable("empty file")
    return content
