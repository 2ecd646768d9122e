"""From what an operator names to a source."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from indexer.errors import SourceError
from indexer.sources.folder import FolderSource, is_page
from indexer.sources.jsonl import JsonlSource, is_jsonl
from indexer.sources.page import Known, SourceItem
from indexer.sources.web import WebOptions, WebSource
from indexer.sources.wxr import WxrSource, is_wxr

AS_USUAL = WebOptions()
"""How pages are fetched if nobody says otherwise."""


class Source(Protocol):
    """A stream of pages and records."""

    @property
    def complete(self) -> bool:
        """Whether it lists everything, so that what it does not list is gone: a feed does not.

        Known for sure only when the items have been read.
        """
        ...

    def size(self) -> int | None:
        """Return how many items there will be, or None where that is not known beforehand."""
        ...

    def items(self, known: Known, /) -> Iterator[SourceItem]:
        """Yield the items in an order that does not change between runs.

        Args:
            known: what earlier jobs learned of pages on the web.

        Raises:
            SourceError: the source as a whole cannot be read, or not to its end.
        """
        ...


def open_source(name: str, base_url: str = "", web: WebOptions = AS_USUAL) -> Source:
    """Return the source that ``name`` means: files by their names, or what is at an address.

    Args:
        name: a folder, a page, a file of JSON Lines, a WordPress export, or the address of a site,
            of its sitemap or of its feed.
        base_url: against which the paths of pages in folders are resolved.
        web: how to fetch pages.

    Raises:
        SettingError: the address or an option cannot be used.
        SourceError: there is nothing of that name, or nothing we can read.
    """
    if is_address(name):
        return WebSource(name, web)
    # Not Path: it takes the empty name of an unset variable for the working folder.
    if not os.path.exists(name):  # noqa: PTH110
        raise SourceError(f"There is no file or folder {name!r}.")
    path = Path(name)
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise SourceError(f"{name} may not be read.")
    if path.is_dir() or is_page(path):
        return FolderSource(path, base_url)
    if is_jsonl(path):
        return JsonlSource(path)
    if is_wxr(path):
        return WxrSource(path)
    raise SourceError(
        f"{name} is no source: expected a folder of HTML pages, a file that ends in .html, .htm, "
        ".xhtml, .jsonl or .ndjson, or a WordPress export (.xml), plain or .gz; or an address that "
        "begins with https:// or http://."
    )


def is_address(name: str) -> bool:
    """Return whether a source's name is a web address."""
    return name.lower().startswith(("https://", "http://"))
