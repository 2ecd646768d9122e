"""How addresses are spelled, which belong to a source, and which may be connected to."""

import ipaddress

import pytest

from indexer.errors import SourceError
from indexer.sources.web.address import (
    Scope,
    connectable,
    is_public,
    parse_address,
    without_secrets,
)
from indexer.sources.web.site import WebSource
from indexer.sources.web.trouble import NotWanted, Trouble
from indexer.sources.web.world import World
from tests.indexer.sources.web.server import Life


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://clinic.example", "https://clinic.example/"),
        ("HTTPS://Clinic.EXAMPLE:443/A#b", "https://clinic.example/A"),
        (" http://clinic.example.:80/?q=1 \n", "http://clinic.example/?q=1"),
        ("http://clinic.example:8080/a/../b/./c", "http://clinic.example:8080/b/c"),
        ("https://clinic.example/a b/ñ|%2f", "https://clinic.example/a%20b/%C3%B1%7C%2F"),
        ("https://CLÍNICA.example/", "https://xn--clnica-4va.example/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"),
        ("http://clinic.example/?a[]=1&b=%zz", "http://clinic.example/?a%5B%5D=1&b=%25zz"),
        ("http://under_score.example/", "http://under_score.example/"),
    ],
)
def test_one_spelling(written: str, url: str) -> None:
    address = parse_address(written)
    assert address.url == url
    assert parse_address(url) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "clinic.example/a",
        "//clinic.example/",
        "/a",
        "mailto:a@clinic.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://clinic.example/",
        "http://",
        "http:///a",
        "http://user@clinic.example/",
        "http://user:secret@clinic.example/",
        "http://clinic.example:99999/",
        "http://clinic.example:x/",
        "http://clinic example/",
        "http://clinic.example\r\nX: y/",
        "http://clinic%00.example/",
        "http://clinic..example/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://[1.2.3.4]/",
        "http://\udcff.example/",
        "http://clinic.example/" + "a" * 2100,
        "http://clinic.example/" + "ñ" * 700,
    ],
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(NotWanted):
        parse_address(written)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("b", "https://clinic.example/x/b"),
        ("/b", "https://clinic.example/b"),
        ("../../b", "https://clinic.example/b"),
        ("?q", "https://clinic.example/x/a?q"),
        ("//other.example/b", "https://other.example/b"),
        ("", "https://clinic.example/x/a"),
        ("\\\\other.example/b", "https://clinic.example/x/%5C%5Cother.example/b"),
    ],
)
def test_relative(written: str, url: str) -> None:
    assert parse_address(written, parse_address("https://clinic.example/x/a")).url == url


def belongs(scope: Scope, url: str) -> bool:
    try:
        scope.check(parse_address(url))
    except NotWanted:
        return False
    return True


def test_a_scope_is_its_hosts_with_and_without_www() -> None:
    scope = Scope(parse_address("https://clinic.example/"), ["Help.Example"])
    for url in (
        "https://clinic.example/a",
        "http://clinic.example/",
        "https://www.clinic.example/",
        "https://CLINIC.example./",
        "https://help.example/",
    ):
        assert belongs(scope, url), url
    for url in (
        "https://clinic.example.evil.example/",
        "https://evil-clinic.example/",
        "https://my.clinic.example/",
        "https://www.www.clinic.example/",
        "https://clinic.example:8443/",
        "https://clinic.example:80/",
        "http://127.0.0.1/",
    ):
        assert not belongs(scope, url), url
    assert belongs(Scope(parse_address("http://www.clinic.example/")), "http://clinic.example/")


def test_a_port_belongs_to_a_scope_if_it_was_named() -> None:
    scope = Scope(parse_address("http://clinic.example:8080/"))
    assert belongs(scope, "http://clinic.example:8080/")
    assert belongs(scope, "https://clinic.example:8080/")
    assert belongs(scope, "https://clinic.example/")
    assert not belongs(scope, "http://clinic.example:8081/")


PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%2",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_what_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_what_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", [*PRIVATE, *PUBLIC])
def test_never_more_than_the_standard_library_calls_global(ip: str) -> None:
    if is_public(ip) and not ip.startswith("64:"):
        assert ipaddress.ip_address(ip).is_global


@pytest.mark.parametrize(
    "ips",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["fe80::1%2", "8.8.8.8"], ["::ffff:10.0.0.1"]],
)
def test_one_private_address_condemns_the_host(life: Life, ips: list[str]) -> None:
    life.names["clinic.example"] = ips
    address = parse_address("https://clinic.example/")
    with pytest.raises(Trouble, match="not on the public internet") as caught:
        connectable(address, life.world, allow_private=False)
    assert caught.value.away
    assert not caught.value.again
    assert connectable(address, life.world, allow_private=True) == ips


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "①②⑦.0.0.1",
    ],
)
def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    """With the look-up of the system, which needs no network for these."""
    try:
        address = parse_address(f"http://{host}/")
    except NotWanted:
        return
    with pytest.raises(Trouble, match=r"not on the public internet|cannot be resolved"):
        connectable(address, World(), allow_private=False)


def test_a_host_without_addresses() -> None:
    address = parse_address("https://clinic.nowhere/")
    with pytest.raises(Trouble, match=r"clinic\.nowhere cannot be resolved") as caught:
        connectable(address, Life().world, allow_private=False)
    assert caught.value.again


def test_a_label_that_no_look_up_takes() -> None:
    address = parse_address(f"https://{'a' * 70}.invalid/")
    with pytest.raises(Trouble, match="cannot be resolved"):
        connectable(address, World(), allow_private=False)


def test_a_password_is_not_repeated() -> None:
    assert (
        without_secrets("https://ann:s3cr3t@clinic.example/a@b") == "https://…@clinic.example/a@b"
    )
    assert without_secrets("https://clinic.example/a@b") == "https://clinic.example/a@b"
    with pytest.raises(SourceError) as caught:
        WebSource("https://ann:s3cr3t@clinic.example/")
    assert "s3cr3t" not in str(caught.value)
