"""The addresses of the Perspective door."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from belowline.compat.perspective import errors
from belowline.compat.perspective.analyze import analyze
from belowline.compat.perspective.batch import analyze_batch, read_batch
from belowline.compat.perspective.discovery import VERSION, discovery_document
from belowline.compat.perspective.door import Call, Method, answer_call, form_answer, open_to_pages, read_body
from belowline.compat.perspective.multipart import Part, form_parts, read_parts
from belowline.compat.perspective.openapi import openapi_document
from belowline.compat.perspective.payload import read_message
from belowline.compat.perspective.suggest import suggest

MAX_BODY_BYTES = 8_000_000
"""Room for a comment and two entries of 1 MB, and the escapes of JSON."""
MAX_BATCH_BYTES = 32_000_000

type_of_body = dict[str, Any]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that is not there, where the door is all that is served."""
    return form_answer(request.GET, 404, errors.not_found().body)


@csrf_exempt
def no_such_method(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer an address below v1alpha1 that is none of the door's."""
    return not_found(request)


@csrf_exempt
def method(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a call of one of the methods; OPTIONS tells scripts of other pages that they may call."""
    if name not in METHODS:
        return form_answer(request.GET, 404, errors.not_found().body)
    if request.method == "OPTIONS":
        answer = open_to_pages(HttpResponse(status=204))
        answer["Access-Control-Allow-Methods"] = "POST"
        # The star covers all but Authorization: Fetch standard, section on CORS.
        answer["Access-Control-Allow-Headers"] = "*, Authorization"
        answer["Access-Control-Max-Age"] = "86400"
        return answer
    if request.method != "POST":
        answer = form_answer(request.GET, 405, errors.method_not_allowed().body)
        answer["Allow"] = "POST, OPTIONS"
        return answer
    most = MAX_BATCH_BYTES if name == "batchAnalyze" else MAX_BODY_BYTES
    return answer_call(Call(request.GET, request.headers), METHODS[name], lambda: read_body(request, most))


@csrf_exempt
def http_batch(request: HttpRequest) -> HttpResponse:
    """Answer several calls that came in one multipart body, each by itself: with its own key, quota and status."""
    if request.method != "POST":
        return form_answer(request.GET, 405, errors.method_not_allowed().body)
    try:
        parts = read_parts(request.headers.get("Content-Type", ""), read_body(request, MAX_BATCH_BYTES))
    except errors.ApiError as error:
        return form_answer(request.GET, error.code, error.body)
    outer = {name.lower(): value for name, value in request.headers.items()}
    return open_to_pages(form_parts([(part.content_id, _answer_part(part, outer)) for part in parts]))


def _answer_part(part: Part, outer: dict[str, str]) -> HttpResponse:
    name = part.path.removeprefix(f"/{VERSION}/comments:")
    if name not in METHODS or name == part.path:
        return form_answer(part.query, 404, errors.not_found().body)
    return answer_call(Call(part.query, outer | part.headers), METHODS[name], lambda: part.body)


def discovery(request: HttpRequest) -> HttpResponse:
    """Return the discovery document of v1alpha1, which names this server's public address."""
    if request.GET.get("version", VERSION) != VERSION:
        return form_answer(request.GET, 404, errors.not_found().body)
    return form_answer(request.GET, 200, discovery_document(settings.BASE_URL))


def openapi(request: HttpRequest) -> HttpResponse:
    """Return the doors as OpenAPI 3.1."""
    return form_answer(request.GET, 200, openapi_document(settings.BASE_URL))


def _analyze(body: Any, call: Call) -> type_of_body:
    return analyze(read_message("AnalyzeCommentRequest", body), call.caller)


def _suggest(body: Any, call: Call) -> type_of_body:
    return suggest(read_message("SuggestCommentScoreRequest", body), call.caller)


def _batch(body: Any, call: Call) -> type_of_body:
    requests = read_batch(body)
    if len(requests) > 1:
        call.take(len(requests) - 1)
    return analyze_batch(requests, call.caller)


METHODS: dict[str, Method] = {"analyze": _analyze, "suggestscore": _suggest, "batchAnalyze": _batch}
