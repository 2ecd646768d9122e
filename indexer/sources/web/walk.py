"""From sitemap to sitemap: the entries of all that an index names."""

from collections.abc import Iterator, Sequence

from indexer.errors import SourceError
from indexer.sources.page import Damaged
from indexer.sources.web.address import Address, parse_address, shown
from indexer.sources.web.client import Client
from indexer.sources.web.fetching import Answer, Ask
from indexer.sources.web.markup import MAX_XML_BYTES, plain_xml
from indexer.sources.web.sitemap import Entry, Sitemap, read_sitemap
from indexer.sources.web.trouble import NotWanted, Trouble

MAX_DEPTH = 3
"""Of indexes within indexes. The protocol has one level; some sites have two."""

MAX_SITEMAPS = 1000
"""Of one source: 50 million pages, by the protocol."""

XML_ASK = Ask(limit=MAX_XML_BYTES)

Named = tuple[Entry, Address]
"""An entry, and the address of the sitemap that it is in."""


class SitemapWalk:
    """Reads sitemaps, one at a time and each once, when its entries are needed."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._held: dict[Address, Answer] = {}
        self._seen: set[Address] = set()
        self._read = 0

    def hold(self, address: Address, answer: Answer) -> None:
        """Keep the answer from an address until it is needed, so as not to ask again."""
        self._held[address] = answer

    def entries(self, roots: Sequence[str], place: Address) -> Iterator[Named | Damaged]:
        """Yield the entries of sitemaps, each with the address of its sitemap.

        A sitemap that cannot be read gives a Damaged: its pages are not known, and not gone.

        Args:
            roots: addresses of sitemaps, maybe relative.
            place: what they are relative to.

        Raises:
            SourceError: there is a single root, and it cannot be read.
        """
        for root in roots:
            for entry in self._walk(root, place, 0):
                if isinstance(entry, Damaged) and len(roots) == 1 and not self._read:
                    raise SourceError(
                        f"{entry.location} cannot be read: {entry.reason}. "
                        "The live generation is untouched."
                    )
                yield entry

    def _walk(self, written: str, place: Address, depth: int) -> Iterator[Named | Damaged]:
        try:
            address = parse_address(written, place)
            if address in self._seen:
                return
            sitemap, final = self._get(address, depth)
        except (Trouble, NotWanted) as error:
            yield Damaged(location=shown(written), reason=f"sitemap not read: {error}")
            return
        self._read += 1
        for entry in sitemap.pages:
            yield entry, final
        for entry in sitemap.sitemaps:
            yield from self._walk(entry.address, final, depth + 1)

    def _get(self, address: Address, depth: int) -> tuple[Sitemap, Address]:
        if depth > MAX_DEPTH or len(self._seen) == MAX_SITEMAPS:
            raise Trouble(f"more than {MAX_DEPTH} levels or {MAX_SITEMAPS:,} files of sitemaps")
        self._seen.add(address)
        answer = self._held.pop(address, None)
        if answer is None:
            # Without asking robots.txt: a sitemap is there to be read by robots.
            answer = self._client.get(address, XML_ASK, lambda _address: None)
        if answer.status != 200:
            raise Trouble(f"answered {answer.status}")
        return read_sitemap(plain_xml(answer.body)), answer.address
