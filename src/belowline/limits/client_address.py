"""Whose address a request comes from, through the proxies that the settings trust and no others.

What anybody can write into a header is worth nothing; what a proxy of ours has added at its end is. So the list is read
from the right, for as long as the machine that sent us this far is one of ours.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings

Address = IPv4Address | IPv6Address
MOST_HOPS = 20
"""Proxies of ours, one behind the other; what stands further left is not looked at."""
IPV6_PREFIX = 64
"""Bits that one connection of a household or an office has; the rest of an address anybody may change at will."""


def client_address(environ: Mapping[str, Any]) -> Address | None:
    """Return the address of whoever asks; None where it cannot be known. `environ` is WSGI's, or Django's META.

    It cannot be known of a request through a proxy that no setting names: then all readers seem to be that proxy.
    """
    peer = parse_address(str(environ.get("REMOTE_ADDR") or ""))
    if settings.TRUSTED_PROXIES:
        return _through_proxies(environ, peer)
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        # As it was before proxies had addresses: what the last one has added.
        return parse_address(forwarded.rsplit(",", 1)[-1]) or peer
    return None if peer is None or peer.is_loopback or (forwarded and peer.is_private) else peer


def is_through_trusted(environ: Mapping[str, Any]) -> bool:
    """Say whether the machine that sent this request to us is a proxy that the settings trust."""
    return _is_trusted(parse_address(str(environ.get("REMOTE_ADDR") or "")))


def _through_proxies(environ: Mapping[str, Any], peer: Address | None) -> Address | None:
    found = peer
    hops = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", MOST_HOPS)
    while _is_trusted(found) and hops and (further := parse_address(hops.pop())) is not None:
        found = further
    # One of ours all the way: whoever asks is not told of, and all readers together are nobody.
    return None if _is_trusted(found) else found


def _is_trusted(address: Address | None) -> bool:
    """Say whether a machine is a proxy of ours; one without an address speaks through a socket of this machine."""
    if address is None:
        return settings.TRUSTED_PROXIES.trusts_socket
    return any(address in network for network in settings.TRUSTED_PROXIES.networks)


def parse_address(text: str) -> Address | None:
    """Return an address as proxies write it, with or without a port; None for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def forwarded_scheme(environ: Mapping[str, Any]) -> str | None:
    """Return `http` or `https` as a trusted proxy says of the way to it; None: none does."""
    said = str(environ.get("HTTP_X_FORWARDED_PROTO", "")).rpartition(",")[2].strip().lower()
    return said if said in {"http", "https"} and is_through_trusted(environ) else None


def address_key(environ: Mapping[str, Any], now: datetime | None = None) -> str | None:
    """Return a name for whoever asks that does not tell the address: another one each day (UTC), 128 bits.

    IPv6 counts by networks of 64 bits. None: it cannot be known who asks.
    """
    address = client_address(environ)
    if address is None:
        return None
    day = (now or datetime.now(UTC)).date().isoformat()
    key = hmac.digest(settings.SECRET_KEY.encode(), f"belowline.limits.address:{day}".encode(), "sha256")
    return hmac.new(key, network_of(address).encode(), hashlib.sha256).hexdigest()[:32]


def network_of(address: Address) -> str:
    """Return what counts as one: an IPv4 address, or the first 64 bits of an IPv6 one."""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, IPV6_PREFIX), strict=False).network_address)
    return str(address)
