"""`POST /batch`: several HTTP requests in one multipart body, as Google's client libraries send them.

After Google's "Batching requests" for its discovery-based libraries: each part of the request is `application/http`
with a Content-ID; each part of the answer repeats it as `<response-ID>` and holds a whole HTTP response.
"""

import secrets
from email import policy
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpResponse

from belowline.compat.perspective import errors

MAX_PARTS = 1_000
"""As at Google."""
MAX_ID_CHARACTERS = 500


class Part(NamedTuple):
    """One request of a batch."""

    content_id: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


def read_parts(content_type: str, body: bytes) -> list[Part]:
    """Return the requests of a batch.

    Raises:
        ApiError: INVALID_REQUEST: it is no multipart body of HTTP requests, is empty, or too long.
    """
    head = f"Content-Type: {' '.join(content_type.split())}\r\n\r\n".encode("ascii", "replace")
    message = BytesParser(policy=policy.compat32).parsebytes(head + body)
    parts = message.get_payload() if message.is_multipart() else []
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_PARTS:
        raise errors.invalid(f"Send multipart/mixed with 1 to {MAX_PARTS} parts of the type application/http.")
    return [_read_part(part) for part in parts if isinstance(part, Message)]


def _read_part(part: Message) -> Part:
    content = part.get_payload(decode=True)
    lines, _, rest = (content if isinstance(content, bytes) else b"").replace(b"\r\n", b"\n").lstrip().partition(b"\n")
    words = lines.decode("utf-8", "replace").split(" ")
    if len(words) < 2 or words[0] != "POST":  # noqa: PLR2004 - method and address
        raise errors.invalid("Each part of a batch begins with a line such as POST /v1alpha1/comments:analyze.")
    head, _, body = rest.partition(b"\n\n")
    inner = BytesParser(policy=policy.compat32).parsebytes(head + b"\n\n", headersonly=True)
    address = urlsplit(words[1])
    content_id = " ".join(str(part.get("Content-ID", "")).split())[:MAX_ID_CHARACTERS]
    headers = {name.lower(): str(value) for name, value in inner.items()}
    return Part(content_id, address.path, dict(parse_qsl(address.query)), headers, body)


def form_parts(answers: list[tuple[str, HttpResponse]]) -> HttpResponse:
    """Return the answers to the requests with these Content-IDs as one multipart body."""
    boundary = f"batch_{secrets.token_hex(16)}"
    pieces = [_form_part(content_id, answer) for content_id, answer in answers]
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + piece + b"\r\n" for piece in pieces) + mark + b"--\r\n"
    return HttpResponse(body, content_type=f"multipart/mixed; boundary={boundary}")


def _form_part(content_id: str, answer: HttpResponse) -> bytes:
    inner = content_id.strip("<>")
    head = ["Content-Type: application/http"]
    if inner:
        head.append(f"Content-ID: <response-{inner}>")
    status = HTTPStatus(answer.status_code)
    head += ["", f"HTTP/1.1 {status.value} {status.phrase}"]
    head += [f"{name}: {value}" for name, value in answer.items()]
    return "\r\n".join([*head, "", ""]).encode("utf-8", "replace") + answer.content
