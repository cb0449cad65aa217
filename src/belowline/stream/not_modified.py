"""Answers that are the same for everybody: kept by browsers and proxies, and asked for again by their ETag."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from belowline.stream.shared_cache import Names, keep_answer


def answer_cached(
    request: HttpRequest, body: str | bytes, content_type: str, *, seconds: int, names: Names | None = None
) -> HttpResponse:
    """Answer the body to any origin, to be kept for so long; 304 to those who have it.

    With `names`, shared caches keep it as the settings say, and are told when it changes; what readers have written
    is then kept by browsers for no time at all.
    """
    data = body.encode() if isinstance(body, str) else body
    answer = HttpResponse(data, content_type=content_type)
    answer["ETag"] = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    kept: HttpResponse = get_conditional_response(request, etag=answer["ETag"], response=answer)  # type: ignore[assignment]
    share(kept)
    keep_answer(kept, seconds, names)
    return kept


def answer_tagged(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """Answer a page that is the same for everybody with its ETag; 304 to those who have it."""
    # Weak: it stands for the page in any packing.
    page["ETag"] = f'W/"{hashlib.sha256(page.content).hexdigest()[:20]}"'
    kept: HttpResponse = get_conditional_response(request, etag=page["ETag"], response=page)  # type: ignore[assignment]
    return kept


def share(answer: HttpResponse) -> None:
    """Let pages of every origin read the answer: it holds nothing personal."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
