"""comments:batchAnalyze: our own; many requests in one call, each answered or refused by itself."""

from typing import Any

from belowline.compat.perspective import errors
from belowline.compat.perspective.analyze import Caller, analyze
from belowline.compat.perspective.payload import read_message

MAX_REQUESTS = 1_000

type_of_body = dict[str, Any]


def read_batch(body: Any) -> list[Any]:
    """Return the requests of a batch, unread.

    Raises:
        ApiError: INVALID_REQUEST: it is no {"requests": [...]}, is empty, or too long.
    """
    if not isinstance(body, dict) or set(body) != {"requests"} or not isinstance(body["requests"], list):
        raise errors.invalid('Send {"requests": [...]}, each as for comments:analyze.')
    if not 1 <= len(body["requests"]) <= MAX_REQUESTS:
        raise errors.invalid(f"A batch has 1 to {MAX_REQUESTS} requests.")
    return body["requests"]


def analyze_batch(requests: list[Any], caller: Caller) -> type_of_body:
    """Return the answers in the order of the requests; a wrong request has its error there, and stops nothing."""
    return {"responses": [_answer(one, caller) for one in requests]}


def _answer(request: Any, caller: Caller) -> type_of_body:
    try:
        return analyze(read_message("AnalyzeCommentRequest", request), caller)
    except errors.ApiError as error:
        return error.body
