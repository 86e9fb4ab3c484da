"""Winnow connects to nobody in the inner network unless told to, whatever a name or an address pretends."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.services.errors import Refused
from app.services.seat import Seat
from app.services.team import courier
from app.services.team.channels import configured
from app.services.team.channels.addresses import AddressRefused, checked_url, is_public, resolve
from app.services.team.channels.wire import Unreached, Wire
from tests.channels.receiver import Receiver, certificate, fine, receiving

INNER = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.255", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.0.0.8",
    "192.88.99.1", "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b::6440:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::127.0.0.1", "::10.0.0.1",
]  # fmt: skip
OUTER = ["8.8.8.8", "93.184.215.14", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808", "100.128.0.1"]


def names(*addresses: str) -> Callable[..., list[Any]]:
    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
        return [(f, socket.SOCK_STREAM, 6, "", (each, port)) for f, each in zip(families, addresses, strict=True)]

    return look_up


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(AddressRefused):
        resolve("crm.example.com", 443, look_up=names(address))


@pytest.mark.parametrize("address", OUTER)
def test_an_outer_address_is(address: str) -> None:
    assert resolve("crm.example.com", 443, look_up=names(address)) == [str(ipaddress.ip_address(address))]


def test_one_inner_address_among_outer_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused):
        resolve("crm.example.com", 443, look_up=names("93.184.215.14", "10.0.0.1"))


def test_the_inner_network_is_reached_when_that_is_allowed() -> None:
    assert resolve("crm.intra", 443, private=True, look_up=names("10.0.0.1")) == ["10.0.0.1"]
    with pytest.raises(AddressRefused):
        resolve("crm.intra", 443, private=True, look_up=names("224.0.0.1"))


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "localhost"])
def test_other_spellings_of_this_computer_are_understood(host: str) -> None:
    assert checked_url(f"http://{host}:8080/x")


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "0xa000001", "[fd00::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "012.1"]
)
def test_an_inner_address_written_out_is_refused_when_the_channel_is_added(host: str) -> None:
    with pytest.raises(AddressRefused):
        checked_url(f"https://{host}/x")
    assert checked_url(f"https://{host}/x", private=True)


@pytest.mark.parametrize(
    "url",
    ["http://crm.example.com/x", "ftp://crm.example.com", "https://", "crm.example.com", "https://me:pw@crm.example.com",
     "file:///etc/passwd", "https://[::1", "http://127.0.0.1.example.com/", "http://localhost.example.com/"],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        checked_url(url)


def test_a_name_that_begins_to_lead_inside_is_refused_at_the_moment_of_sending(
    seat: Seat, receiver: Receiver, decide: Callable[..., str]
) -> None:
    configured.add(seat, "CRM", "webhook", {"url": f"https://crm.example.com:{receiver.port}/x"})
    decide()
    with Wire(look_up=names("127.0.0.1")) as wire:
        assert courier.deliver_due(seat, wire=wire) == courier.Tally(waiting=1)
    assert receiver.got == []
    assert "inner network" in configured.standings(seat.store)[0].problem


def test_a_name_is_looked_up_once_and_the_connection_goes_there(tmp_path: Path) -> None:
    """A second answer of the name's server (rebinding) would lead elsewhere; TLS and Host keep the name."""
    ca, context = certificate(tmp_path, "crm.example.com")
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return names("127.0.0.1" if len(asked) == 1 else "192.0.2.1")(host, port)

    with receiving(fine, context=context) as receiver, Wire(look_up=look_up) as wire:
        wire.begin()
        url = f"https://crm.example.com:{receiver.port}/x"
        assert wire.send("POST", url, {}, b"{}", private=True, ca_file=str(ca)).status == 200
        assert receiver.got[0].head["host"] == f"crm.example.com:{receiver.port}"
    assert asked == ["crm.example.com"]


@pytest.mark.parametrize(("name", "days", "trusted"), [("other.example.com", 1, True), ("crm.example.com", -1, True),
                                                       ("crm.example.com", 1, False)])  # fmt: skip
def test_a_wrong_certificate_gets_nothing(tmp_path: Path, name: str, days: int, trusted: bool) -> None:
    ca, context = certificate(tmp_path, name, days=days)
    with receiving(fine, context=context) as receiver, Wire(look_up=names("127.0.0.1")) as wire:
        wire.begin()
        url = f"https://crm.example.com:{receiver.port}/x"
        with pytest.raises(Unreached, match="certificate"):
            wire.send("POST", url, {}, b"secret", private=True, ca_file=str(ca) if trusted else "")
        assert receiver.got == []


def test_a_small_answer_never_becomes_a_large_one() -> None:
    with receiving(lambda _: (200, {"Content-Encoding": "gzip"}, b"x" * 1_000_000)) as receiver, Wire() as wire:
        wire.begin()
        assert len(wire.send("POST", receiver.url(), {}, b"").body) == 65_536
