"""Answers that are the same for everybody: kept by browsers and proxies, and asked for again by their ETag."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def answer_cached(request: HttpRequest, body: str | bytes, content_type: str, *, seconds: int) -> HttpResponse:
    """Answer the body to any origin, to be kept for so long; 304 to those who have it."""
    data = body.encode() if isinstance(body, str) else body
    answer = HttpResponse(data, content_type=content_type)
    answer["Cache-Control"] = f"public, max-age={seconds}, stale-while-revalidate={10 * seconds}"
    answer["ETag"] = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    share(answer)
    kept: HttpResponse = get_conditional_response(request, etag=answer["ETag"], response=answer)  # type: ignore[assignment]
    if kept is not answer:
        share(kept)
    return kept


def share(answer: HttpResponse) -> None:
    """Let pages of every origin read the answer: it holds nothing personal."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
