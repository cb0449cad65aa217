"""/healthz: 200 while the database answers."""

import pytest
from django.db import DatabaseError, connection


@pytest.mark.django_db
def test_it_answers(stranger):
    answer = stranger.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_it_says_so_when_the_database_does_not_answer(stranger, monkeypatch):
    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", broken)
    stranger.raise_request_exception = False

    assert stranger.get("/healthz").status_code == 500
