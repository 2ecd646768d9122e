"""What a site's robots.txt, and its X-Robots-Tag headers, let us do (RFC 9309)."""

from collections.abc import Iterable
from threading import Lock

from protego import Protego

from indexer.sources.web.address import Address, parse_address
from indexer.sources.web.client import Client
from indexer.sources.web.fetching import Ask
from indexer.sources.web.options import PRODUCT
from indexer.sources.web.trouble import NotWanted, Trouble

MAX_PARSED_BYTES = 500 * 1024
"""Of a robots.txt (RFC 9309, section 2.5); the rest is not looked at."""

_ASK = Ask(limit=10 * MAX_PARSED_BYTES)
# Directives of X-Robots-Tag that have a value: not the names of robots.
_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


class RobotsBook:
    """The rules of every origin of a source, read when they are first needed.

    Threads may share it.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[str, Protego | Trouble] = {}
        self._lock = Lock()

    def admit(self, address: Address) -> None:
        """Return if we may ask for an address.

        Raises:
            NotWanted: we may not.
            Trouble: that cannot be known, which means no (RFC 9309, section 2.3.1.4).
        """
        if not self._of(address).can_fetch(address.url, PRODUCT):
            raise NotWanted("robots.txt disallows it")

    def sitemaps(self, address: Address) -> list[str]:
        """Return what the robots.txt for an address names as sitemaps.

        Raises:
            Trouble: it cannot be read.
        """
        return list(self._of(address).sitemaps)

    def _of(self, address: Address) -> Protego:
        with self._lock:
            rules = self._rules.get(address.origin)
            if rules is None:
                rules = self._read(address)
                self._rules[address.origin] = rules
        if isinstance(rules, Trouble):
            raise Trouble(str(rules), away=True)
        return rules

    def _read(self, address: Address) -> Protego | Trouble:
        place = parse_address("/robots.txt", address)
        try:
            answer = self._client.get(place, _ASK, lambda _address: None)
        except (Trouble, NotWanted) as error:
            return Trouble(f"{place.url} cannot be read, which forbids everything: {error}")
        if 400 <= answer.status < 500:
            return Protego.parse("")  # there is none: section 2.3.1.3
        if answer.status != 200:
            reason = f"{place.url} cannot be read, which forbids everything"
            return Trouble(f"{reason}: answered {answer.status}")
        rules = Protego.parse(answer.body[:MAX_PARSED_BYTES].decode("utf-8-sig", "replace"))
        delay = rules.crawl_delay(PRODUCT)
        if delay:
            self._client.pace.slow_down(address.host, delay)
        return rules


def robots_tag(values: Iterable[str]) -> frozenset[str]:
    """Return the directives of X-Robots-Tag headers that are meant for us, in lower case.

    A value may begin with the name of the robot it is for: ``otherbot: noindex, nofollow``.
    """
    found: set[str] = set()
    for value in values:
        robot = ""
        for part in value.lower().split(","):
            name, colon, rest = (piece.strip() for piece in part.partition(":"))
            if colon and name not in _WITH_VALUE:
                robot, name = name, rest
            if robot in ("", PRODUCT):
                found.add(name)
    return frozenset(found)
