"""What a job learned of every place it looked at, so that the next one need not look again.

A page is known by the fingerprint of its bytes: met again, it is the same article, or is no article
for the same reason. A page on the web is known by its address and what its server said of it.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from indexer.errors import IndexDamaged

LEDGER = "ledger.msgpack"


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What came of one place.

    Attributes:
        fingerprint: of the content that was read there, and of all else that made the article.
        article: the id of the article it gave, or empty.
        hash: the article's content hash, or empty.
        reason: why it gave none, or empty.
        etag: what the web server said of the page: its ``ETag``,
        last_modified: its ``Last-Modified``,
        lastmod: and what the sitemap said.
    """

    fingerprint: str
    article: str = ""
    hash: str = ""
    reason: str = ""
    etag: str = ""
    last_modified: str = ""
    lastmod: str = ""


class Ledger(msgspec.Struct, frozen=True):
    """The entries of all places by their location.

    ``digest`` says by which program's extraction they came about: another one has to look again.
    """

    digest: str = ""
    entries: dict[str, Entry] = {}

    def by_fingerprint(self) -> Mapping[str, Entry]:
        """Return the entries by fingerprint, whatever place they came from."""
        return {entry.fingerprint: entry for entry in self.entries.values() if entry.fingerprint}


def write_ledger(folder: Path, ledger: Ledger) -> None:
    """Write the ledger of a generation."""
    (folder / LEDGER).write_bytes(msgspec.msgpack.encode(ledger))


def read_ledger(folder: Path) -> Ledger:
    """Read the ledger of the generation in ``folder``.

    Raises:
        IndexDamaged: the file is missing or malformed.
    """
    path = folder / LEDGER
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Ledger)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}). Roll back or reindex.") from error
