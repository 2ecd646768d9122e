"""What the live generation knows, so that a job looks again only at what has changed."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path

import msgspec

from indexer.errors import IndexFolderError
from indexer.index.generation import Generation, Mark
from indexer.index.generations import GenerationStore
from indexer.index.ledger import Entry, Ledger
from indexer.index.schema import build_digest
from indexer.maker import Made, Outcome, Refused
from indexer.sources import Page, Record, Visit

EXTRACTION = ("extraction/*.py", "extraction/*.toml", "limits.py", "article.py")
"""The parts of this package that decide what article becomes of a page."""


class Memory:
    """The articles and the ledger of the generation before; nothing where there is none.

    Attributes:
        generation: the live generation, if it can be read.
        reusable: whether its segments can be taken over as they are.
    """

    def __init__(self, generation: Generation | None, *, afresh: bool) -> None:
        """Take the live generation; ``afresh`` is to look at everything again."""
        self.generation: Generation | None = None
        self.marks: Mapping[str, Mark] = {}
        self.ledger = Ledger()
        if generation is not None:
            with suppress(IndexFolderError):
                self.marks, self.ledger = generation.marks(), _of_this_program(generation.ledger())
                self.generation = generation
        digest = self.generation.manifest.digest if self.generation else ""
        self.reusable = not afresh and digest == build_digest()
        self._remembers = not afresh

    @cached_property
    def _by_fingerprint(self) -> Mapping[str, Entry]:
        return self.ledger.by_fingerprint() if self._remembers else {}

    def recall(self, fingerprint: str) -> Outcome | None:
        """Return what came of this content before, if that can still be had."""
        entry = self._by_fingerprint.get(fingerprint)
        return self._outcome(entry) if entry else None

    def entry_of(self, fingerprint: str) -> Entry | None:
        """Return what came of this content before, whether or not it can still be had."""
        return self._by_fingerprint.get(fingerprint)

    def of_place(self, location: str) -> Outcome | None:
        """Return what came of a place before, if that can still be had."""
        entry = self.ledger.entries.get(location)
        return self._outcome(entry) if entry else None

    def earlier_version(self, location: str) -> Made | None:
        """Return the article that is there from a place, whatever its content was."""
        entry = self.ledger.entries.get(location)
        if entry is None or (mark := self.marks.get(entry.article)) is None:
            return None
        return Made(entry.article, mark)

    def visit(self, location: str) -> Visit | None:
        """Return the last visit to a page, or None if its content is needed again."""
        entry = self.ledger.entries.get(location) if self._remembers else None
        if entry is None or not entry.fingerprint or self._outcome(entry) is None:
            return None
        return Visit(etag=entry.etag, last_modified=entry.last_modified, lastmod=entry.lastmod)

    def _outcome(self, entry: Entry) -> Outcome | None:
        if entry.reason:
            return Refused(entry.reason, is_failure=False)
        mark = self.marks.get(entry.article)
        # Another hash: since then the article came from elsewhere, or was changed by itself.
        return Made(entry.article, mark) if mark and mark.hash == entry.hash else None


def remember(store: GenerationStore, *, afresh: bool) -> Memory:
    """Return the memory of the live generation; a missing or damaged one counts as none."""
    generation = None
    with suppress(IndexFolderError):
        generation = store.current()
    return Memory(generation, afresh=afresh)


def _of_this_program(ledger: Ledger) -> Ledger:
    """Return what may be passed on to the next ledger.

    Of what another program's extraction made, only which place had which article: a fingerprint
    that is passed on would pass for ours.
    """
    if ledger.digest == extraction_digest():
        return ledger
    places = {
        place: Entry("", article=entry.article, hash=entry.hash)
        for place, entry in ledger.entries.items()
        if entry.article
    }
    return Ledger(extraction_digest(), places)


def fingerprint(item: Page | Record, base_url: str) -> str:
    """Return what tells whether an item is what it was: all that its article is made of."""
    if isinstance(item, Record):
        return _hash(msgspec.msgpack.encode(item.fields))
    parts = (item.url or item.location, item.charset, base_url)
    return _hash(msgspec.msgpack.encode(parts), item.content)


@cache
def extraction_digest() -> str:
    """Return a hash of the programs and word lists that make articles of pages.

    Hashing them cannot be forgotten as a version number can: after any change of them, every page
    is looked at again.
    """
    package = Path(__file__).parent
    found = (path for pattern in EXTRACTION for path in sorted(package.glob(pattern)))
    return _hash(*(part for path in found for part in (path.name.encode(), path.read_bytes())))


def _hash(*parts: bytes) -> str:
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part)
    return made.hexdigest()
