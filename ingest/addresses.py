"""Which addresses may be connected to. Asked when a URL is seen, when a name is resolved, and at the socket itself.

The first spares work and gives the better message; the second keeps only the addresses that may be used, so that
nothing is resolved twice; the third is what holds if the first two have a hole, since no socket is made without it.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from amur.errors import FetchError
from ingest.urls import normal_host

Hosts = Mapping[str, tuple[str, int]]
AddressInfo = tuple[Any, ...]  # as of socket.getaddrinfo: family, type, protocol, canonical name, socket address

_WRAPPING = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64 (RFC 6052)
    ipaddress.ip_network("64:ff9b:1::/48"),  # local NAT64 (RFC 8215)
    ipaddress.ip_network("2002::/16"),  # 6to4 (RFC 3056)
    ipaddress.ip_network("::/96"),  # IPv4-compatible (RFC 4291), and the unspecified address
    ipaddress.ip_network("2001::/32"),  # Teredo (RFC 4380)
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. IPv6 forms that carry an IPv4 address never do:
    no news site is reached by them, and what they lead to depends on the network we stand in."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or any(ip in net for net in _WRAPPING)):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def literal(host: str) -> str | None:
    """The IP address that a host is written as, in its plain form, else None.

    Old resolvers also take 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 for 127.0.0.1: these are literals too.
    """
    plain = host.strip("[]").rstrip(".")
    try:
        return str(ipaddress.ip_address(plain.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(plain)) if plain and plain[-1:].isalnum() else None
    except (OSError, UnicodeError):
        return None


def local_answer(host: str, hosts: Hosts) -> tuple[str, int] | None:
    """The (address, port) that the operator's own mapping gives for a name or a suffix such as `.example`."""
    name = host.rstrip(".").lower()
    if name in hosts:
        return hosts[name]
    return next((target for suffix, target in hosts.items() if suffix.startswith(".") and name.endswith(suffix)), None)


def check_url(url: URL, hosts: Hosts, allow_private: frozenset[str]) -> None:
    """Raises FetchError with the outcome `refused` for what may never be asked for."""
    if url.scheme not in {"http", "https"}:
        raise FetchError(f"{url.scheme or 'no'} scheme: only http and https are fetched", "refused")
    host = url.raw_host or ""
    if not host:
        raise FetchError("the address names no host", "refused")
    if url.raw_user is not None or url.raw_password is not None:
        raise FetchError("the address holds a user name or password", "refused")
    if local_answer(host, hosts) or host in allow_private:
        return
    if (ip := literal(host)) and not is_public(ip):
        raise FetchError(f"{host} is the private address {ip}", "refused")
    if not ip and ("." not in host.strip(".") or host.rstrip(".").endswith((".localhost", ".local", ".internal"))):
        raise FetchError(f"{host} is a name of a local network", "refused")


class Gate:
    """Knows which addresses were let through, so that the socket can be held to them."""

    def __init__(self, hosts: Hosts, allow_private: frozenset[str]) -> None:
        self.hosts = dict(hosts)
        self.allow_private = frozenset(normal_host(host) for host in allow_private)
        self._private: set[tuple[str, int]] = set(self.hosts.values())

    def check(self, url: URL) -> None:
        check_url(url, self.hosts, self.allow_private)
        if (url.raw_host in self.allow_private) and (ip := literal(url.raw_host or "")):
            self._private.add((ip, url.port or 0))

    def admit(self, host: str, address: str, port: int) -> bool:
        """Whether a name may be reached at an address; a private one only where the operator allows it."""
        if is_public(address):
            return True
        if normal_host(host) not in self.allow_private:
            return False
        self._private.add((address, port))
        return True

    def socket(self, info: AddressInfo) -> socket.socket:
        """Makes the socket for a connection, or refuses: the last word on every address, literals included."""
        family, kind, protocol, _, target = info
        address, port = target[0], target[1]
        if not is_public(address) and (address, port) not in self._private:
            raise RefusedAddress(f"{address} is a private address")
        return socket.socket(family, kind, protocol)


class RefusedAddress(OSError):
    """Raised where the HTTP client expects an OSError; fetch.py makes a FetchError of it."""


class SafeResolver(AbstractResolver):
    """Names -> addresses that may be used. The client connects to what it gets here and asks no second time."""

    def __init__(self, gate: Gate, lookup: Callable[..., Any] | None = None) -> None:
        self._gate = gate
        self._lookup = lookup or _system_lookup

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        if target := local_answer(host, self._gate.hosts):
            return [_result(host, *target)]
        addresses = await self._lookup(host, port, family)
        admitted = [a for a in dict.fromkeys(addresses) if self._gate.admit(host, a, port)]
        if addresses and not admitted:
            raise RefusedAddress(f"{host} leads to the private address {addresses[0]}")
        if not admitted:
            raise OSError(None, f"{host} has no address")
        return [_result(host, address, port) for address in admitted]

    async def close(self) -> None:
        return None


async def _system_lookup(host: str, port: int, family: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(entry[4][0]) for entry in found]


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}
