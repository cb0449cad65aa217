"""Sends statements of reasons to the EU's Transparency Database (its API, version 1).

A batch of at most 100 is taken as a whole or not at all, so what the database refuses is taken out, and the rest sent
again. A number (puid) that it says it has is looked up before it counts as sent.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import urllib3

from belowline.moderation.errors import StatementError

BATCH = 100
PER_SECOND = 200
"""Statements: the database's own limit for a user."""
TRIES = 5
FIRST_WAIT_SECONDS, MAX_WAIT_SECONDS = 1.0, 60.0
TIMEOUT_SECONDS = 60.0
LOCAL = {"localhost", "127.0.0.1", "::1"}
CREATED, FOUND, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, INVALID, TOO_MANY = 201, 302, 401, 403, 404, 422, 429
SERVER_ERRORS = range(500, 600)

Record = dict[str, Any]


class Sent(NamedTuple):
    """A statement that the database has."""

    puid: str
    uuid: str | None = None
    """Its number there, where the answer says it."""
    is_new: bool = True
    """False: the database had it before."""


class Refused(NamedTuple):
    """A statement that the database does not take, with its own words."""

    puid: str
    problems: list[str]


class Client:
    """Speaks with one database, with one token."""

    def __init__(self, url: str, token: str, *, sleep: Callable[[float], object] = time.sleep) -> None:
        """Prepare; `url` ends before `/statements`, such as https://transparency.dsa.ec.europa.eu/api/v1.

        Raises:
            StatementError: `invalid_address`.
        """
        self.url = clean_url(url)
        self._sleep = sleep
        self._pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT_SECONDS)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def send(self, records: Sequence[Record]) -> Iterator[list[Sent | Refused]]:
        """Send records; yield after each answer what became of whom, so that it can be written down at once.

        Raises:
            StatementError: `token_refused`, `database_unreachable` or `database_refused`.
        """
        for start in range(0, len(records), BATCH):
            batch = list(records[start : start + BATCH])
            while batch:
                begun = time.monotonic()
                found = self._send_batch(batch)
                yield found
                done = {result.puid for result in found}
                batch = [record for record in batch if record["puid"] not in done]
                # Never more statements a second than the database allows.
                self._sleep(max(0.0, len(found) / PER_SECOND - (time.monotonic() - begun)))

    def has(self, puid: str) -> bool:
        """Ask whether the database has a statement with this number.

        Raises:
            StatementError: as `send`.
        """
        status, _ = self._ask("GET", f"/statement/existing-puid/{puid}")
        if status not in {FOUND, NOT_FOUND}:
            raise _unexpected(status)
        return status == FOUND

    def _send_batch(self, batch: list[Record]) -> list[Sent | Refused]:
        """Send one batch; return what is settled, which is at least one statement."""
        status, answer = self._ask("POST", "/statements", {"statements": batch})
        if status == CREATED:
            uuids = {row.get("puid"): row.get("uuid") for row in _rows(answer.get("statements"))}
            return [Sent(record["puid"], uuids.get(record["puid"])) for record in batch]
        if status != INVALID:
            raise _unexpected(status)
        found = [*self._duplicates(batch, answer), *_refused(batch, answer)]
        if not found:
            raise StatementError(
                f"the database refused a batch and named no statement in it: {_words(answer)}", code="database_refused"
            )
        return found

    def _duplicates(self, batch: list[Record], answer: Record) -> list[Sent | Refused]:
        errors = answer.get("errors")
        named = errors.get("existing_puids") if isinstance(errors, dict) else None
        existing = {str(puid) for puid in named} if isinstance(named, list) else set()
        puids = [record["puid"] for record in batch if record["puid"] in existing]
        return [
            Sent(puid, is_new=False)
            if self.has(puid)
            # Named as there, and not found: another call holds it at the moment.
            else Refused(puid, ["the database is busy with this statement; send again later"])
            for puid in puids
        ]

    def _ask(self, method: str, path: str, body: Record | None = None) -> tuple[int, Record]:
        """Return status and answer, after as many tries as it takes; what asks for patience is tried again."""
        wait = FIRST_WAIT_SECONDS
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(wait)
                wait = min(wait * 2, MAX_WAIT_SECONDS)
            try:
                answer = self._pool.request(
                    method,
                    self.url + path,
                    headers=self._headers,
                    body=json.dumps(body).encode() if body is not None else None,
                    redirect=False,
                )
            except (urllib3.exceptions.HTTPError, OSError) as error:
                problem = type(error).__name__
                continue
            if answer.status in {UNAUTHORIZED, FORBIDDEN}:
                raise StatementError(
                    "the database refuses the token; make a new one there and put it into the file",
                    code="token_refused",
                )
            if answer.status != TOO_MANY and answer.status not in SERVER_ERRORS:
                return answer.status, _parse(answer.data)
            problem = f"status {answer.status}"
            wait = max(wait, _retry_after(answer.headers.get("Retry-After", "")))
        raise StatementError(
            f"the database did not answer as it should after {TRIES} tries ({problem}); run this again later",
            code="database_unreachable",
        )


def clean_url(url: str) -> str:
    """Return the address without a slash at its end.

    Raises:
        StatementError: `invalid_address`.
    """
    try:
        parts = urllib3.util.parse_url(url)
    except urllib3.exceptions.HTTPError:
        parts = urllib3.util.Url()
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and (parts.host or "").strip("[]") in LOCAL)
    if not parts.host or not is_safe:
        raise StatementError(
            "give the database's address with https://, such as https://transparency.dsa.ec.europa.eu/api/v1",
            code="invalid_address",
        )
    return url.rstrip("/")


def _refused(batch: list[Record], answer: Record) -> list[Refused]:
    errors = answer.get("errors")
    found = []
    for index, record in enumerate(batch):
        named = errors.get(f"statement_{index}") if isinstance(errors, dict) else None
        if isinstance(named, dict):
            found.append(Refused(record["puid"], [f"{field}: {_words(texts)}" for field, texts in named.items()]))
    return found


def _rows(found: Any) -> list[Record]:
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _words(found: Any) -> str:
    if isinstance(found, list):
        return " ".join(str(one) for one in found)
    return json.dumps(found)[:500] if isinstance(found, dict) else str(found)


def _parse(data: bytes) -> Record:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(text: str) -> float:
    """Return the seconds that the answer asks to wait; a date, or nothing, is 0."""
    return min(float(text), MAX_WAIT_SECONDS) if text.isascii() and text.isdecimal() else 0.0


def _unexpected(status: int) -> StatementError:
    return StatementError(
        f"the database answered with status {status}, which its API does not describe; check the address",
        code="database_refused",
    )
