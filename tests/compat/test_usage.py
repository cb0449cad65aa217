"""The page that shows what a key was used for: to whoever has the key, and the key is in no address."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from belowline.compat.actions.issue_key import issue_key, revoke_key
from belowline.compat.models import KeyDay, use_of_days
from belowline.compat.perspective.door import forget_keys


@pytest.fixture
def issued(db):
    forget_keys()
    yield issue_key(label="The Gazette’s <Coral>", quota_per_minute=120, languages=("en", "fr"))
    forget_keys()


@pytest.fixture
def ask(db):
    return lambda key: Client(enforce_csrf_checks=True).post("/usage/", {"key": key})


def test_the_form(db):
    answer = Client().get("/usage/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert '<form method="post" action="/usage/">' in page
    assert 'type="password"' in page
    assert "Quota" not in page


def test_a_known_key(ask, issued):
    row, token = issued
    today = timezone.now().date()
    KeyDay.objects.create(key=row, day=today, calls=5, comments=1234, errors=2, refused=3)
    KeyDay.objects.create(key=row, day=today - timedelta(days=1), calls=77)
    page = ask(token).content.decode()

    assert "The Gazette’s &lt;Coral&gt;" in page
    assert "120 comments a minute" in page
    assert "en, fr" in page
    assert all(f"<td>{number}</td>" in page for number in (5, 1234, 2, 3, 77))
    assert page.index("<td>1234</td>") < page.index("<td>77</td>")


def test_the_key_is_shown_nowhere(ask, issued):
    answer = ask(issued[1])

    assert issued[1] not in answer.content.decode() + str(answer.headers)
    assert issued[0].digest not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_key_that_was_not_used(ask, issued):
    assert "Nothing was scored with it yet." in ask(issued[1]).content.decode()


@pytest.mark.parametrize("key", ["x", "bl_unknown", "\x00", "é" * 5_000, "<script>"])
def test_an_unknown_key(ask, issued, key):
    page = ask(key).content.decode()

    assert "This key is not known, or was revoked." in page
    assert "<script>" not in page


@pytest.mark.parametrize("key", ["", "  "])
def test_no_key(ask, issued, key):
    assert "This key is not known" not in ask(key).content.decode()


def test_a_revoked_key(ask, issued):
    revoke_key(key=issued[0])

    assert "This key is not known, or was revoked." in ask(issued[1]).content.decode()


def test_a_key_in_the_address_is_not_read(issued):
    page = Client().get("/usage/", {"key": issued[1]}).content.decode()

    assert "120 comments a minute" not in page


def test_thirty_days_are_shown(issued):
    row, today = issued[0], timezone.now().date()
    KeyDay.objects.bulk_create(
        KeyDay(key=row, day=today - timedelta(days=number), calls=number) for number in range(40)
    )

    assert [day["calls"] for day in use_of_days(row)] == list(range(30))
