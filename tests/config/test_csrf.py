"""Every address that changes something refuses a request that does not come from our own page."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from belowline.comments.models import Comment
from belowline.moderation.models import Appeal, Decision

SAFE_ARGUMENTS = {
    "story_id": 1,
    "comment_id": 1,
    "author_id": 1,
    "decision_id": 1,
    "notice_id": 1,
    "appeal_id": 1,
    "audit_id": 1,
    "batch_id": 1,
    "channel_id": 1,
    "escalation_id": 1,
    "note_id": 1,
    "user_id": 1,
    "opinion_id": 1,
    "filter_id": 1,
    "version_id": 1,
    "notification_id": 1,
    "sanction_id": 1,
    "template_id": 1,
    "report_id": 1,
    "mute_id": 1,
    "result_id": "00000000-0000-4000-8000-000000000000",
}


@pytest.fixture
def strict(reader):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    return client


@pytest.fixture
def strict_moderator(moderator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)
    return client


def test_posting(strict, story):
    answer = strict.post(f"/discussion/{story.pk}/post/", {"text": "Hello there", "idempotency_key": "k"})

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_deleting(strict, published):
    assert strict.post(f"/comments/{published.pk}/delete/").status_code == 403

    published.refresh_from_db()
    assert published.status == "published"


def test_deciding(strict_moderator, held):
    answer = strict_moderator.post(f"/desk/comments/{held.pk}/decide/", {"outcome": "publish"})

    assert answer.status_code == 403
    held.refresh_from_db()
    assert held.status == "held"


def test_undoing(strict_moderator, held, decide):
    decision = decide(held)

    assert strict_moderator.post(f"/desk/decisions/{decision.pk}/undo/").status_code == 403
    assert Decision.objects.count() == 2


def test_contesting(strict, rejected):
    assert strict.post(f"/me/comments/{rejected.pk}/appeal/", {"text": "Please."}).status_code == 403
    assert not Appeal.objects.exists()


def test_deciding_an_appeal(strict_moderator, appeal):
    sent = {"state": "overturn", "reason": "It is an animal."}

    assert strict_moderator.post(f"/desk/appeals/{appeal.pk}/decide/", sent).status_code == 403
    assert Appeal.objects.get().state == "open"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/logout/", "/accounts/login/code/"]
)
def test_accounts(strict, path):
    assert strict.post(path, {}).status_code == 403


READS_BY_POST = {"counts"}
"""A list that is too long for an address comes by POST; nothing is changed by it."""
SIGNED = {"unsubscribe"}
"""The signature in the address is the permission: mail programs ask for it without a page (RFC 8058)."""


def own_addresses():
    """Every address of ours, with ids filled in."""
    found = []
    for entry in get_resolver("belowline.stream.urls").url_patterns + get_resolver("belowline.desk.urls").url_patterns:
        assert isinstance(entry, URLPattern)
        if entry.name in READS_BY_POST | SIGNED:
            continue
        prefix = "/desk/" if entry.lookup_str.startswith("belowline.desk") or "desk" in entry.lookup_str else "/"
        path = re.sub(r"<\w+:(\w+)>", lambda match: str(SAFE_ARGUMENTS.get(match[1], "gazette")), str(entry.pattern))
        found.append(prefix + path)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("path", own_addresses())
def test_no_address_of_ours_takes_a_post_from_elsewhere(site, path):
    """405 where only reading is possible, 403 where something could be changed."""
    answer = Client(enforce_csrf_checks=True).post(path)

    assert answer.status_code in {403, 405}


def test_with_the_pages_own_token_it_works(strict, story):
    page = strict.get(f"/discussion/{story.pk}/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)[1]
    sent = {"text": "A quiet remark", "idempotency_key": key, "csrfmiddlewaretoken": token}

    assert strict.post(f"/discussion/{story.pk}/post/", sent).status_code == 302
    assert Comment.objects.get().status == "published"
