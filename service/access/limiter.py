"""Says whether a caller may ask now, and tells it where it stands."""

import time
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import NamedTuple

from service.access.counting import Store
from service.access.rates import Rate, Window, remaining, wait_seconds

REST_SECONDS = 1.0
"""How long a store that failed is left alone: else every search would wait for it."""

DAY_SECONDS = 86_400

NAME_BYTES = 16
"""Of a caller's name: two of a billion have the same with a probability of 1e-21 (birthday)."""


class Standing(NamedTuple):
    """Where a caller stands after a request, as draft-ietf-httpapi-ratelimit-headers tells it.

    Attributes:
        policy: the name of the limit.
        left: requests that may follow now.
        wait: whole seconds after which the request, or the next one, will be taken.
    """

    policy: str
    rate: Rate
    is_within: bool
    left: int
    wait: int

    def headers(self) -> dict[str, str]:
        """Return the headers that tell it (structured fields: a list of strings with parameters).

        ``t`` is the window in which what is left may be used; on a refusal, what Retry-After says.
        """
        seconds = self.rate.seconds if self.is_within else self.wait
        headers = {
            "RateLimit-Policy": f'"{self.policy}";q={self.rate.amount};w={self.rate.seconds}',
            "RateLimit": f'"{self.policy}";r={self.left};t={seconds}',
        }
        return headers if self.is_within else {**headers, "Retry-After": str(self.wait)}


class Limiter:
    """Counts callers, whom it knows by a keyed hash (BLAKE2b, RFC 7693), another one each day.

    While the store is out of order nobody is limited: a search that is answered is worth more.
    """

    def __init__(
        self,
        store: Store,
        secret: bytes,
        on_problem: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the hashes' secret, 64 bytes at most; machines that count together need the same."""
        self._store = store
        self._secret = secret
        self._on_problem = on_problem
        self._clock = clock
        self._rests_until = 0.0
        self._is_down = False

    async def hit(self, policy: str, who: str, rate: Rate, cost: int = 1) -> Standing | None:
        """Count a request, unless it is over the rate; nothing if the store is out of order."""

        async def count() -> Standing:
            name = self._name(policy, who)
            is_within = await self._store.acquire_sliding_window_entry(name, *rate, amount=cost)
            window = await self._store.get_sliding_window(name, rate.seconds)
            return _standing(policy, rate, window, cost, is_within=is_within)

        return await self._try(count)

    async def look(self, policy: str, who: str, rate: Rate) -> Standing | None:
        """Say where somebody stands, and count nothing."""

        async def count() -> Standing:
            window = await self._store.get_sliding_window(self._name(policy, who), rate.seconds)
            return _standing(policy, rate, window, 1, is_within=remaining(window, rate) > 0)

        return await self._try(count)

    async def _try(self, count: Callable[[], Awaitable[Standing]]) -> Standing | None:
        if 0 < self._rests_until - self._clock() <= REST_SECONDS:  # clocks are put back, too
            return None
        try:
            standing = await count()
        except Exception as error:  # noqa: BLE001 - whatever it is, visitors search on
            self._rests_until = self._clock() + REST_SECONDS
            if not self._is_down:
                self._is_down = True
                self._on_problem(type(error.__cause__ or error).__name__)
            return None
        if self._is_down:
            self._is_down = False
            self._on_problem("")
        return standing

    def _name(self, policy: str, who: str) -> str:
        """Return what stands for somebody in the store: nobody reads an address from it."""
        told = f"{int(self._clock() // DAY_SECONDS)} {policy} {who}".encode()
        return blake2b(told, digest_size=NAME_BYTES, key=self._secret).hexdigest()


def _standing(policy: str, rate: Rate, window: Window, cost: int, *, is_within: bool) -> Standing:
    wait = 0 if is_within else max(1, wait_seconds(window, rate, cost))
    return Standing(policy, rate, is_within, remaining(window, rate), wait)
