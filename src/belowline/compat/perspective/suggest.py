"""comments:suggestscore: what a comment should have scored is kept, and trains nothing by itself."""

import re
from typing import Any

from belowline.compat.actions.save_suggestion import save_suggestion
from belowline.compat.perspective import errors
from belowline.compat.perspective.analyze import Caller, check_comment, check_languages, read_context

MAX_TOKEN_CHARACTERS = 500
ATTRIBUTE = re.compile(r"[A-Z][A-Z_]{0,60}(@\d{1,5})?")

type_of_body = dict[str, Any]


def suggest(request: type_of_body, caller: Caller) -> type_of_body:
    """Keep a SuggestCommentScoreRequest, and return the answer to it; the same clientToken again replaces it.

    Without a key there is nobody to keep it for: it is checked and answered only.

    Raises:
        ApiError: the request is wrong.
    """
    text = check_comment(request)
    read_context(request)
    scores = check_scores(request.get("attributeScores", {}))
    for name in ("clientToken", "communityId"):
        if len(request.get(name, "")) > MAX_TOKEN_CHARACTERS:
            raise errors.invalid(f"{name} has more than {MAX_TOKEN_CHARACTERS} characters.")
    languages, detected = check_languages(request, caller)
    if caller.key is not None:
        save_suggestion(
            key=caller.key,
            text=text,
            context=request.get("context", {}),
            attribute_scores=scores,
            languages=languages or detected[:1],
            community=request.get("communityId", ""),
            client_token=request.get("clientToken", ""),
        )
    found: type_of_body = {"detectedLanguages": detected, "requestedLanguages": languages}
    if "clientToken" in request:
        found["clientToken"] = request["clientToken"]
    return found


def check_scores(scores: type_of_body) -> type_of_body:
    """Return the suggested scores.

    Raises:
        ApiError: INVALID_REQUEST: there are none, one is empty, a value is missing, or a span has no place.
    """
    if not scores:
        raise errors.invalid("attribute_scores must not be empty.")
    for name, given in scores.items():
        if not ATTRIBUTE.fullmatch(name):
            raise errors.invalid("attribute_scores names an attribute that is none.")
        spans = given.get("spanScores", [])
        if "summaryScore" not in given and not spans:
            raise errors.invalid(f"The scores of {name} must not be empty.")
        if "summaryScore" in given:
            _check_score(name, given["summaryScore"])
        for span in spans:
            _check_span(name, span)
    return scores


def _check_span(name: str, span: type_of_body) -> None:
    if "begin" not in span or "end" not in span:
        raise errors.invalid(f"Every span of {name} needs begin and end.")
    if not 0 <= span["begin"] <= span["end"]:
        raise errors.invalid(f"A span of {name} ends before it begins.")
    _check_score(name, span.get("score", {}))


def _check_score(name: str, score: type_of_body) -> None:
    if score.get("type", "PROBABILITY") not in {"PROBABILITY", "SCORE_TYPE_UNSPECIFIED"}:
        raise errors.invalid(f"Only PROBABILITY scores can be suggested for {name}.")
    if "value" not in score:
        raise errors.invalid(f"Every score of {name} needs a value.")
    if not 0.0 <= score["value"] <= 1.0:
        raise errors.invalid(f"Every score of {name} must be between 0 and 1.")
