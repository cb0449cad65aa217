"""Only what Coral signed is understood: with any of the connection's secrets, before a byte is parsed."""

import hashlib
import hmac
import json

import pytest

from belowline.compat.actions.connect_coral import connect_coral
from belowline.compat.coral.signature import is_signed, sign

BODY = b'{"a": 1}'
GOOD = "sha256=" + hmac.new(b"new", BODY, hashlib.sha256).hexdigest()
OLD = "sha256=" + hmac.new(b"old", BODY, hashlib.sha256).hexdigest()
OTHER = "sha256=" + hmac.new(b"other", BODY, hashlib.sha256).hexdigest()


def test_a_signature_as_coral_makes_it():
    assert sign(BODY, "new") == GOOD


@pytest.mark.parametrize(
    ("header", "secrets", "is_good"),
    [
        (GOOD, ["new"], True),
        (GOOD, ["new", "old"], True),
        (OLD, ["new", "old"], True),
        (f"{GOOD},{OLD}", ["new"], True),
        (f"{OLD},{GOOD}", ["new"], True),
        (f"{OTHER}, {OLD}", ["new", "old"], True),
        (GOOD.upper(), ["new"], True),
        ("sha256=" + GOOD[7:].upper(), ["new"], True),
        (f" {GOOD} ", ["new"], True),
        (OLD, ["new"], False),
        (f"{OTHER},{OTHER}", ["new", "old"], False),
        ("", ["new"], False),
        (",", ["new"], False),
        ("sha256=", ["new"], False),
        (GOOD[7:], ["new"], False),
        (GOOD[:-1], ["new"], False),
        (GOOD + "0", ["new"], False),
        ("sha1=" + GOOD[7:], ["new"], False),
        ("sha256=ü", ["new"], False),
        ("sha256=\udc80", ["new"], False),
        (GOOD, [], False),
        (sign(BODY, ""), [""], False),
    ],
)
def test_which_signatures_are_good(header, secrets, is_good):
    assert is_signed(BODY, header, secrets) is is_good


def test_another_body_needs_another_signature():
    assert not is_signed(BODY + b" ", GOOD, ["new"])


@pytest.mark.parametrize("signature", ["", "sha256=", "nonsense", OTHER])
def test_an_unsigned_request_is_refused(gazette, post, sent, signature):
    answer = post("gazette", json.dumps(sent("Hello.")).encode(), signature)

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed"


def test_an_unsigned_body_is_not_even_parsed(gazette, post):
    assert post("gazette", b"no json", "sha256=00").status_code == 401
    assert post("gazette", b"no json").status_code == 400


def test_a_secret_that_is_rolled(gazette, post, sent, signed):
    """Both secrets hold while Coral signs with both; the one before the last is forgotten."""
    body = json.dumps(sent("A quiet remark.")).encode()
    first = "the phase's own secret"
    connect_coral(site=gazette, secret="second")

    assert post("gazette", body, signed(body, first)).status_code == 204
    assert post("gazette", body, signed(body, first, "second")).status_code == 204
    assert post("gazette", body, signed(body, "second")).status_code == 204

    connect_coral(site=gazette, secret="third")
    assert post("gazette", body, signed(body, first)).status_code == 401
    assert post("gazette", body, signed(body, "second")).status_code == 204
