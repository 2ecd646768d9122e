"""Where a request comes from, seen through the proxies in front of the service.

An address is looked at and forgotten: it is never logged, and nothing writes it down.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SITE_PREFIX = 64
"""Bits of an IPv6 address that name one household or machine: whoever has it has 2^64 addresses
(RFC 6177 recommends providers to give out no less)."""


def parse_networks(text: str) -> tuple[str, ...]:
    """Return addresses and networks in a text with white space between them, as they are written.

    Raises:
        ValueError: one is neither.
    """
    for word in text.split():
        try:
            ip_network(word)
        except ValueError:
            message = "expected addresses or networks such as 127.0.0.1 10.0.0.0/8 ::1"
            raise ValueError(message) from None
    return tuple(dict.fromkeys(text.split()))


class Proxies:
    """The proxies whose word on where a request came from is taken."""

    def __init__(self, trusted: Iterable[str]) -> None:
        """Take their addresses or networks."""
        self._as_written = frozenset(trusted)  # to read an address takes longer than all the rest
        networks = [ip_network(each) for each in self._as_written]
        self._single = frozenset(
            each.network_address for each in networks if each.num_addresses == 1
        )
        self._networks = tuple(each for each in networks if each.num_addresses > 1)

    def trusts(self, address: Address) -> bool:
        """Return whether it is the address of such a proxy."""
        return address in self._single or any(address in each for each in self._networks)

    def client(self, scope: Scope) -> Address | None:
        """Return the address of whom a request comes from, or nothing if nobody knows.

        It is that of the peer, unless that is a proxy: then the rightmost in X-Forwarded-For that
        is none. What stands left of it anybody may have written. A peer without an address is on
        the same machine (a socket of Unix) and is a proxy.

        Nobody knows where the list ends at a proxy, or at something that is no address.
        """
        text = scope["client"][0] if scope.get("client") else ""
        if text not in self._as_written:
            peer = _parse(text)
            if peer is not None and not self.trusts(peer):
                return peer
        for text in reversed(_forwarded_for(scope)):
            address = _parse(text)
            if address is None or not self.trusts(address):
                return address
        return None


def counted_as(address: Address) -> str:
    """Return what stands for an address where requests are counted: a /64 for IPv6."""
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> (128 - SITE_PREFIX) << (128 - SITE_PREFIX)))
    return str(address)


def _forwarded_for(scope: Scope) -> list[str]:
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(lines).decode("latin-1").split(",") if lines else []


def _parse(text: str) -> Address | None:
    """Return the address that a text is, with or without a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        if ":" not in text:
            return IPv4Address(text)
        address = IPv6Address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address
