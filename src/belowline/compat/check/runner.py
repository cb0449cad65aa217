"""Sending the cases to a server."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

import urllib3

from belowline.compat.check.cases import ANALYZE, QUOTA, Case, all_cases, analyze
from belowline.compat.check.expected import Answer, look_up, shorten

TIMEOUT_SECONDS = 30.0
NOT_SERVED = frozenset({404, 405, 501})
TOO_MANY = 429
MOST_CALLS = 20_000
"""After so many calls a server counts as one without a quota."""
MOST_READ_BYTES = 4_000_000
VERSION_PATH = "/v1alpha1"
KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_MISSING"})


class UnreachableError(Exception):
    """There is no server at the address, or it refuses the key."""


class Verdict(StrEnum):
    """What came of a case."""

    OK = "ok"
    DIFFERS = "differs"
    NOT_SERVED = "not served"


class Result(NamedTuple):
    """A case with what came of it."""

    case: Case
    verdict: Verdict
    came: str
    """What came instead, in a line; empty where all is as expected."""


class Server:
    """A server that speaks v1alpha1."""

    def __init__(self, url: str, key: str = "", timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        address = url.strip().rstrip("/").removesuffix(VERSION_PATH)
        self.address = address if "://" in address else f"http://{address}"
        self._key = key
        self._pool = urllib3.PoolManager(retries=False, timeout=timeout_seconds)

    def ask(self, case: Case) -> Answer:
        """Send one case.

        Raises:
            UnreachableError: there was no answer.
        """
        key = self._key if case.key is None else case.key
        query = urlencode(dict(case.query) | ({"key": key} if key else {}))
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body, ensure_ascii=False).encode()
        headers = {"Content-Type": case.content_type} if case.content_type else {}
        address = f"{self.address}/{case.path}" + (f"?{query}" if query else "")
        try:
            answer = self._pool.request(
                case.method, address, body=None if case.method == "GET" else body, headers=headers, redirect=False
            )
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise UnreachableError(f"{self.address} does not answer ({type(error).__name__})") from error
        text = answer.data[:MOST_READ_BYTES].decode("utf-8", "replace")
        return Answer(answer.status, answer.headers, text)


def run_cases(server: Server, *, has_key: bool, with_quota: bool = False) -> Iterator[Result]:
    """Send every case that says something about this server, one after the other.

    Raises:
        UnreachableError: there is no server at the address, or it refuses the key.
    """
    _greet(server)
    for case in all_cases():
        if has_key or not case.needs_key:
            yield judge(server, case, _ask(server, case))
    if with_quota and has_key:
        yield judge(server, QUOTA, use_up(server))


def judge(server: Server, case: Case, answer: Answer | UnreachableError) -> Result:
    """Return what came of a case."""
    if isinstance(answer, UnreachableError):
        return Result(case, Verdict.DIFFERS, str(answer))
    differences = case.expected.differences(answer, f"{server.address}/")
    if not differences:
        return Result(case, Verdict.OK, "")
    verdict = Verdict.NOT_SERVED if _is_unserved(case, answer) else Verdict.DIFFERS
    message = look_up(answer.body, "error message")
    if answer.status not in case.expected.statuses and isinstance(message, str):
        differences = [differences[0], f"“{message}”"]
    return Result(case, verdict, shorten("; ".join(differences)))


def use_up(server: Server) -> Answer | UnreachableError:
    """Call until the quota is used up; return the last answer."""
    cheap = QUOTA._replace(body=b"")
    for _ in range(MOST_CALLS):
        answer = _ask(server, cheap)
        if isinstance(answer, UnreachableError) or answer.status == TOO_MANY:
            return answer
    return _ask(server, QUOTA)


def _ask(server: Server, case: Case) -> Answer | UnreachableError:
    try:
        return server.ask(case)
    except UnreachableError as error:
        return error


def _greet(server: Server) -> None:
    answer = server.ask(Case("", "", QUOTA.expected, analyze(), ANALYZE))
    if look_up(answer.body, "error details 0 reason") in KEY_REASONS:
        message = look_up(answer.body, "error message")
        raise UnreachableError(
            f"{server.address} refuses the key; name one with --key. It says: {shorten(str(message))}"
        )


def _is_unserved(case: Case, answer: Answer) -> bool:
    if answer.status in NOT_SERVED:
        return True
    message = look_up(answer.body, "error message")
    is_unknown = isinstance(message, str) and message.startswith("Unknown requested attribute")
    return is_unknown and answer.status not in case.expected.statuses
