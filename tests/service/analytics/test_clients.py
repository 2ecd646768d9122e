"""Clients have a name for a day, and nobody can find out whose it was."""

from typing import Any

import pytest

from service.access.addresses import Proxies
from service.analytics.clients import NAME_BYTES, Clients, addresses


def scope(agent: str = "Browser", **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"headers": [(b"user-agent", agent.encode()), *named]}


def test_a_client_has_one_name_a_day() -> None:
    clients = Clients()
    name = clients.name(scope(), "192.0.2.1", 7)
    assert len(name) == NAME_BYTES
    assert clients.name(scope(), "192.0.2.1", 7) == name
    assert clients.name(scope(), "192.0.2.2", 7) != name
    assert clients.name(scope("Other"), "192.0.2.1", 7) != name


def test_the_next_day_it_has_another_and_the_old_key_is_gone() -> None:
    clients = Clients()
    name, key = clients.name(scope(), "192.0.2.1", 7), clients._key
    assert clients.name(scope(), "192.0.2.1", 8) != name
    assert key not in vars(clients).values()
    assert clients.name(scope(), "192.0.2.1", 7) != name, "not even if the clock goes back"


def test_processes_name_the_same_client_differently() -> None:
    assert Clients().name(scope(), "192.0.2.1", 7) != Clients().name(scope(), "192.0.2.1", 7)


@pytest.mark.parametrize("objection", [{"dnt": "1"}, {"sec_gpc": "1"}])
def test_who_does_not_want_to_be_counted_has_no_name(objection: dict[str, str]) -> None:
    assert Clients().name(scope(**objection), "192.0.2.1", 7) == b""
    (header,) = objection
    assert Clients().name(scope(**{header: "0"}), "192.0.2.1", 7)


def test_what_another_site_had_a_browser_fetch_has_no_name() -> None:
    assert Clients().name(scope(sec_fetch_mode="no-cors"), "192.0.2.1", 7) == b""
    for mode in ("cors", "same-origin", "navigate"):
        assert Clients().name(scope(sec_fetch_mode=mode), "192.0.2.1", 7)


def test_addresses_are_seen_through_proxies_and_of_ipv6_the_network() -> None:
    address_of = addresses(Proxies(["192.0.2.9"]))

    def seen(peer: str, forwarded: str = "") -> str:
        headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
        return address_of({"client": (peer, 1), "headers": headers})

    assert seen("192.0.2.1", "198.51.100.7") == "192.0.2.1", "anybody can send that"
    assert seen("192.0.2.9", "198.51.100.7") == "198.51.100.7"
    assert seen("2001:db8::1") == seen("2001:db8::ffff:2") != seen("2001:db8:0:1::1")
    assert seen("testclient") == ""
