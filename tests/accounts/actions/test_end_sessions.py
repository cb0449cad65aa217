"""Signing out elsewhere: one browser, all others, everywhere; never somebody else."""

import pytest
from allauth.usersessions.models import UserSession

from belowline.accounts.actions.end_sessions import end_sessions
from belowline.events.models import Event


@pytest.fixture
def clients(reader, other_reader, sign_in, site):
    """Three browsers of the reader, and one of somebody else."""
    found = [sign_in(user) for user in (reader, reader, reader, other_reader)]
    for client in found:
        client.get("/me/sessions/")
    return found


def signed_in(clients):
    return [client.get("/me/").status_code == 200 for client in clients]


def test_one(clients, reader):
    row = UserSession.objects.get(session_key=clients[1].session.session_key)

    assert end_sessions(user=reader, session_id=row.pk) == 1
    assert signed_in(clients) == [True, False, True, True]
    [event] = Event.objects.filter(tag="account:sessions_ended")
    assert (event.subject_id, event.data) == (reader.pk, {"count": 1})


def test_all_but_one(clients, reader):
    assert end_sessions(user=reader, besides=clients[0].session.session_key) == 2
    assert signed_in(clients) == [True, False, False, True]


def test_everywhere(clients, reader):
    assert end_sessions(user=reader) == 3
    assert signed_in(clients) == [False, False, False, True]
    assert end_sessions(user=reader) == 0
    assert Event.objects.filter(tag="account:sessions_ended").count() == 1


def test_somebody_elses_is_left_alone(clients, reader):
    row = UserSession.objects.get(session_key=clients[3].session.session_key)

    assert end_sessions(user=reader, session_id=row.pk) == 0
    assert signed_in(clients) == [True] * 4
