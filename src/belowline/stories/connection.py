"""A connection to a server out in the open net: to the very address that was checked, and ended at its time.

Guards: no address in a private, loopback, link-local or otherwise reserved network (unless the operator allows it),
the connection made to the very address that was checked, and a limit on time for the whole exchange.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult

from django.conf import settings
from django.utils.encoding import iri_to_uri

from belowline.stories.errors import StoryFetchError

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses that translators turn into the IPv4 address in their last 32 bits."""
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


@contextlib.contextmanager
def answer_of(
    parts: SplitResult,
    deadline: float,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    may_be_private: bool = False,
) -> Iterator[http.client.HTTPResponse]:
    """Ask (or send a body to) the server at an address, and yield its answer; whatever it does, it ends at `deadline`.

    `deadline` is a time of `time.monotonic()`. With `may_be_private`, the operator has given the address, and no
    network is refused.

    Raises:
        StoryFetchError: `url_private`, or `fetch_failed` when the name is unknown.
        OSError, HTTPException, ValueError: the exchange failed.
    """
    left = max(0.1, deadline - time.monotonic())
    connection = PinnedConnection(parts, timeout=left, may_be_private=may_be_private)
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    # A socket's own limit is for each byte: a page that drips would keep us for hours.
    watch = threading.Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET" if body is None else "POST", path, body=body, headers=dict(headers))
        yield connection.getresponse()
    finally:
        watch.cancel()
        connection.close()


def public_address(host: str, port: int, *, may_be_private: bool = False) -> str:
    """Return an IP address of the host that lies in no reserved network, unless that is allowed.

    Raises:
        StoryFetchError: `url_private`, or `fetch_failed` when the name is unknown.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise StoryFetchError(f"the name {host} is unknown") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not (may_be_private or settings.STORY_FETCH_PRIVATE) and not is_public(address):
            raise StoryFetchError(f"{host} leads into a private network; it is not read", code="url_private")
    return addresses[0]


def is_public(text: str) -> bool:
    """Say whether an IP address lies in the open net; one that wraps an IPv4 address counts as that too."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local or address in LOCAL_NAT64:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class PinnedConnection(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever the name resolves to by now."""

    def __init__(self, parts: SplitResult, timeout: float, *, may_be_private: bool = False) -> None:
        host = parts.hostname or ""
        self.tls = parts.scheme == "https"
        super().__init__(host, parts.port or (443 if self.tls else 80), timeout=timeout)
        self.address = public_address(host, self.port, may_be_private=may_be_private)
        self._wire: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the checked address; TLS asks for the name."""
        self._wire = self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls:
            context = ssl.create_default_context()
            tls = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self._wire = self.sock = tls
            tls.do_handshake()

    def cut(self) -> None:
        """End the exchange from another thread, whatever it waits for."""
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)
