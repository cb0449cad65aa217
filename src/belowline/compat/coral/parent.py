"""The comment that a comment answers: Coral sends its id alone, so its text is asked for by Coral's GraphQL API."""

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future

import msgspec
import urllib3

from belowline.compat.coral.errands import Errands, finished
from belowline.compat.coral.text import plain_text
from belowline.compat.models import CoralConnection
from belowline.engine.submission import MAX_TEXT_CHARACTERS, Parent

logger = logging.getLogger(__name__)
QUERY = "query ParentOfComment($id: ID!) { comment(id: $id) { body rootParent { body } } }"
PATH = "/api/graphql"
TIMEOUT_SECONDS = 2.0
"""Longer than an answer waits: a parent that comes late is there for the next reply to it."""
MAX_REPLY_BYTES = 2_000_000
CHUNK_BYTES = 65_536
THREADS = 8
MOST_WAITING = 64
MOST_PARENTS = 2_000
OK = 200


class ParentError(Exception):
    """The parent could not be read; the message says why, without any text of comments."""


class _Comment(msgspec.Struct, rename="camel"):
    body: str | None = None
    root_parent: "_Comment | None" = None


class _Data(msgspec.Struct):
    comment: _Comment | None = None


class _Reply(msgspec.Struct):
    data: _Data | None = None


class Parents:
    """The parents that this process has read, the least used forgotten first."""

    def __init__(self) -> None:
        self._errands: Errands[Parent | None] = Errands("coral-parent", THREADS, MOST_WAITING)
        self._known: OrderedDict[tuple[str, str], Parent] = OrderedDict()
        self._lock = threading.Lock()
        self._web = urllib3.PoolManager(maxsize=THREADS, retries=False)

    def begin(self, connection: CoralConnection, parent_id: str | None) -> Future[Parent | None] | None:
        """Return the parent, or the errand that reads it; None where there is none to read."""
        if not (parent_id and connection.coral_url and connection.coral_token):
            return None
        key = (connection.coral_url, parent_id)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return finished(self._known[key])
        return self._errands.begin(key, lambda: self._read(connection, parent_id))

    def forget(self) -> None:
        """Know no parents."""
        with self._lock:
            self._known.clear()

    def _read(self, connection: CoralConnection, parent_id: str) -> Parent | None:
        try:
            found = understand(self._ask(connection, parent_id))
        except (urllib3.exceptions.HTTPError, OSError, ValueError, ParentError) as error:
            # What an error of the network says may hold what was sent.
            why = str(error) if isinstance(error, ParentError) else type(error).__name__
            logger.warning("no parent from %s (%s); the comment is judged without it", connection, why)
            return None
        with self._lock:
            self._known[connection.coral_url, parent_id] = found
            while len(self._known) > MOST_PARENTS:
                self._known.popitem(last=False)
        return found

    def _ask(self, connection: CoralConnection, parent_id: str) -> bytes:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        answer = self._web.request(
            "POST",
            connection.coral_url.rstrip("/") + PATH,
            body=msgspec.json.encode({"query": QUERY, "variables": {"id": parent_id}}),
            headers={
                "Authorization": f"Bearer {connection.coral_token}",
                "Content-Type": "application/json",
                "User-Agent": "Belowline",
            },
            timeout=urllib3.Timeout(total=TIMEOUT_SECONDS),
            redirect=False,
            preload_content=False,
        )
        try:
            return _read_reply(answer, deadline)
        except BaseException:
            answer.close()
            raise
        finally:
            answer.release_conn()


parents = Parents()


def understand(reply: bytes) -> Parent:
    """Return the parent in a reply of Coral's.

    Raises:
        ParentError: the reply is none, or the comment has no text any more.
    """
    try:
        data = msgspec.json.decode(reply, type=_Reply).data
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ParentError("the reply is not what Coral's API gives") from None
    comment = data.comment if data else None
    text = _text(comment)
    if comment is None or not text:
        raise ParentError("there is no such comment, or it has no text, or the token may not read it")
    return Parent(text=text, root_text=_text(comment.root_parent))


def _text(comment: _Comment | None) -> str:
    body = comment.body if comment else None
    return plain_text(body or "")[:MAX_TEXT_CHARACTERS]


def _read_reply(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    if answer.status != OK:
        raise ParentError(f"HTTP {answer.status}")
    body = bytearray()
    # Not read(): a reply that drips would keep the thread for hours.
    while chunk := answer.read1(CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_REPLY_BYTES:
            raise ParentError(f"the reply is larger than {MAX_REPLY_BYTES} bytes")
        if time.monotonic() > deadline:
            raise ParentError("the reply took too long")
    return bytes(body)
