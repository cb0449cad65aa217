"""Keys and suggestions as they are kept."""

import re

import pytest
from django.db import IntegrityError, transaction

from belowline.compat.actions.issue_key import issue_key
from belowline.compat.models import ApiKey, Suggestion


def test_tokens_are_long_and_never_the_same():
    tokens = {ApiKey.new_token() for _ in range(200)}

    assert len(tokens) == 200
    assert all(re.fullmatch(r"bl_[\w-]{32}", token) for token in tokens)


@pytest.mark.parametrize("token", ["", "\x00", "\ud800", "é", "x" * 100_000])
def test_any_text_can_be_looked_up(db, token):
    assert ApiKey.find(token) is None


def test_only_the_digest_is_kept(db):
    row, token = issue_key(label="tests")
    kept = "".join(str(value) for value in vars(row).values())

    assert token not in kept
    assert row.digest == ApiKey.hash(token)
    assert row.shown == token[:8] + "…"
    assert ApiKey.find(token) == row


def test_a_token_of_a_key_stands_for_one_suggestion(db):
    key = issue_key(label="tests")[0]
    fields = {"key": key, "text": "x", "attribute_scores": {}}
    Suggestion.objects.create(client_token="1", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.create(client_token="1", **fields)
    for _ in range(2):
        Suggestion.objects.create(client_token="", **fields)

    assert Suggestion.objects.count() == 3
