"""How large a request may be: looked at before anything of it is read.

The length that a request names is looked at here. One that comes in chunks names none: of it, forms and JSON read
nothing, the doors for Perspective and Coral count while they read, and the rest is dropped (config.drain).
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from belowline.config.drain import MAX_BYTES, drain

DOORS = ("/v1alpha1/", "/batch")
DOOR_BYTES = 32_000_000
"""A hundred comments with their articles in one call; each method has a smaller limit of its own."""
MOST_DIGITS = 15
"""What is longer is too large by its first digits alone."""
TOO_LARGE = "413 Content Too Large"


def most_bytes(path: str) -> int:
    """Return how large the body of a request to this path may be."""
    return max(DOOR_BYTES, settings.MAX_BODY_BYTES) if path.startswith(DOORS) else int(settings.MAX_BODY_BYTES)


def named_bytes(environ: dict[str, Any]) -> int:
    """Return the length that a request names; 0: none, or no number."""
    named = str(environ.get("CONTENT_LENGTH") or "")
    return int(named[:MOST_DIGITS]) if named.isascii() and named.isdigit() else 0


def answer_too_large(most: int, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer 413 as a problem (RFC 9457), once what the client still sends is out of the way."""
    if named_bytes(environ) <= MAX_BYTES:
        # Else the connection would break under its hands, before the answer is read.
        drain(WSGIRequest(environ))
    detail = f"The body of this request has more than {most} bytes, which is the most that is read here."
    body = {"type": "about:blank", "title": "body_too_long", "status": 413, "detail": detail, "code": "body_too_long"}
    text = json.dumps(body).encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(text))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(TOO_LARGE, headers)
    return [text]
