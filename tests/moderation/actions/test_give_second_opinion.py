"""Giving a second opinion: stored once, and nothing else changes."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.give_second_opinion import give_second_opinion
from belowline.moderation.errors import DecidingError
from belowline.moderation.second_opinions import SecondOpinion


@pytest.fixture
def opinion(settings, held, decide, other_moderator):
    """What waits: the moderator has published the held comment."""
    settings.SECOND_OPINION_PERCENT = 100
    return SecondOpinion.objects.get(decision=decide(held))


@pytest.mark.parametrize(
    ("outcome", "rule", "kept"),
    [("publish", "", ""), ("reject", "links", "links"), ("publish", "links", "")],
    ids=["publish", "reject", "a rule that was chosen by mistake"],
)
def test_an_answer_is_stored(opinion, other_moderator, outcome, rule, kept):
    give_second_opinion(opinion=opinion, giver=other_moderator, outcome=outcome, rule=rule)

    opinion.refresh_from_db()
    assert (opinion.outcome, opinion.rule, opinion.giver) == (outcome, kept, other_moderator)
    assert opinion.given_at is not None


def test_the_comment_and_the_decision_stay(opinion, other_moderator):
    give_second_opinion(opinion=opinion, giver=other_moderator, outcome="reject", rule="links")

    comment = Comment.objects.get(pk=opinion.decision.comment_id)
    assert comment.status == "published"
    assert comment.decisions.count() == 2


def test_it_is_written_down(opinion, other_moderator):
    give_second_opinion(opinion=opinion, giver=other_moderator, outcome="reject", rule="links")

    event = Event.objects.get(tag="opinion:given")
    assert (event.subject_id, event.actor_id) == (opinion.pk, other_moderator.pk)
    assert event.data == {"outcome": "reject", "rule": "links"}
    assert event.site_id == opinion.decision.comment.story.site_id


@pytest.mark.parametrize(
    ("outcome", "rule", "code"),
    [
        ("hold", "", "unknown_outcome"),
        ("", "", "unknown_outcome"),
        ("reject", "", "rule_required"),
        ("reject", "nonsense", "unknown_rule"),
    ],
)
def test_wrong_answers_are_refused(opinion, other_moderator, outcome, rule, code):
    with pytest.raises(DecidingError) as refused:
        give_second_opinion(opinion=opinion, giver=other_moderator, outcome=outcome, rule=rule)

    assert refused.value.code == code
    opinion.refresh_from_db()
    assert opinion.given_at is None


def test_the_first_answer_stands(opinion, other_moderator, admin):
    give_second_opinion(opinion=opinion, giver=other_moderator, outcome="publish")
    with pytest.raises(DecidingError) as refused:
        give_second_opinion(opinion=opinion, giver=admin, outcome="reject", rule="links")

    assert refused.value.code == "already_reviewed"
    opinion.refresh_from_db()
    assert opinion.giver == other_moderator


def test_whoever_decided_gives_none(opinion, moderator):
    with pytest.raises(DecidingError) as refused:
        give_second_opinion(opinion=opinion, giver=moderator, outcome="publish")

    assert refused.value.code == "already_reviewed"


def test_nobody_judges_their_own_comment(settings, account, post, decide, moderator):
    settings.SECOND_OPINION_PERCENT = 100
    writer = account("Writing Desk", "moderator")
    account("Third Desk", "moderator")
    decision = decide(post("What a wombat.", author=writer).comment)
    with pytest.raises(DecidingError) as refused:
        give_second_opinion(opinion=SecondOpinion.objects.get(decision=decision), giver=writer, outcome="publish")

    assert refused.value.code == "own_comment"


def test_readers_are_refused(opinion, reader):
    with pytest.raises(PermissionDenied):
        give_second_opinion(opinion=opinion, giver=reader, outcome="publish")


@pytest.mark.parametrize("role", ["moderator", "auditor"], ids=["elsewhere", "who only reads"])
def test_only_where_one_may_audit(opinion, site, other_site, local, role):
    with pytest.raises(PermissionDenied):
        give_second_opinion(
            opinion=opinion, giver=local(other_site if role == "moderator" else site, role), outcome="publish"
        )
