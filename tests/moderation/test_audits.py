"""Audits that wait, and answers that a comment still stands against."""

from datetime import timedelta

from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.claim_audit import claim_audit
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.audits import audits_for, claimed_by, disagreements, refused_audits, waiting_audits
from belowline.moderation.models import Audit

HELD = "What a wombat of a harbour bridge this is."


def test_what_nobody_has_answered_waits(certified, post, review):
    first, second = (Audit.objects.get(decision=post(f"Remark {number}.").decision) for number in range(2))
    review()

    assert list(waiting_audits()) == [first, second]


def test_deleted_comments_do_not_wait(certified, post, reader):
    delete_comment(comment=post().comment, by=reader)

    assert list(waiting_audits()) == []


def test_what_can_be_answered_blind(certified, post, moderator, account):
    own, decided, other = (
        Audit.objects.get(decision=post(f"Remark {number}.", **more).decision)
        for number, more in enumerate([{"author": moderator}, {}, {}])
    )
    remove_comment(comment=decided.decision.comment, moderator=moderator, rule="links")

    assert list(audits_for(moderator)) == [other]
    assert list(audits_for(account("Night Desk", "moderator"))) == [own, decided, other]


def test_who_looks_at_what(certified, post, moderator, account):
    post()
    audit = claim_audit(moderator=moderator)
    past, future = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)

    assert list(claimed_by(moderator, past)) == list(claimed_by(None, past)) == [audit.pk]
    assert list(claimed_by(moderator, future)) == []
    assert list(claimed_by(account("Night Desk", "moderator"), past)) == []


def test_answers_that_a_comment_still_stands_against(certified, review, moderator, account):
    review()
    review("reject", "banned_word", text=HELD)
    published = review("reject", "links")
    rejected = review("publish", text=f"{HELD} Really.")
    review("reject", "links", by=account("Night Desk", "moderator"))

    assert list(disagreements(moderator)) == [rejected, published]

    remove_comment(comment=published.decision.comment, moderator=moderator, rule="links")
    publish_comment(comment=rejected.decision.comment, moderator=moderator)
    assert list(disagreements(moderator)) == []


def test_what_reviewers_would_refuse(certified, review, site, other_site):
    review()
    first, second = review("reject", "links"), review("reject", "shouting")
    review("reject", "banned_word", text=HELD)

    assert list(refused_audits(site)) == [second, first]
    assert list(refused_audits(other_site)) == []
