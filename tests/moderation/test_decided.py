"""The lessons of a site: a person's last word on each comment, and never what only the machine has said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Revision
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.decided import count_decided, decided_comments, submission_of
from belowline.moderation.models import Appeal, Audit, Decision

HELD = "Have you seen that wombat on the bridge?"
FINE = "The tolls of the harbour bridge pay for its cables."


def found(site, most=100):
    return [(one.comment_id, one.is_good, one.rule) for one in decided_comments(site, most)]


@pytest.fixture
def audit(db):
    """Let a person review a machine's decision."""

    def call(comment, outcome="", rule=""):
        decision = comment.decisions.get(maker=Decision.Maker.ENGINE)
        reviewed = timezone.now() if outcome else None
        return Audit.objects.create(decision=decision, outcome=outcome, rule=rule, reviewed_at=reviewed)

    return call


def test_what_a_person_decided_counts(site, post, decide):
    good, bad = post(HELD).comment, post(f"{HELD} Again?").comment
    decide(good)
    decide(bad, "reject", rule="banned_word")

    assert found(site) == [(good.pk, True, ""), (bad.pk, False, "banned_word")]
    assert decided_comments(site, 9)[0].revision_id == good.revisions.get().pk


def test_what_only_the_machine_said_does_not(site, post):
    post(FINE)
    post(HELD)

    assert found(site) == []


def test_a_blind_review_of_the_machine_counts(site, post, audit):
    good, bad, waiting = (post(f"{FINE} {number}").comment for number in range(3))
    audit(good, "publish")
    audit(bad, "reject", "links")
    audit(waiting)

    assert found(site) == [(good.pk, True, ""), (bad.pk, False, "links")]


def test_an_appeal_that_was_upheld_confirms_the_refusal(site, activate, post, moderator):
    activate(site, name="Strict", reject=0.5)
    refused, contested = post(HELD).comment, post(f"{HELD} Again?").comment
    assert [refused.status, contested.status] == ["rejected", "rejected"]
    for comment, state in ((refused, Appeal.State.UPHELD), (contested, Appeal.State.OPEN)):
        decided = {} if state == Appeal.State.OPEN else {"decided_by": moderator, "decided_at": timezone.now()}
        Appeal.objects.create(decision=comment.decisions.get(), state=state, **decided)

    assert found(site) == [(refused.pk, False, "banned_word")]


def test_the_last_word_counts(site, post, decide, moderator, audit):
    comment = post(HELD).comment
    decide(comment)
    comment.refresh_from_db()
    remove_comment(comment=comment, moderator=moderator, rule="shouting")
    assert found(site) == [(comment.pk, False, "shouting")]

    audit(comment, "publish")
    assert found(site) == [(comment.pk, True, "")]


def test_what_was_taken_back_does_not_count(site, post, decide, moderator):
    comment = post(HELD).comment
    undo_decision(decision=decide(comment, "reject", rule="banned_word"), moderator=moderator)
    assert found(site) == []

    comment.refresh_from_db()
    decide(comment)
    comment.refresh_from_db()
    undo_decision(decision=remove_comment(comment=comment, moderator=moderator, rule="links"), moderator=moderator)
    assert found(site) == [(comment.pk, True, "")]


def test_what_its_author_deleted_does_not_count(site, post, decide, reader, audit):
    decided, reviewed = post(HELD).comment, post(FINE).comment
    decide(decided)
    audit(reviewed, "publish")
    for comment in (decided, reviewed):
        comment.refresh_from_db()
        delete_comment(comment=comment, by=reader)

    assert found(site) == []


def test_each_site_for_itself(site, other_site, post, decide):
    decide(post(HELD).comment)

    assert found(other_site) == []
    assert (count_decided(site), count_decided(other_site)) == (1, 0)


def test_the_newest_are_kept_and_the_oldest_comes_first(site, post, decide):
    comments = [post(f"{HELD} {number}").comment for number in range(4)]
    for comment in reversed(comments):
        decide(comment)

    assert [pk for pk, _, _ in found(site)] == [comment.pk for comment in reversed(comments)]
    assert [pk for pk, _, _ in found(site, most=2)] == [comments[1].pk, comments[0].pk]


def test_how_many_were_decided_since(site, post, decide, audit, moderator):
    decision = decide(post(HELD).comment)
    audit(post(FINE).comment, "publish")
    assert count_decided(site) == 2
    assert count_decided(site, since=timezone.now() - timedelta(minutes=1)) == 2
    assert count_decided(site, since=timezone.now() + timedelta(minutes=1)) == 0

    Decision.objects.filter(pk=decision.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert count_decided(site, since=timezone.now() - timedelta(days=1)) == 1


def test_the_engine_is_told_story_parent_and_thread(story, post, published):
    reply = post("I say so too.", parent=published).comment
    answer = post("And I do not.", parent=reply).comment
    submission = submission_of(Revision.objects.get(comment=answer))

    assert submission.text == "And I do not."
    assert submission.story == story.for_engine()
    assert (submission.parent.text, submission.parent.root_text) == (reply.text_source, published.text_source)
    assert submission_of(Revision.objects.get(comment=published)).parent is None


def test_the_text_is_that_of_the_revision_that_was_decided(published):
    older = published.revisions.get()
    Revision.objects.create(comment=published, text_source="Another text.")

    assert submission_of(older).text == published.text_source
