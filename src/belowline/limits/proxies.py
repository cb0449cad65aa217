"""Which proxies are trusted, as a setting names them; read before Django is there."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

SOCKET = "unix"


class TrustedProxies(NamedTuple):
    """The machines whose word about a client counts; false where there is none."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    trusts_socket: bool = False
    """Whether it is one of ours that speaks through a socket of this machine, and so has no address."""

    def __bool__(self) -> bool:
        return bool(self.networks) or self.trusts_socket


def parse_proxies(parts: list[str]) -> TrustedProxies:
    """Return the proxies of a setting: addresses, networks, and the word `unix`.

    Raises:
        ValueError: a part is none of these.
    """
    networks = tuple(ip_network(part) for part in parts if part != SOCKET)
    return TrustedProxies(networks, SOCKET in parts)
