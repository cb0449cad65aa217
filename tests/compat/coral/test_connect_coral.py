"""Connecting a Coral: secrets roll, addresses and tokens belong together, and the log of events knows."""

import pytest
from django.core.exceptions import ValidationError

from belowline.compat.actions.connect_coral import connect_coral, disconnect_coral
from belowline.compat.models import CoralConnection
from belowline.events.models import Event


def test_a_new_connection(site):
    made = connect_coral(site=site, secret=" secret\n")

    kept = CoralConnection.objects.get()
    assert made == kept
    assert (kept.secrets, kept.coral_url, kept.coral_token, kept.budget_ms) == (["secret"], "", "", 150)
    event = Event.objects.get(tag="coral:connected")
    assert (event.subject_id, event.site_id, event.data) == (kept.pk, site.pk, {})


def test_secrets_roll(site):
    for secret in ("one", "two", "two", "three", "two"):
        connect_coral(site=site, secret=secret)

    assert CoralConnection.objects.get().secrets == ["two", "three"]


def test_everything_else_is_as_given(site):
    connect_coral(site=site, secret="s", coral_url="http://coral:5000/", coral_token="t", budget_ms=9)
    kept = CoralConnection.objects.get()
    assert (kept.coral_url, kept.coral_token, kept.budget_ms) == ("http://coral:5000", "t", 9)

    connect_coral(site=site, secret="s")
    kept = CoralConnection.objects.get()
    assert (kept.coral_url, kept.coral_token, kept.budget_ms) == ("", "", 150)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"secret": "  "}, "signing secret"),
        ({"coral_url": "https://coral.example"}, "belong together"),
        ({"coral_token": "t"}, "belong together"),
        ({"budget_ms": 0}, "1 to 10000"),
        ({"budget_ms": 10_001}, "1 to 10000"),
        ({"coral_url": "coral.example", "coral_token": "t"}, "https://"),
        ({"coral_url": "ftp://coral.example", "coral_token": "t"}, "https://"),
        ({"coral_url": "https://", "coral_token": "t"}, "https://"),
        ({"coral_url": "https://[coral", "coral_token": "t"}, "https://"),
        ({"coral_url": "https://coral.example?x=1", "coral_token": "t"}, "https://"),
        ({"coral_url": "https://" + "c" * 200, "coral_token": "t"}, "https://"),
        ({"coral_url": "https://coral.example", "coral_token": "t" * 501}, "500"),
    ],
)
def test_what_is_refused(site, fields, problem):
    with pytest.raises(ValidationError, match=problem):
        connect_coral(**{"site": site, "secret": "s"} | fields)

    assert not CoralConnection.objects.exists()
    assert not Event.objects.filter(tag="coral:connected").exists()


def test_a_connection_is_taken_away(site):
    connect_coral(site=site, secret="s")

    assert disconnect_coral(site=site) is True
    assert disconnect_coral(site=site) is False
    assert not CoralConnection.objects.exists()
