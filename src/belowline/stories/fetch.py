"""Reading a story's text from the paper's own page, and from nowhere else.

Guards: only http(s) on the site's own domains, every redirect checked anew, limits on time and size, and those of
stories.connection: no address in a private network, and the connection made to the very address that was checked.
"""

import http.client
import time
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import trafilatura
from django.conf import settings

from belowline.stories.connection import answer_of
from belowline.stories.errors import StoryFetchError
from belowline.stories.models import Site

MAX_REDIRECTS = 3
CHUNK_BYTES = 65_536
REDIRECTS = {301, 302, 303, 307, 308}
HTML_TYPES = {"text/html", "application/xhtml+xml"}
HEADERS = {"User-Agent": "Belowline", "Accept": "text/html", "Connection": "close"}


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


def _get(parts: SplitResult, deadline: float) -> tuple[bytes, str | None]:
    """Return the body, or the address that the page redirects to."""
    try:
        with answer_of(parts, deadline, HEADERS) as answer:
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
