"""Tells clients apart for a day, by names that cannot be traced back to anybody."""

import secrets
from collections.abc import Callable
from hashlib import blake2b

from starlette.types import Scope

from service.access.access import Caller
from service.access.addresses import Proxies, counted_as

NAME_BYTES = 16
"""128 bits: among a billion clients, two have one name with a probability of 1e-21 (birthday)."""

OBJECTIONS = frozenset([b"dnt", b"sec-gpc"])
"""Headers with which a browser says that its user does not want to be counted, if they are 1:
Do Not Track (W3C note, 2019) and Global Privacy Control (W3C)."""


HIDDEN = (b"sec-fetch-mode", b"no-cors")
"""What a browser says of a request that a page makes as if for a picture: any site can have its
visitors' browsers make one, and its answer is read by nobody (W3C Fetch Metadata)."""


class Clients:
    """Names each client by a keyed hash (BLAKE2b, RFC 7693) of its address and user agent.

    The key is random, is held in memory only, and is replaced when the day ends (UTC): from then
    on nobody, not even who has the whole memory, can tell whose a name was, and the same client
    has another name. Each process has a key of its own.
    """

    def __init__(self) -> None:
        self._day = -1
        self._key = b""

    def name(self, scope: Scope, address: str, day: int) -> bytes:
        """Return who asks, by what it is called today; empty if it does not want to be counted."""
        agent = b""
        for header, value in scope["headers"]:
            if header == b"user-agent":
                agent = value
            elif (header in OBJECTIONS and value == b"1") or (header, value) == HIDDEN:
                return b""
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
        who = address.encode() + b"\0" + agent
        return blake2b(who, digest_size=NAME_BYTES, key=self._key).digest()


def addresses(proxies: Proxies) -> Callable[[Scope], str]:
    """Return what says where a request comes from; of IPv6 addresses the network of 64 bits.

    Devices change the rest as they like (RFC 8981), and one person must not pass for a crowd. Who
    comes from nobody knows where is one client with all others of whom that is so.
    """

    def address_of(scope: Scope) -> str:
        caller: Caller | None = scope.get("state", {}).get("caller")  # known behind a guard
        address = caller.address if caller else proxies.client(scope)
        return counted_as(address) if address else ""

    return address_of
