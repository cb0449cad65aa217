"""Reading a story's text from the paper's own page, and from nowhere else.

Guards: only http(s) on the site's own domains, every redirect checked anew, no address in a private, loopback,
link-local or otherwise reserved network (unless the operator allows it), the connection made to the very address
that was checked, and limits on time and size.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import trafilatura
from django.conf import settings
from django.utils.encoding import iri_to_uri

from belowline.stories.errors import StoryFetchError
from belowline.stories.models import Site

MAX_REDIRECTS = 3
CHUNK_BYTES = 65_536
REDIRECTS = {301, 302, 303, 307, 308}
HTML_TYPES = {"text/html", "application/xhtml+xml"}
HEADERS = {"User-Agent": "Belowline", "Accept": "text/html", "Connection": "close"}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses that translators turn into the IPv4 address in their last 32 bits."""
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


class Article(NamedTuple):
    """What was found on the page."""

    title: str
    standfirst: str
    body: str


def fetch_article(site: Site, url: str) -> Article:
    """Read a page and return its article.

    Raises:
        StoryFetchError: `url_not_allowed`, `url_private`, `fetch_failed` or `no_article`, with what to do.
    """
    deadline = time.monotonic() + settings.STORY_FETCH_TIMEOUT_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        parts = check_url(site, url)
        body, location = _get(parts, deadline)
        if location is None:
            return extract_article(body)
        url = urljoin(url, location)
    raise StoryFetchError(f"the page redirects more than {MAX_REDIRECTS} times; send its text by the API")


def check_url(site: Site, url: str) -> SplitResult:
    """Return the parts of an address that may be read for this site.

    Raises:
        StoryFetchError: `url_not_allowed`.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise StoryFetchError("the address is malformed", code="url_not_allowed") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        raise StoryFetchError("the address must be http(s) without a user name", code="url_not_allowed")
    if not site.allows_host(host):
        raise StoryFetchError(f"{host} is not a domain of {site.key}; add it there", code="url_not_allowed")
    if port not in {None, 80, 443} and not settings.STORY_FETCH_PRIVATE:
        raise StoryFetchError("only the ports 80 and 443 are read", code="url_not_allowed")
    return parts


def public_address(host: str, port: int) -> str:
    """Return an IP address of the host that lies in no reserved network.

    Raises:
        StoryFetchError: `url_private`, or `fetch_failed` when the name is unknown.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise StoryFetchError(f"the name {host} is unknown") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not settings.STORY_FETCH_PRIVATE and not is_public(address):
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


def extract_article(html: bytes) -> Article:
    """Return title, standfirst and paragraphs of an HTML page.

    Raises:
        StoryFetchError: `no_article`.
    """
    document: Any = trafilatura.bare_extraction(
        html.replace(b"\x00", b""),
        include_comments=False,
        include_tables=False,
        favor_precision=True,
        with_metadata=True,
    )
    title = (document.title or "").strip() if document else ""
    if not document or not title or not document.text:
        raise StoryFetchError("no article was found on the page; send its text by the API", code="no_article")
    return Article(title=title, standfirst=(document.description or "").strip(), body=document.text.strip())


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever the name resolves to by now."""

    def __init__(self, parts: SplitResult, timeout: float) -> None:
        host = parts.hostname or ""
        self.tls = parts.scheme == "https"
        super().__init__(host, parts.port or (443 if self.tls else 80), timeout=timeout)
        self.address = public_address(host, self.port)
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


def _get(parts: SplitResult, deadline: float) -> tuple[bytes, str | None]:
    """Return the body, or the address that the page redirects to."""
    left = max(0.1, deadline - time.monotonic())
    connection = _PinnedConnection(parts, timeout=left)
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    # A socket's own limit is for each byte: a page that drips would keep us for hours.
    watch = threading.Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        if answer.status in REDIRECTS and answer.headers.get("Location"):
            return b"", answer.headers["Location"]
        if time.monotonic() > deadline:
            raise TimeoutError
        if answer.status != http.client.OK:
            raise StoryFetchError(f"the page answered {answer.status}; send its text by the API")
        if answer.headers.get_content_type() not in HTML_TYPES:
            raise StoryFetchError("the address leads to no HTML page; send its text by the API", code="no_article")
        return _read(answer, deadline), None
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() > deadline
        problem = "the page took too long" if late else f"the page could not be read ({type(error).__name__})"
        raise StoryFetchError(problem) from error
    finally:
        watch.cancel()
        connection.close()


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    body = bytearray()
    while chunk := answer.read(CHUNK_BYTES):
        body += chunk
        if len(body) > settings.STORY_FETCH_MAX_BYTES:
            raise StoryFetchError(f"the page is larger than {settings.STORY_FETCH_MAX_BYTES} bytes")
    if time.monotonic() > deadline:
        raise StoryFetchError("the page took too long")
    if answer.length:
        raise StoryFetchError("the page broke off; send its text by the API")
    return bytes(body)
