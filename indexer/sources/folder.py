"""A folder of saved pages, or a single one: ``.html``, ``.htm``, ``.xhtml``, each also ``.gz``."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

from indexer.errors import SourceError
from indexer.sources.files import Unreadable, read_page, shown
from indexer.sources.page import NOTHING_KNOWN, Damaged, Known, Page, PassedOver, SourceItem

_SUFFIXES = (".html", ".htm", ".xhtml")
_GZ = re.compile(r"\.gz$", re.IGNORECASE)


def is_page(path: Path) -> bool:
    """Return whether a file's name is a page's."""
    return path.name.lower().removesuffix(".gz").endswith(_SUFFIXES)


class FolderSource:
    """Yields the pages below a folder, those of a folder before those of its subfolders, by name.

    Other files are not looked at, and symbolic links to folders not followed.
    A page without an address of its own gets ``base_url`` joined with its path in the folder.
    """

    complete = True

    def __init__(self, path: Path, base_url: str = "") -> None:
        self._path = path
        self._root = path if path.is_dir() else path.parent
        self._base_url = base_url

    def size(self) -> int | None:
        """Return how many pages there are."""
        return sum(1 for path in self._files() if isinstance(path, Path))

    def items(self, _known: Known = NOTHING_KNOWN, /) -> Iterator[SourceItem]:
        """Yield every page, or why it had to be passed over."""
        for path in self._files():
            if isinstance(path, PassedOver):
                yield path
                continue
            if path.is_symlink() and not self._holds(path):
                yield PassedOver(location=shown(path), reason="link to outside of the folder")
                continue
            try:
                content = read_page(path)
            except Unreadable as error:
                yield Damaged(location=shown(path), reason=str(error))
                continue
            yield Page(location=shown(path), url=self._url(path), content=content)

    def _files(self) -> Iterator[Path | PassedOver]:
        if not self._path.is_dir():
            yield self._path
            return
        unlisted: list[PassedOver] = []

        def remember(error: OSError) -> None:
            reason = f"folder cannot be read ({error.strerror})"
            unlisted.append(PassedOver(location=shown(Path(error.filename)), reason=reason))

        for folder, subfolders, names in os.walk(self._path, onerror=remember):
            subfolders.sort()
            yield from (path for name in sorted(names) if is_page(path := Path(folder, name)))
        if not self._path.is_dir():
            raise SourceError(f"{shown(self._path)} is gone. The live generation is untouched.")
        yield from unlisted

    def _holds(self, link: Path) -> bool:
        """Return whether a link leads to a place in the folder; a loop leads to itself."""
        return Path(os.path.realpath(link)).is_relative_to(os.path.realpath(self._root))

    def _url(self, path: Path) -> str:
        name = path.relative_to(self._root).as_posix()
        relative = quote(os.fsencode(_GZ.sub("", name)))
        return urljoin(self._base_url.rstrip("/") + "/", relative) if self._base_url else relative
