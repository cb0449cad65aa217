"""What happens to every call: the key, the quota, the body, the answer in the form that was asked for."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from belowline.compat.body import stream_of
from belowline.compat.models import ApiKey
from belowline.compat.perspective import errors
from belowline.compat.perspective.analyze import Caller
from belowline.compat.perspective.errors import ApiError
from belowline.compat.perspective.field_mask import apply_mask, read_mask
from belowline.compat.perspective.payload import read_json
from belowline.compat.quota import Left, quota, use

logger = logging.getLogger(__name__)
KEY_KNOWN_SECONDS = 5.0
MOST_KEYS_KNOWN = 10_000
MAX_QUOTA_USER = 40
JSON = "application/json; charset=UTF-8"
SCRIPT = "text/javascript; charset=UTF-8"
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*){0,4}", re.ASCII)
_known: dict[str, tuple[float, ApiKey | None]] = {}

type_of_body = dict[str, Any]


class Call:
    """One call: who makes it, and what it takes from the quota."""

    def __init__(self, query: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self.query = query
        self.headers = headers
        self.key: ApiKey | None = None
        self.left: Left | None = None
        self.comments = 0

    @property
    def caller(self) -> Caller:
        """Whom the door answers, and how."""
        if self.key is None:
            return Caller()
        return Caller(self.key.languages, self.key.scale == ApiKey.Scale.PERSPECTIVE, self.key)

    def identify(self) -> None:
        """Find out whose call this is.

        Raises:
            ApiError: the key is missing or unknown, where keys are required.
        """
        token = _token(self.query, self.headers)
        self.key = find_key(token) if token else None
        if self.key is None and settings.API_KEYS_REQUIRED:
            raise errors.key_invalid() if token else errors.key_missing()

    def take(self, count: int) -> None:
        """Take `count` comments from the key's quota.

        Raises:
            ApiError: RATE_LIMIT_EXCEEDED.
        """
        if self.key is not None:
            self.left = quota.take(self.key, count)
            if not self.left.is_granted:
                raise errors.quota_exceeded(self.key.pk, self.left.limit)
        self.comments += count

    def note(self, status: int) -> None:
        """Count the call for the usage page."""
        if self.key is None:
            return
        counts = {"calls": 1, "comments": self.comments if status == 200 else 0}  # noqa: PLR2004 - HTTP's OK
        if status == 429:  # noqa: PLR2004 - HTTP's Too Many Requests
            counts["refused"] = 1
        elif status >= 400:  # noqa: PLR2004 - HTTP's errors
            counts["errors"] = 1
        use.count(self.key, **counts)


Method = Callable[[Any, Call], type_of_body]


def answer_call(call: Call, method: Method, read_body: Callable[[], bytes]) -> HttpResponse:
    """Answer one call of a method; whatever goes wrong, the answer is an envelope."""
    try:
        mask = read_mask(call.query["fields"]) if call.query.get("fields") else {}
        _check_parameters(call.query)
        call.identify()
        call.take(1)
        status, body = 200, apply_mask(method(read_json(read_body()), call), mask)
    except ApiError as error:
        status, body = error.code, error.body
    except Exception as error:  # noqa: BLE001 - a caller must get an envelope
        # Only the type: the message of an error may quote the comment.
        logger.error("a call of the Perspective door failed (%s)", type(error).__name__)  # noqa: TRY400
        status, body = 500, errors.internal().body
    call.note(status)
    return _limits(form_answer(call.query, status, body), call.left)


def form_answer(parameters: Mapping[str, str], status: int, body: type_of_body) -> HttpResponse:
    """Return the answer, indented unless prettyPrint says otherwise, and wrapped where a callback is named."""
    content = msgspec.json.encode(body)
    if parameters.get("prettyPrint", "true").lower() not in {"false", "0"}:
        content = msgspec.json.format(content, indent=2) + b"\n"
    callback = parameters.get("callback", "")
    if _CALLBACK.fullmatch(callback):
        answer = HttpResponse(b"// API callback\n" + callback.encode() + b"(" + content + b");", content_type=SCRIPT)
    else:
        answer = HttpResponse(content, content_type=JSON, status=status)
    # Callers over their quota shall not fill the log with warnings.
    answer._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 - Django's own mark
    answer["Content-Length"] = str(len(answer.content))
    answer["Cache-Control"] = "private"
    return open_to_pages(answer)


def open_to_pages(answer: HttpResponse) -> HttpResponse:
    """Let scripts of any page read the answer, as Google does: the key in the address is the only credential."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "RateLimit, RateLimit-Policy, Retry-After"
    return answer


def find_key(token: str) -> ApiKey | None:
    """Return the live key with this text, or None; remembered for five seconds."""
    digest, now = ApiKey.hash(token), time.monotonic()
    known_at, key = _known.get(digest, (0.0, None))
    if not known_at or now - known_at > KEY_KNOWN_SECONDS:
        key = ApiKey.find(token)
        if len(_known) >= MOST_KEYS_KNOWN:
            _known.clear()
        _known[digest] = (now, key)
    return key


def forget_keys() -> None:
    """Look every key up anew."""
    _known.clear()


def _token(query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    bearer = headers.get("authorization", "")
    sent = query.get("key") or headers.get("x-goog-api-key", "")
    if not sent and bearer[:7].lower() == "bearer ":
        sent = bearer[7:].strip()
    return sent or query.get("access_token") or query.get("oauth_token") or ""


def _check_parameters(parameters: Mapping[str, str]) -> None:
    alt = parameters.get("alt") or "json"
    if alt != "json":
        raise errors.invalid("Only alt=json is served: leave the parameter out.")
    if len(parameters.get("quotaUser", "")) > MAX_QUOTA_USER:
        raise errors.invalid(f"quotaUser has more than {MAX_QUOTA_USER} characters.")
    callback = parameters.get("callback", "")
    if callback and not _CALLBACK.fullmatch(callback):
        raise errors.invalid("The callback must be the name of a function.")


def read_body(request: HttpRequest, most: int) -> bytes:
    """Return the body of a request.

    Raises:
        ApiError: INVALID_REQUEST: it has more than `most` bytes.
    """
    body = stream_of(request).read(most + 1)
    if len(body) > most:
        raise errors.invalid(f"Request payload size exceeds the limit: {most} bytes.")
    return body


def _limits(answer: HttpResponse, left: Left | None) -> HttpResponse:
    """Say what is left of the quota: draft-ietf-httpapi-ratelimit-headers-10."""
    if left is not None:
        answer["RateLimit-Policy"] = f'"minute";q={left.limit};w=60'
        answer["RateLimit"] = f'"minute";r={left.remaining};t={left.seconds}'
        if not left.is_granted:
            answer["Retry-After"] = str(left.seconds)
    return answer
