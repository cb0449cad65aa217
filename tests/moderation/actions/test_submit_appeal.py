"""An author contests that their comment was rejected or removed: once, for half a year, free."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.submit_appeal import MAX_APPEAL_CHARACTERS, submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import AppealError
from belowline.moderation.models import Appeal, Decision


@pytest.fixture
def contest(reader):
    def call(comment, text="", *, author=reader, **more):
        return submit_appeal(comment=comment, author=author, text_source=text, **more)

    return call


def code_of(contest, *given, **more):
    with pytest.raises(AppealError) as caught:
        contest(*given, **more)
    return caught.value.code


def days_ago(comment, days):
    Decision.objects.filter(comment=comment).update(created_at=timezone.now() - timedelta(days=days))


def test_against_a_rejection(rejected, contest, reader, site):
    appeal = contest(rejected, "  A wombat is an animal.\n")

    assert (appeal.state, appeal.text_source, appeal.decided_by) == ("open", "A wombat is an animal.", None)
    assert appeal.decision == rejected.decisions.latest("pk")
    event = Event.objects.get(tag="appeal:submitted")
    assert (event.subject_id, event.site_id, event.actor_id) == (appeal.pk, site.pk, reader.pk)
    assert event.data == {"decision": appeal.decision_id}
    assert Comment.objects.get(pk=rejected.pk).status == "rejected"


def test_against_a_removal(removed, contest):
    assert contest(removed).decision.outcome == "remove"


def test_against_the_machine(post, site, activate, contest):
    activate(site, reject=0.9)
    comment = post("What a wombat.").comment

    assert contest(comment).decision.maker == "engine"


def test_words_are_optional(rejected, contest):
    assert contest(rejected).text_source == ""


@pytest.mark.parametrize("who", ["other_reader", "moderator"])
def test_nobody_contests_for_another(rejected, contest, request, who):
    with pytest.raises(PermissionDenied):
        contest(rejected, author=request.getfixturevalue(who))
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("name", ["held", "published"])
def test_what_is_neither_rejected_nor_removed(contest, request, name):
    """What is held waits for a person anyway."""
    assert code_of(contest, request.getfixturevalue(name)) == "cannot_appeal"


def test_what_its_author_deleted(rejected, contest, reader):
    delete_comment(comment=rejected, by=reader)

    assert code_of(contest, rejected) == "cannot_appeal"


def test_what_was_taken_back(rejected, contest, moderator):
    undo_decision(decision=rejected.decisions.latest("pk"), moderator=moderator)

    assert code_of(contest, rejected) == "cannot_appeal"


def test_once(rejected, contest):
    contest(rejected)

    assert code_of(contest, rejected) == "already_appealed"
    assert Appeal.objects.count() == Event.objects.filter(tag="appeal:submitted").count() == 1


def test_a_decision_once_not_a_comment_once(appeal, settle, contest, other_moderator, rejected):
    """Published after the appeal, and removed later: that is another decision."""
    from belowline.moderation.actions.remove_comment import remove_comment

    settle(appeal)
    remove_comment(comment=rejected, moderator=other_moderator, rule="links")

    assert contest(rejected).decision.outcome == "remove"


def test_on_what_one_has_not_seen(rejected, contest):
    seen = rejected.decisions.earliest("pk").pk

    assert code_of(contest, rejected, last_seen=seen) == "cannot_appeal"
    assert contest(rejected, last_seen=rejected.decisions.latest("pk").pk)


@pytest.mark.parametrize(("length", "fits"), [(MAX_APPEAL_CHARACTERS, True), (MAX_APPEAL_CHARACTERS + 1, False)])
def test_how_long_it_may_be(rejected, contest, length, fits):
    if fits:
        assert contest(rejected, "x" * length)
    else:
        assert code_of(contest, rejected, "x" * length) == "appeal_too_long"


# --- until when


@pytest.mark.parametrize(("days", "in_time"), [(0, True), (182, True), (184, False), (1000, False)])
def test_for_half_a_year(rejected, contest, days, in_time):
    days_ago(rejected, days)

    if in_time:
        assert contest(rejected)
    else:
        assert code_of(contest, rejected) == "appeal_too_late"


def test_longer_where_the_policy_says_so(rejected, contest, site, policy_text):
    days_ago(rejected, 300)
    activate_policy(site=site, text=policy_text().replace("[settings]", "[settings]\nappeal_days = 365"))

    assert contest(rejected)


def test_a_promise_is_kept_when_the_policy_changes(held, decide, contest, site, policy_text):
    """The author was told 365 days; a shorter term holds for later decisions."""
    activate_policy(site=site, text=policy_text().replace("[settings]", "[settings]\nappeal_days = 365"))
    decide(held, "reject", rule="banned_word")
    activate_policy(site=site, text=policy_text())
    days_ago(held, 300)

    assert contest(held)


def test_under_the_policy_that_is_shipped(post, other_site, make_story, decide, contest):
    comment = post("You stupid idiot, you complete moron, shut up you loser.", story=make_story(other_site)).comment
    decide(comment, "reject", rule="personal_abuse")

    assert contest(comment)
