"""Where a channel may connect to: never, unasked, into the network in which Winnow itself runs.

A name is resolved once, every address that it has is looked at, and the connection goes to one of those that were
looked at: a name that answers differently a moment later leads nowhere else (server-side request forgery, OWASP).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from app.services.errors import Refused

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., list[Any]]  # as socket.getaddrinfo

# RFC 6052: whoever has IPv6 alone reaches the IPv4 address in the last 32 bits through these
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What `is_global` of some Python versions lets pass, or what hides another address in itself.
NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # RFC 6598: carrier-grade NAT
        "192.0.0.0/24",  # RFC 6890: protocol assignments
        "192.88.99.0/24",  # RFC 7526: relays of 6to4, given up
        "198.18.0.0/15",  # RFC 2544: measuring
        "64:ff9b:1::/48",  # RFC 8215: NAT64 of a network's own
        "2001::/32",  # RFC 4380: Teredo carries an IPv4 address
        "2002::/16",  # RFC 3056: so does 6to4
        "::/96",  # RFC 4291: IPv4-compatible, given up
        "fec0::/10",  # RFC 3879: site-local, given up
        "5f00::/16",  # RFC 9602: segment routing
        "3fff::/20",  # RFC 9637: documentation
    )
)


class AddressRefused(Refused):
    """The address of a channel is one to which Winnow does not connect."""

    code = "address_refused"


def is_public(address: IP) -> bool:
    """Whether an address is of the open internet; what is wrapped in it counts."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    if any(address.version == network.version and address in network for network in NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_loopback(address: IP) -> bool:
    """Whether an address is this computer's own."""
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (inner or address).is_loopback


def names_loopback(host: str) -> bool:
    """Whether the host, as it is written, says that it is this computer."""
    literal = _literal(host)
    return is_loopback(literal) if literal is not None else host.rstrip(".").lower() == "localhost"


def checked_url(url: str, *, private: bool = False) -> str:
    """A web address as a channel keeps it: HTTPS, or HTTP on this computer itself, without a password in it.

    Raises:
        AddressRefused: it is none.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused(f"{url} is no address.", todo="Use one such as https://crm.example.com/leads") from error
    if parts.scheme not in {"https", "http"} or not host:
        raise AddressRefused(f"{url} is no web address.", todo="Use one such as https://crm.example.com/leads")
    if parts.scheme == "http" and not names_loopback(host):
        raise AddressRefused(
            "A lead goes over HTTPS alone, unless it stays on this computer.", todo=f"Use https://{host}/…"
        )
    if parts.username or parts.password:
        raise AddressRefused("An address holds no password.", todo="Give it with --secret, which is kept encrypted.")
    literal = _literal(host)
    if literal is not None and not private and not is_loopback(literal) and not is_public(literal):
        raise _private(host)
    return url.strip()


def resolve(host: str, port: int, *, private: bool = False, look_up: Resolve = socket.getaddrinfo) -> list[str]:
    """The addresses to which a connection to the host may go, in the resolver's order.

    Args:
        private: whether addresses of the inner network are allowed.

    Raises:
        AddressRefused: one of them is not of the open internet.
        OSError: the name is not known, or nobody could be asked.
    """
    literal = _literal(host)
    if literal is not None:
        found = [literal]
    else:
        rows = look_up(host, port, type=socket.SOCK_STREAM)
        found = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    own = names_loopback(host)
    for address in found:
        allowed = is_public(address) or (own and is_loopback(address)) or (private and not _never_at_all(address))
        if not allowed:
            raise _private(host)
    return list(dict.fromkeys(str(address) for address in found))


def _never_at_all(address: IP) -> bool:
    return address.is_multicast or address.is_unspecified


def _literal(host: str) -> IP | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:  # 127.1, 0x7f000001, 2130706433: as the system's own resolver reads them
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except OSError:
        return None


def _private(host: str) -> AddressRefused:
    return AddressRefused(
        f"{host} leads into the inner network.",
        kept="Nothing was sent.",
        todo="Add the channel with --private if that is where it should go.",
    )
