"""The addresses that stop mails: for one reader and these kinds, and made by nobody else."""

import pytest
from django.core import signing

from belowline.notifications.models import Kind
from belowline.notifications.unsubscribing import SALT, headers_for, read_token, unsubscribe_address


def token_of(address):
    return address.rstrip("/").rsplit("/", 1)[1]


def test_there_and_back(reader):
    address = unsubscribe_address(reader, [Kind.REPLY, Kind.PICK])

    assert address.startswith("http://localhost:8000/unsubscribe/")
    assert read_token(token_of(address)) == (reader, [Kind.REPLY, Kind.PICK])


def test_the_address_stays_the_same(reader):
    assert unsubscribe_address(reader, [Kind.REPLY]) == unsubscribe_address(reader, [Kind.REPLY])


STRANGE = {
    "nothing": "x",
    "another signature": signing.Signer(salt="other", key="x" * 50).sign_object([1, ["reply"]]),
    "for something else": lambda pk: signing.Signer(salt="sessions").sign_object([pk, ["reply"]]),
}


@pytest.mark.parametrize("token", STRANGE.values(), ids=STRANGE)
def test_made_by_nobody_else(reader, token):
    assert read_token(token(reader.pk) if callable(token) else token) is None


def test_nobodys_account(reader):
    assert read_token(signing.Signer(salt=SALT).sign_object([404, ["reply"]])) is None


def test_a_kind_that_is_no_more(reader):
    assert read_token(signing.Signer(salt=SALT).sign_object([reader.pk, ["gone", "reply"]])).kinds == [Kind.REPLY]


def test_the_headers_of_rfc_8058():
    assert headers_for("https://x.example/u/") == {
        "List-Unsubscribe": "<https://x.example/u/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
