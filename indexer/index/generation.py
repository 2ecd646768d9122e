"""One complete generation on disk, and where its parts lie."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from indexer.errors import IndexDamaged
from indexer.index.ledger import Ledger, read_ledger
from indexer.index.manifest import ARTICLES, Manifest
from indexer.index.withdrawals import Withdrawn, read_withdrawals

GENERATIONS = "generations"
WHOOSH = "whoosh"
COLUMNS = "columns"
"""The folders of an index: Whoosh's segments, and the columns of each."""


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """What is known of an article without opening the index.

    Attributes:
        hash: by which a reindex sees that the article has changed.
        language: the article's.
        url: the article's address.
        text: a hash of its body alone, empty if it has none.
    """

    hash: str
    language: str
    url: str
    text: str = ""

    @property
    def has_address(self) -> bool:
        """Whether a hit of this article can be a link."""
        return self.url.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Generation:
    """A complete generation on disk."""

    name: str
    folder: Path
    manifest: Manifest

    @property
    def whoosh(self) -> Path:
        """The folder of Whoosh's files."""
        return self.folder / WHOOSH

    @property
    def columns(self) -> Path:
        """The folder of the columns, a file for each of Whoosh's segments."""
        return self.folder / COLUMNS

    def marks(self) -> dict[str, Mark]:
        """Return what is known of every article, by its id.

        Raises:
            IndexDamaged: the file is missing or malformed.
        """
        path = self.folder / ARTICLES
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, Mark])
        except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
            raise IndexDamaged(f"{path} cannot be read ({error}). Roll back or reindex.") from error

    def ledger(self) -> Ledger:
        """Return what the job that made it learned of every place.

        Raises:
            IndexDamaged: the file is missing or malformed.
        """
        return read_ledger(self.folder)

    def withdrawals(self) -> dict[str, Withdrawn]:
        """Return what the deleted articles of its segments count for.

        Raises:
            IndexDamaged: the file is missing or malformed.
        """
        return read_withdrawals(self.folder)
