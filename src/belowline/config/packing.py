"""Pages go out packed by gzip, and so do scripts and style sheets: each of these is packed once, and kept.

WhiteNoise sends packed files where they lie beside the plain ones; here no build step has put any there.
"""

import gzip
from collections.abc import Callable

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from belowline.stream.accepted import GZIP

PACKABLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
MIN_BYTES = 500
MAX_KEPT = 200

Kept = dict[tuple[str, str], bytes]


PACKED = ("text/html", "text/css", "text/javascript")
"""What browsers read; programs that ask for JSON get it plain."""


class PageGZipMiddleware(GZipMiddleware):
    """Packs what is made for browsers, with padding against BREACH; what programs are answered goes out as it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer, packed if it is a page and its reader takes gzip."""
        if not response.headers.get("Content-Type", "").startswith(PACKED):
            return response
        packed_page: HttpResponseBase = super().process_response(request, response)
        return packed_page


def pack_static(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return Django's middleware that packs static files for browsers that read gzip; stands before WhiteNoise."""
    kept: Kept = {}

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, FileResponse) or not request.path_info.startswith(settings.STATIC_URL):
            return response
        if not response.headers.get("Content-Type", "").startswith(PACKABLE):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if request.method != "GET" or not is_wanted(request, response):
            return response
        return packed(response, kept, (request.path_info, response.headers.get("Last-Modified", "")))

    return answer


def is_wanted(request: HttpRequest, response: FileResponse) -> bool:
    """Say whether a whole file is answered, unpacked so far, to a browser that reads gzip, and worth the work."""
    is_plain = response.status_code == 200 and "Content-Encoding" not in response.headers  # noqa: PLR2004 - HTTP's OK
    is_worth_it = int(response.headers.get("Content-Length", 0)) >= MIN_BYTES
    return is_plain and is_worth_it and bool(GZIP.search(request.headers.get("Accept-Encoding", "")))


def packed(response: FileResponse, kept: Kept, key: tuple[str, str]) -> FileResponse:
    """Return the answer in gzip; the work is done once for each state of a file."""
    body = kept.get(key)
    if body is None:
        body = gzip.compress(b"".join(response), 9, mtime=0)
        if len(kept) < MAX_KEPT:
            kept[key] = body
    response.streaming_content = [body]
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(body))
    if tag := response.headers.get("ETag"):
        response.headers["ETag"] = tag if tag.startswith("W/") else f"W/{tag}"
    return response
