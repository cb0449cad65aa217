"""A head begins to act: one at a time, from the next comment on; one that cannot be used changes nothing."""

import pytest
from django.db import IntegrityError, transaction
from tiny_lessons import keep_head, made_head

from belowline.engine.submission import Submission
from belowline.events.models import Event
from belowline.moderation.actions.activate_head import activate_head
from belowline.moderation.engine import active_head, judge
from belowline.moderation.errors import HeadError
from belowline.moderation.models import HeadVersion

TEXT = Submission(text="The bridge is closed until May, and nobody has told the ferry.", language="en")


def score(site):
    found = judge(site, TEXT).scores.get("newsroom_refusal")
    return None if found is None else found.value


def test_it_acts_from_the_next_comment_on(site, admin):
    row = keep_head(site, made_head(bias=2.0))
    assert score(site) is None

    activate_head(head=row, by=admin)

    assert score(site) == pytest.approx(0.8808, abs=1e-4)
    assert active_head(site) == row
    assert made_head(bias=2.0).version in judge(site, TEXT).model
    event = Event.objects.get(tag="head:activated")
    assert (event.subject_id, event.site_id, event.actor_id, event.data) == (row.pk, site.pk, admin.pk, {})


def test_the_one_before_it_rests_and_can_come_back(site):
    first, second = keep_head(site, made_head(bias=-1.0)), keep_head(site, made_head(bias=1.0))
    activate_head(head=first)
    activate_head(head=second)
    assert list(HeadVersion.objects.filter(is_active=True)) == [second]
    assert score(site) > 0.7

    activate_head(head=first)
    assert list(HeadVersion.objects.filter(is_active=True)) == [first]
    assert score(site) < 0.3
    assert Event.objects.filter(tag="head:activated").count() == 3


def test_twice_is_once(site):
    row = keep_head(site)
    activate_head(head=row)
    activate_head(head=row)

    assert Event.objects.filter(tag="head:activated").count() == 1


def test_another_site_goes_on_without(site, other_site):
    activate_head(head=keep_head(site))

    assert active_head(other_site) is None
    assert score(other_site) is None


def test_a_site_with_the_shipped_policy_can_have_one(other_site):
    activate_head(head=keep_head(other_site, made_head(bias=0.0)))

    assert score(other_site) == pytest.approx(0.5)


UNUSABLE = {
    "damaged": lambda site: keep_head(site, weights=made_head().to_bytes()[:-9]),
    "no head": lambda site: keep_head(site, weights=b"hello"),
    "of another model": lambda site: keep_head(site, made_head(base="abuse-encoder-0")),
}


@pytest.mark.parametrize("make", UNUSABLE.values(), ids=UNUSABLE)
def test_one_that_cannot_be_used_changes_nothing(site, make):
    acting, wrong = keep_head(site), make(site)
    activate_head(head=acting)
    told = Event.objects.count()

    with pytest.raises(HeadError, match="belowline learn") as caught:
        activate_head(head=wrong)

    assert caught.value.code == "head_unusable"
    assert active_head(site) == acting
    assert Event.objects.count() == told


@pytest.mark.parametrize("make", UNUSABLE.values(), ids=UNUSABLE)
def test_where_an_upgrade_leaves_one_behind_it_is_left_out_and_logged(site, make, caplog):
    row = make(site)
    HeadVersion.objects.filter(pk=row.pk).update(is_active=True)

    assert score(site) is None
    assert judge(site, TEXT).outcome == "publish"
    assert f"head {row.pk} is not used" in caplog.text


def test_the_database_keeps_two_from_acting(site):
    keep_head(site, is_active=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        keep_head(site, is_active=True)
