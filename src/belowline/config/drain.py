"""Bodies that no view has read are read to their end before the answer goes out.

Otherwise the server closes the connection while the client still sends, and the client sees a broken connection
instead of the answer: a wrong key, or an address that is not there.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from belowline.compat.body import stream_of

MAX_BYTES = 64_000_000
"""What is longer than this is cut off with its connection."""
CHUNK_BYTES = 65_536


def drain_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return Django's middleware that reads what is left of each request's body."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in {"GET", "HEAD"}:
            drain(request)
        return response

    return answer


def drain(request: HttpRequest) -> None:
    """Read the rest of a body and drop it; a client that is gone does no harm."""
    source, left = stream_of(request), MAX_BYTES
    try:
        while left > 0 and (piece := source.read(CHUNK_BYTES)):
            left -= len(piece)
    except (OSError, UnreadablePostError):
        return
