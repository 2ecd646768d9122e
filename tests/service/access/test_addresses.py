"""Where a request comes from, and whose word is taken for it."""

from collections.abc import Sequence
from typing import Any

import pytest

from service.access.addresses import Proxies, counted_as, parse_networks

TRUSTED = ("127.0.0.1", "::1", "10.0.0.0/8", "2001:db8:ffff::/48")


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    return {
        "client": (peer, 1234) if peer is not None else None,
        "headers": [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded],
    }


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", (), "203.0.113.7"),
        ("203.0.113.7", ("198.51.100.1",), "203.0.113.7"),  # who is no proxy is not believed
        ("127.0.0.1", (), None),
        ("127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("6.6.6.6, 198.51.100.1",), "198.51.100.1"),  # what stands left is claimed
        ("127.0.0.1", ("6.6.6.6", "198.51.100.1"), "198.51.100.1"),  # in two lines as in one
        ("127.0.0.1", ("198.51.100.1, 10.1.2.3",), "198.51.100.1"),  # a proxy before the proxy
        ("10.9.9.9", ("198.51.100.1, 10.1.2.3, 127.0.0.1",), "198.51.100.1"),
        ("::1", ("2001:db8::7",), "2001:db8::7"),
        ("::1", ("[2001:db8::7]:443",), "2001:db8::7"),
        ("127.0.0.1", ("198.51.100.1:5678",), "198.51.100.1"),
        ("::ffff:127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("::ffff:198.51.100.1",), "198.51.100.1"),
        ("::ffff:203.0.113.7", (), "203.0.113.7"),
        ("127.0.0.1", ("10.0.0.1",), None),
        ("127.0.0.1", ("198.51.100.1, unknown",), None),  # nobody knows beyond that
        ("127.0.0.1", ("198.51.100.1, ",), None),
        ("127.0.0.1", ("\xff\xfe",), None),
        (None, ("198.51.100.1",), "198.51.100.1"),  # a socket of Unix
        (None, (), None),
        ("127.0.0.1", ("2001:db8:ffff::1",), None),
    ],
)
def test_the_client_is_the_last_that_no_proxy_is(
    peer: str | None, forwarded: Sequence[str], client: str | None
) -> None:
    found = Proxies(TRUSTED).client(scope(peer, *forwarded))
    assert (str(found) if found else None) == client


def test_with_no_proxies_the_peer_is_the_client() -> None:
    assert str(Proxies(()).client(scope("127.0.0.1", "198.51.100.1"))) == "127.0.0.1"


def test_of_ipv6_a_network_is_counted() -> None:
    proxies = Proxies(TRUSTED)

    def counted(address: str) -> str:
        found = proxies.client(scope(address))
        assert found
        return counted_as(found)

    assert counted("2001:db8:1:2:3:4:5:6") == counted("2001:db8:1:2::") == "2001:db8:1:2::"
    assert counted("2001:db8:1:3::") != counted("2001:db8:1:2::")
    assert counted("203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize(
    "text", ["localhost", "10.0.0.1/8", "1.2.3", "::1 nonsense", "10.0.0.0/33"]
)
def test_what_is_no_network(text: str) -> None:
    with pytest.raises(ValueError, match="addresses or networks"):
        parse_networks(text)


def test_networks_are_kept_as_they_are_written() -> None:
    assert parse_networks(" 127.0.0.1  10.0.0.0/8 127.0.0.1 ") == ("127.0.0.1", "10.0.0.0/8")
    assert parse_networks("") == ()
