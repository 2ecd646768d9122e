"""Web addresses: how they are spelled, which belong to a source, which may be connected to."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urljoin

import msgspec
from urllib3.util import parse_url

from indexer.sources.web.trouble import NotWanted, Trouble
from indexer.sources.web.world import World

MAX_CHARACTERS = 2048
"""Of an address, as sitemaps.org has it."""

_USER = re.compile(r"//[^/?#]*@")

_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")

# IANA, "IPv6 Global Unicast Address Assignments": all of the public internet is here,
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
# but for these of the "IPv6 Special-Purpose Address Registry". 2001::/23 has Teredo, 2002::/16 is
# 6to4: both hold an IPv4 address, both are given up (RFC 7526), no public site needs them.
_SPECIAL_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# The last four bytes are the IPv4 address meant (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What `is_global` of this Python may not know of: all of "IETF Protocol Assignments", where one
# cloud keeps its metadata, and the address inside another cloud that serves its machines.
_SPECIAL_IPV4 = tuple(
    ipaddress.IPv4Network(network) for network in ("192.0.0.0/24", "168.63.129.16/32")
)


class Address(msgspec.Struct, frozen=True):
    """An http or https address without fragment, in one spelling.

    Attributes:
        scheme: ``http`` or ``https``.
        host: lower case, punycode, no trailing dot; IPv6 without brackets.
        port: always a number.
        target: path and query, percent-encoded.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address without path: what a robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The address as text."""
        return self.origin + self.target


def parse_address(text: str, base: Address | None = None) -> Address:
    """Return the address that ``text`` means, relative to ``base`` if that is given.

    Raises:
        NotWanted: it is none that we would ask for.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotWanted(f"address longer than {MAX_CHARACTERS:,} characters")
    try:
        # The parser of the library that sends the request, so that no two opinions can differ.
        url = parse_url(urljoin(base.url, text.strip()) if base else text.strip())
    except ValueError:
        raise NotWanted("not a web address") from None
    if url.scheme not in _PORTS or not url.host:
        raise NotWanted("not a web address")
    if url.auth is not None:
        raise NotWanted("user name or password in the address")
    port = _PORTS[url.scheme] if url.port is None else url.port
    target = url.request_uri
    if len(target) > MAX_CHARACTERS:
        raise NotWanted(f"address longer than {MAX_CHARACTERS:,} characters")
    return Address(url.scheme, _host(url.host), port, target)


def without_secrets(text: str) -> str:
    """Return an address as an operator wrote it, without the password that may stand in it."""
    return _USER.sub("//…@", text)


def shown(text: str) -> str:
    """Return what a site wrote as an address, fit for a report."""
    return " ".join(text.split())[:200]


def _host(text: str) -> str:
    """Return a host in the one spelling that is compared and asked for."""
    if text.startswith("["):
        if "%" in text:
            raise NotWanted("IPv6 address with a zone")
        return str(ipaddress.IPv6Address(text.strip("[]")))
    host = text.lower().removesuffix(".")
    if not _HOST_NAME.fullmatch(host):
        raise NotWanted("not a web address")
    return host


class Scope:
    """The hosts that an operator named, each with and without ``www.``."""

    def __init__(self, start: Address, hosts: Iterable[str] = ()) -> None:
        """Take the start address and the names of further hosts.

        Raises:
            NotWanted: a name can be no host's.
        """
        named = {start.host, *(parse_address(f"https://{host}/").host for host in hosts)}
        self._hosts = frozenset(
            twin for host in named for twin in (host, f"www.{host}", host.removeprefix("www."))
        )
        self._port = start.port

    def check(self, address: Address) -> None:
        """Raise NotWanted for an address that does not belong to the source.

        A host's standard ports belong to it, and the one that the operator named.
        """
        if address.host not in self._hosts:
            raise NotWanted(f"on another host, {address.host}")
        if address.port not in (_PORTS[address.scheme], self._port):
            raise NotWanted(f"on another port, {address.authority}")


def connectable(address: Address, world: World, *, allow_private: bool) -> list[str]:
    """Return the IP addresses of an address's host, all of them checked.

    One that is not public condemns them all: such a mixture is a mistake or an attack. The
    caller has to connect to what was checked: a second look-up may answer differently.

    Raises:
        Trouble: the host has no address, or one that is not public.
    """
    try:
        found = world.look_up(address.host, address.port)
    except (OSError, UnicodeError):  # the latter for what can be no host's name
        found = ()
    if not found:
        raise Trouble(f"{address.host} cannot be resolved", away=True, again=True)
    private = [ip for ip in found if not is_public(ip)]
    if private and not allow_private:
        where = f"{address.host} is not on the public internet ({private[0]})"
        raise Trouble(f"{where}; --allow-private permits it", away=True)
    return list(found)


def is_public(ip: str) -> bool:
    """Return whether an IP address is one of the public internet (SSRF: anything else is not)."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        special = address.is_multicast or any(address in network for network in _SPECIAL_IPV4)
        return address.is_global and not special
    if address in _NAT64:
        return is_public(str(ipaddress.IPv4Address(address.packed[-4:])))
    return address in _PUBLIC_IPV6 and not any(address in network for network in _SPECIAL_IPV6)
