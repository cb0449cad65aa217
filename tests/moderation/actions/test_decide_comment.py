"""A moderator publishes or rejects what waits; nobody else does, and nobody does it unseen."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.stories.models import Story


def test_publishing(held, decide, moderator, story):
    version = Story.objects.get(pk=story.pk).thread_version
    decision = decide(held)

    held.refresh_from_db()
    assert (held.status, held.published_at is not None) == ("published", True)
    assert (decision.outcome, decision.maker, decision.moderator) == ("publish", "person", moderator)
    assert (decision.reasons, decision.scores) == ([], {})
    assert decision.policy.startswith("small@")
    assert decision.revision == held.revisions.get()
    story.refresh_from_db()
    assert (story.comment_count, story.thread_version) == (1, version + 1)
    event = Event.objects.get(tag="comment:published")
    assert (event.subject_id, event.actor_id, event.data["decision"]) == (held.pk, moderator.pk, decision.pk)


def test_rejecting_by_the_rule_that_the_engine_named(held, decide):
    decision = decide(held, "reject", rule="banned_word")

    held.refresh_from_db()
    assert held.status == "rejected"
    [reason] = decision.reasons
    assert (reason["rule"], reason["title"], reason["outcome"]) == (
        "banned_word",
        "Words that we do not publish",
        "reject",
    )
    assert held.text_source[reason["start"] : reason["end"]] == "wombat"
    assert reason["explanation"] == "For readers: Words that we do not publish."
    assert Event.objects.get(tag="comment:rejected").data["rules"] == ["banned_word"]


def test_rejecting_by_another_rule_marks_no_passage(held, decide):
    [reason] = decide(held, "reject", rule="links").reasons

    assert (reason["rule"], reason["start"], reason["end"], reason["score"]) == ("links", None, None, None)


def test_the_engines_decision_stays(held, decide):
    decide(held)

    assert [row.maker for row in Decision.objects.order_by("pk")] == ["engine", "person"]


@pytest.mark.parametrize("who", ["reader", "other_reader"])
@pytest.mark.parametrize("outcome", ["publish", "reject"])
def test_readers_do_not_decide(held, request, who, outcome):
    with pytest.raises(PermissionDenied):
        decide_comment(comment=held, moderator=request.getfixturevalue(who), outcome=outcome, rule="links")
    assert Decision.objects.count() == 1


def test_a_moderator_whose_account_is_closed_does_not_decide(held, moderator, decide):
    moderator.is_active = False

    with pytest.raises(PermissionDenied):
        decide(held)


def test_an_administrator_decides(held, decide, account):
    assert decide(held, by=account("Chief", "admin")).outcome == "publish"


@pytest.mark.parametrize(
    ("rule", "code"), [("", "rule_required"), ("nonsense", "unknown_rule"), ("engine_failed", "unknown_rule")]
)
def test_rejecting_needs_a_rule_of_the_policy(held, decide, rule, code):
    with pytest.raises(DecidingError) as caught:
        decide(held, "reject", rule=rule)

    assert caught.value.code == code
    held.refresh_from_db()
    assert held.status == "held"


@pytest.mark.parametrize("status", [status for status in Comment.Status if status != Comment.Status.HELD])
def test_only_what_waits_is_decided(held, decide, status):
    Comment.objects.filter(pk=held.pk).update(status=status)

    with pytest.raises(DecidingError) as caught:
        decide(held)
    assert caught.value.code == "not_waiting"
    assert Decision.objects.count() == 1


def test_somebody_was_faster(held, decide, account):
    decide(held)

    with pytest.raises(DecidingError, match="decided about this comment meanwhile") as caught:
        decide(held, "reject", rule="links", by=account("Night Desk", "moderator"))
    assert caught.value.code == "not_waiting"


def test_deciding_on_what_one_has_not_seen(held, decide, moderator):
    """Published and taken back since the page was opened: it waits again, but not as it did."""
    from belowline.moderation.actions.undo_decision import undo_decision

    seen = held.decisions.get().pk
    newest = undo_decision(decision=decide(held), moderator=moderator)

    with pytest.raises(DecidingError) as caught:
        decide(held, last_seen=seen)
    assert caught.value.code == "not_waiting"
    assert decide(held, last_seen=newest.pk).outcome == "publish"


def test_a_story_that_is_closed_still_has_its_comments_decided(held, decide, story):
    Story.objects.filter(pk=story.pk).update(is_open=False)

    assert decide(held).outcome == "publish"


def test_the_policy_of_today_counts(held, decide, site, activate):
    version = activate(site, name="Newer").version

    assert decide(held).policy == version
