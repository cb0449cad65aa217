"""Reading a request's body by pieces, without Django's limit for forms, and also where no length was named."""

from typing import Protocol

from django.http import HttpRequest


class Stream(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...


def stream_of(request: HttpRequest) -> Stream:
    """Return what the body is read from.

    Django reads nothing where no length is named; the server ends a body that comes in chunks by itself.
    """
    environ = request.META
    is_chunked = not environ.get("CONTENT_LENGTH") and environ.get("wsgi.input_terminated")
    stream: Stream = environ["wsgi.input"] if is_chunked else request
    return stream
