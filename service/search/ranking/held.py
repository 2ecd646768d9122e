"""Whoosh's files, held open but not read, for a searcher that hardly ever needs them.

An open Whoosh index takes some 1.4 kB of memory an article in each process, because it copies the
dictionary and the postings. So it is opened when the first query needs it. The generation may have
been pruned by then, but an open file outlives its name.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class HeldStorage(FileStorage):
    """A storage of Whoosh's in which a folder's files stay as they were when it was made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), readonly=True)  # type: ignore[no-untyped-call]
        self._held: Mapping[str, int] = {
            path.name: os.open(path, os.O_RDONLY) for path in folder.iterdir()
        }

    def list(self) -> list[str]:
        """Return the names of the files."""
        return list(self._held)

    def file_exists(self, name: str) -> bool:
        """Return whether there is a file of that name."""
        return name in self._held

    def file_length(self, name: str) -> int:
        """Return the size of a file in bytes."""
        return os.fstat(self._held[name]).st_size

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Open a file. Its place is shared by all who open it, so one must be done before the next.

        Raises:
            OSError: there is no file of that name.
        """
        if name not in self._held:
            raise FileNotFoundError(name)
        file = os.fdopen(os.dup(self._held[name]), "rb")
        file.seek(0)
        return StructFile(file, name=name, **options)

    def release(self) -> None:
        """Let go of the files."""
        for number in self._held.values():
            os.close(number)
        self._held = {}
