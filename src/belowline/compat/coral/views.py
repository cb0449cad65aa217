"""The address that Coral's external moderation phase calls."""

import logging

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from belowline.compat.body import stream_of
from belowline.compat.coral.answer import build_answer
from belowline.compat.coral.context import gather
from belowline.compat.coral.errors import PhaseError
from belowline.compat.coral.judge import UNKNOWN_POLICY, judge
from belowline.compat.coral.schemas import PhaseRequest, read_request
from belowline.compat.coral.signature import HEADER, is_signed
from belowline.compat.coral.text import plain_text
from belowline.compat.models import CoralConnection
from belowline.engine.decide import hold_unjudged
from belowline.engine.decision import Decision
from belowline.engine.submission import Submission

logger = logging.getLogger(__name__)
MAX_BODY_BYTES = 2_000_000
PROBLEM = "application/problem+json"


@csrf_exempt
def phase(request: HttpRequest, site_key: str) -> HttpResponse:
    """Answer one request of the phase: 204 lets Coral go on, 200 withholds or rejects, the rest is a problem."""
    try:
        connection, asked = admit(request, site_key)
    except PhaseError as error:
        return problem(error)
    body = build_answer(decide(connection, asked)) if plain_text(asked.comment.body) else None
    if body is None:
        return HttpResponse(status=204)
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def admit(request: HttpRequest, site_key: str) -> tuple[CoralConnection, PhaseRequest]:
    """Return whose request this is and what it asks; the signature is checked before anything is understood.

    Raises:
        PhaseError: no such address, no valid signature, or a body that is too long or wrong.
    """
    if request.method != "POST":
        raise PhaseError(405, "method_not_allowed", "Use POST, as Coral does.")
    connection = CoralConnection.objects.select_related("site").filter(site__key=site_key).first()
    if connection is None:
        raise PhaseError(404, "not_connected", "No Coral is connected to a site with this key.")
    body = stream_of(request).read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise PhaseError(413, "body_too_long", f"The body has more than {MAX_BODY_BYTES} bytes.")
    if not is_signed(body, request.headers.get(HEADER, ""), connection.secrets):
        raise PhaseError(401, "not_signed", f"{HEADER} is missing, or made with another secret than is known here.")
    return connection, read_request(body)


def decide(connection: CoralConnection, asked: PhaseRequest) -> Decision:
    """Judge the comment with what is known of story and parent; an error here would let it pass, so it holds."""
    try:
        story, parent = gather(connection, asked)
        submission = Submission(text=plain_text(asked.comment.body), story=story, parent=parent)
        return judge(connection.site, submission)
    except Exception as error:  # noqa: BLE001 - Coral publishes what it gets no answer for
        # Only the type: the message of an error may quote the comment.
        logger.error("a comment of Coral could not be judged (%s); it is held", type(error).__name__)  # noqa: TRY400
        return hold_unjudged(UNKNOWN_POLICY)


def problem(error: PhaseError) -> HttpResponse:
    """Return the error as an RFC 9457 problem; Coral skips the phase for it, whatever it is."""
    body = {"type": "about:blank", "title": error.code, "status": error.status, "detail": error.message}
    answer = HttpResponse(msgspec.json.encode(body | {"code": error.code}), content_type=PROBLEM, status=error.status)
    if error.status == 405:  # noqa: PLR2004 - HTTP's Method Not Allowed
        answer["Allow"] = "POST"
    return answer
