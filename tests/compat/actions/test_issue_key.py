"""Keys are issued and taken back, and both are on record."""

import pytest
from django.core.exceptions import ValidationError

from belowline.compat.actions.issue_key import issue_key, revoke_key
from belowline.compat.models import ApiKey, KeyMinute
from belowline.events.models import Event


def test_a_key_and_its_quota(db, site):
    key, token = issue_key(label="Coral", site=site, quota_per_minute=5, scale="calibrated", languages=("de", "en"))
    found = ApiKey.objects.get()

    assert (found, found.site, found.label) == (key, site, "Coral")
    assert (found.quota_per_minute, found.scale, found.languages) == (5, "calibrated", ["de", "en"])
    assert KeyMinute.objects.get().key == found
    assert ApiKey.find(token) == found


@pytest.mark.parametrize(
    "fields",
    [
        {"label": ""},
        {"label": "x" * 101},
        {"quota_per_minute": 0},
        {"quota_per_minute": -1},
        {"quota_per_minute": 10**30},
        {"scale": "percent"},
        {"languages": ()},
    ],
    ids=str,
)
def test_what_is_out_of_range(db, fields):
    with pytest.raises(ValidationError):
        issue_key(**{"label": "tests"} | fields)

    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("languages", [("klingon",), ("EN",), ("",), ("en", "xx")])
def test_languages_that_nobody_can_tell(db, languages):
    with pytest.raises(ValidationError):
        issue_key(label="tests", languages=languages)


def test_issuing_and_revoking_are_on_record(db):
    before = Event.objects.count()
    key = issue_key(label="tests")[0]
    revoke_key(key=key)
    revoke_key(key=key)

    assert Event.objects.count() == before + 2
    assert {event.subject_id for event in Event.objects.order_by("-pk")[:2]} == {key.pk}


def test_a_revoked_key_is_found_no_more(db):
    key, token = issue_key(label="tests")
    revoke_key(key=key)
    first = ApiKey.objects.get().revoked_at
    revoke_key(key=key)

    assert ApiKey.find(token) is None
    assert ApiKey.objects.get().revoked_at == first
