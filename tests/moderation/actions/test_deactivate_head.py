"""A site goes on without a head; its versions stay."""

from tiny_lessons import keep_head

from belowline.engine.submission import Submission
from belowline.events.models import Event
from belowline.moderation.actions.activate_head import activate_head
from belowline.moderation.actions.deactivate_head import deactivate_head
from belowline.moderation.engine import active_head, judge
from belowline.moderation.models import HeadVersion


def test_the_head_rests_and_stays(site, admin):
    row = keep_head(site)
    activate_head(head=row)

    assert deactivate_head(site=site, by=admin) == row

    assert active_head(site) is None
    assert "newsroom_refusal" not in judge(site, Submission(text="Is the ferry running today?", language="en")).scores
    assert HeadVersion.objects.get() == row
    event = Event.objects.get(tag="head:deactivated")
    assert (event.subject_id, event.site_id, event.actor_id) == (row.pk, site.pk, admin.pk)


def test_where_none_acts_nothing_happens(site):
    keep_head(site)

    assert deactivate_head(site=site) is None
    assert not Event.objects.filter(tag="head:deactivated").exists()


def test_each_site_for_itself(site, other_site):
    theirs = keep_head(other_site, is_active=True)
    keep_head(site, is_active=True)
    deactivate_head(site=site)

    assert active_head(other_site) == theirs
