"""GET with manners: turns, second tries, and redirects that are checked one by one."""

from collections import Counter
from collections.abc import Callable

from indexer.sources.web.address import Address, Scope, parse_address
from indexer.sources.web.fetching import Answer, Ask, Fetcher
from indexer.sources.web.options import WebOptions
from indexer.sources.web.politeness import Pace, backoff_seconds, retry_after_seconds
from indexer.sources.web.trouble import NotWanted, Trouble
from indexer.sources.web.world import World

MAX_REDIRECTS = 10
MAX_TRIES = 4

PATIENCE = 3
"""Pages of a host in a row that are asked for again and again. After them each is asked for once
until one comes: a site that is down would else hold a job for half a minute a page."""

_REDIRECTS = (301, 302, 303, 307, 308)

Admit = Callable[[Address], None]
"""Raises NotWanted for an address that must not be asked for."""


class Client:
    """Gets what belongs to a source and nothing else. Threads may share it."""

    def __init__(self, scope: Scope, options: WebOptions, world: World) -> None:
        self.scope = scope
        self.pace = Pace(options.rate_per_second, world)
        self._options = options
        self._world = world
        self._fetcher = Fetcher(options, world)
        # Threads that count at once may miss one: that costs a few more tries.
        self._failed: Counter[str] = Counter()

    def stop(self) -> None:
        """Let nobody wait or read any longer."""
        self.pace.stop()
        self._fetcher.stop()

    def get(self, address: Address, ask: Ask, admit: Admit) -> Answer:
        """Return the answer at the end of an address's redirects.

        Its status is never 429 or 5xx.

        Raises:
            NotWanted: the address, or one that it leads to, is not of the source or not admitted.
            Trouble: there is no whole answer within the bounds.
        """
        self.scope.check(address)
        visited: set[Address] = set()
        seconds = self._options.page_timeout_seconds
        while True:
            admit(address)
            visited.add(address)
            answer = self._persist(address, ask, seconds)
            if answer.status not in _REDIRECTS:
                return answer
            seconds -= answer.seconds
            address = self._target(answer)
            if address in visited:
                raise Trouble("redirects in a circle")
            if len(visited) > MAX_REDIRECTS:
                raise Trouble(f"more than {MAX_REDIRECTS} redirects")

    def _target(self, redirect: Answer) -> Address:
        location = redirect.headers.get("Location", "")
        if not location:
            raise Trouble(f"a redirect ({redirect.status}) to nowhere")
        try:
            # Header bytes are read as Latin-1; servers write UTF-8.
            location = location.encode("latin-1", "replace").decode("utf-8", "replace")
            address = parse_address(location, redirect.address)
            self.scope.check(address)
        except NotWanted as error:
            raise NotWanted(f"redirects to an address that is not read: {error}") from error
        return address

    def _persist(self, address: Address, ask: Ask, seconds: float) -> Answer:
        """Ask until there is an answer, or one try too many was made."""
        tries = MAX_TRIES if self._failed[address.host] < PATIENCE else 1
        failures = 0
        while True:
            self.pace.take_turn(address.host)
            pause = 0.0
            try:
                answer = self._fetcher.fetch(address, ask, seconds)
                if answer.status != 429 and answer.status < 500:
                    self._failed[address.host] = 0
                    return answer
                trouble = Trouble(f"answered {answer.status}", away=True, again=True)
                pause = retry_after_seconds(answer.headers, self._world)
            except Trouble as error:
                trouble = error
            failures += 1
            # The whole host is left alone, so that other threads do not ask meanwhile.
            if trouble.again:
                backoff = backoff_seconds(failures, self._world)
                self.pace.hold(address.host, max(pause, backoff))
            if failures == tries or not trouble.again:
                self._failed[address.host] += trouble.again
                raise trouble
