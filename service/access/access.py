"""Decides on each request: who asks, whether that one may, and whether not too often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import anyio
from starlette.requests import Request
from starlette.types import Scope

from service.access.addresses import Address, Proxies, counted_as
from service.access.keyring import KeyRing
from service.access.keys import ACTIONS, PREFIX, Action, Key, shown_key
from service.access.limiter import Limiter, Standing
from service.access.rates import Rate, parse_rate
from service.headers import header
from service.metrics import Metrics
from service.problems import ProblemError
from service.search.today import utc_today
from service.search.watched import SECONDS
from service.settings import Settings

PUBLIC: frozenset[Action] = frozenset(["search", "suggest"])
"""What visitors do: needs no key where search is public, and is limited."""

WRONG_KEYS = Rate(20, 60)
"""Wrong keys of one address (judgement): a person mistypes one a few times, a program that goes on
is guessing, or has been forgotten."""

REQUEST_SECONDS = 0.1
"""Of the engine's time that one request stands for (judgement): nearly all searches take less, and
at 600 a minute who only asks for the slowest has one thread of four at most."""

BEARER = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Caller:
    """Who makes a request: the key that was shown, if any, and the address, if it is known."""

    key: Key | None
    address: Address | None

    @property
    def key_id(self) -> str:
        """The id of the key; empty without one."""
        return self.key.id if self.key else ""

    def may(self, action: Action) -> bool:
        """Return whether the key is one for ``action``."""
        return self.key is not None and self.key.may(action)


class Access:
    """What all requests of a service are held against. It belongs to one event loop."""

    def __init__(
        self,
        settings: Settings,
        ring: KeyRing,
        limiter: Limiter,
        metrics: Metrics,
        today: Callable[[], date] = utc_today,
    ) -> None:
        self.cdn_seconds = settings.cdn_seconds
        self._ring = ring
        self._limiter = limiter
        self._metrics = metrics
        self._today = today
        self._is_public = settings.public_search
        self._proxies = Proxies(settings.trusted_proxies)
        self._address_rate = parse_rate(settings.rate_limit)
        self._key_rate = parse_rate(settings.key_rate_limit)

    @property
    def has_keys(self) -> bool:
        """Whether there is a place for keys, so that the service may be written to."""
        return self._ring.is_kept

    async def follow_keys(self) -> None:
        """Look at the file of keys every second, so that a bad one is told though none is shown."""
        while True:
            self._ring.look()
            await anyio.sleep(SECONDS)

    def client_address(self, scope: Scope) -> str:
        """Return where a request comes from, empty if nobody knows. It must not be kept."""
        address = self._proxies.client(scope)
        return str(address) if address else ""

    def caller(self, request: Request) -> Caller:
        """Return who makes a request; nobody that is known, on a route without a guard."""
        caller: Caller | None = request.scope.get("state", {}).get("caller")
        return caller or Caller(None, self._proxies.client(request.scope))

    async def admit(self, scope: Scope, action: Action) -> Caller:
        """Let a request pass that asks for ``action``, and count it if visitors may ask for that.

        Raises:
            ProblemError: the key is wrong or missing (401), it is not for this or not for pages
                of that origin (403), or there were too many requests (429).
        """
        caller = await self._identify(scope)
        scope.setdefault("state", {})["caller"] = caller
        if caller.key or not (self._is_public and action in PUBLIC):
            self._demand(caller, action)
        if action in PUBLIC:
            await self._count(scope, caller, 1)
        return caller

    def check(self, request: Request, action: Action) -> None:
        """Check that the key of a request that passed is also for ``action``.

        Raises:
            ProblemError: it is not (403), or there was none (401).
        """
        self._demand(self.caller(request), action)

    def at_once(self, request: Request) -> int | None:
        """Return how many requests the limit of a caller ever lets through at once, if it has one.

        One that counts for more would be told to wait for ever.
        """
        _, who, rate = self._limit_of(self.caller(request))
        return rate.amount if rate and who else None

    async def charge(self, request: Request, cost: int) -> None:
        """Count a request that passed as ``cost`` requests in all: a batch as its searches.

        Raises:
            ProblemError: these are too many (429).
        """
        if cost > 1:
            await self._count(request.scope, self.caller(request), cost - 1)

    async def spend(self, request: Request, seconds: float) -> None:
        """Count what a request that passed took of the engine, beyond what any request may take.

        The answer is not refused for it; who asks for much work only has fewer requests left.
        """
        standing: Standing | None = request.scope.get("state", {}).get("standing")
        cost = min(int(seconds / REQUEST_SECONDS), standing.left if standing else 0)
        policy, who, rate = self._limit_of(self.caller(request))
        if cost > 0 and rate is not None and who:
            await self._limiter.hit(policy, who, rate, cost)

    async def sign_in(self, scope: Scope, text: str) -> Key:
        """Return the key that somebody typed, if it is one for everything.

        Raises:
            ProblemError: it is none (401), or none for that or for this page (403); too many were
                wrong (429).
        """
        key = await self._key(text, self._proxies.client(scope))
        self._check_origin(key, scope)
        self._demand(Caller(key, None), "admin")
        return key

    def is_in_force(self, hashed: str) -> bool:
        """Return whether a key with this hash opens everything, still."""
        key = self._ring.with_hash(hashed)
        return key is not None and key.may("admin") and not key.has_expired(self._today())

    async def _identify(self, scope: Scope) -> Caller:
        address = self._proxies.client(scope)
        text = shown_key(header(scope, b"authorization"))
        if text is None or not self.has_keys:
            return Caller(None, address)
        key = await self._key(text, address)
        self._check_origin(key, scope)
        return Caller(key, address)

    def _check_origin(self, key: Key, scope: Scope) -> None:
        origin = header(scope, b"origin")
        if not key.is_for(origin):
            said = "is none of these" if origin else "is missing"
            detail = f"The key is for pages of its own origins; the request's Origin {said}."
            raise self._refused("forbidden", detail)

    async def _key(self, text: str, address: Address | None) -> Key:
        """Return the key that ``text`` is.

        Wrong keys are counted. Who was wrong too often waits even with the right one, or the limit
        would not slow a guesser down; but for a random key there is nothing to guess, and its
        holders do not wait for a neighbour behind the same address.
        """
        key = self._ring.find(text)
        if address and not (key and text.startswith(PREFIX)):
            count = self._limiter.look if key else self._limiter.hit
            standing = await count("wrong-keys", counted_as(address), WRONG_KEYS)
            if standing and not standing.is_within:
                raise self._too_many(standing)
        if key is None:
            raise self._refused("unauthorized", "There is no such key.", BEARER)
        if key.has_expired(self._today()):
            raise self._refused("unauthorized", "The key has expired.", BEARER)
        return key

    def _demand(self, caller: Caller, action: Action) -> None:
        if caller.key is None:
            raise self._refused("unauthorized", headers=BEARER)
        if not caller.may(action):
            allowed = ", ".join(each for each in ACTIONS if caller.may(each))
            raise self._refused(
                "forbidden", f"This needs a key for {action}; the key shown is for {allowed}."
            )

    async def _count(self, scope: Scope, caller: Caller, cost: int) -> None:
        policy, who, rate = self._limit_of(caller)
        if rate is None or not who:
            return
        standing = await self._limiter.hit(policy, who, rate, cost)
        if standing is None:
            self._metrics.uncounted()
            return
        scope["state"]["standing"] = standing
        if not standing.is_within:
            raise self._too_many(standing)

    def _limit_of(self, caller: Caller) -> tuple[str, str, Rate | None]:
        if caller.key is None:
            who = counted_as(caller.address) if caller.address else ""
            return "address", who, self._address_rate
        own = caller.key.rate_limit
        return "key", caller.key.id, parse_rate(own) if own else self._key_rate

    def _too_many(self, standing: Standing) -> ProblemError:
        return self._refused("too-many-requests", headers=standing.headers())

    def _refused(
        self, code: str, detail: str = "", headers: dict[str, str] | None = None
    ) -> ProblemError:
        self._metrics.turned_away(code)
        return ProblemError(code, detail, headers=headers)
