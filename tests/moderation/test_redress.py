"""The statement about a decision as its author reads it, and what they can do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.engine.policy import parse_policy
from belowline.moderation.models import Decision
from belowline.moderation.queries import with_history
from belowline.moderation.redress import Stated, add_redress, is_unchecked, stated


@pytest.fixture
def redress_of():
    def call(comment):
        [found] = add_redress(with_history(Comment.objects.filter(pk=comment.pk)))
        return found.redress

    return call


def test_held_by_machine(held, redress_of):
    """The sentence quotes the passage; the rule is said in the reader's words."""
    redress = redress_of(held)

    assert redress.reasons == [
        Stated(
            title="Words that we do not publish",
            sentence="“wombat” is not published here.",
            rule="For readers: Words that we do not publish.",
            passage="",
        )
    ]
    assert (redress.decision.maker, redress.until, redress.can_appeal, redress.appeal) == ("engine", None, False, None)


def test_rejected_by_a_person(rejected, redress_of):
    """The sentence is the rule, so the passage is said beside it."""
    redress = redress_of(rejected)

    assert redress.reasons == [
        Stated("Words that we do not publish", "For readers: Words that we do not publish.", rule="", passage="wombat")
    ]
    assert redress.decision.note_to_author == "Leave the animal out."
    assert redress.until - redress.decision.created_at == timedelta(days=183)
    assert (redress.can_appeal, redress.why_not_again) == (True, "")


def test_a_person_is_quoted_as_they_decided_also_when_the_rule_has_changed(rejected, redress_of, site, policy_text):
    from belowline.moderation.actions.activate_policy import activate_policy

    activate_policy(site=site, text=policy_text().replace("For readers: Words", "In new words: Words"))

    [reason] = redress_of(rejected).reasons
    assert (reason.sentence, reason.rule) == ("For readers: Words that we do not publish.", "")


def test_removed(removed, redress_of):
    redress = redress_of(removed)

    assert (redress.can_appeal, redress.decision.outcome) == (True, "remove")
    assert redress.why_not_again == "Only a comment that was not published can be rewritten."


def test_contested(appeal, redress_of, rejected):
    redress = redress_of(rejected)

    assert (redress.appeal, redress.can_appeal) == (appeal, False)
    assert redress.until is not None


def test_too_late(rejected, redress_of):
    Decision.objects.filter(comment=rejected).update(created_at=timezone.now() - timedelta(days=200))
    redress = redress_of(rejected)

    assert not redress.can_appeal
    assert redress.until < timezone.now()


def test_published_after_an_appeal(appeal, settle, rejected, redress_of):
    settled = settle(appeal)
    redress = redress_of(rejected)

    assert (redress.reasons, redress.until, redress.decision.settles) == ([], None, settled)


def test_a_comment_without_a_decision(held, redress_of):
    Decision.objects.all().delete()

    assert redress_of(held) is None


def test_what_was_not_checked_is_listed_apart(post, other_site, redress_of):
    from belowline.stories.models import Story

    story = Story.objects.create(site=other_site, key="unread")
    redress = redress_of(post("A quiet remark.", story=story).comment)

    assert (redress.reasons, redress.unchecked) == ([], ["Off topic"])


def test_few_queries_however_many(post, decide, django_assert_num_queries):
    for number in range(12):
        decide(post(f"Wombat number {number}.").comment, "reject", rule="banned_word")

    with django_assert_num_queries(4):
        # The comments, their decisions, which policy acts, and how the discussion stands.
        for comment in add_redress(with_history(Comment.objects.all())):
            assert comment.redress.can_appeal
            assert comment.redress.why_not_again == ""


# --- reasons in words


REASON = {"rule": "banned_word", "title": "Banned", "explanation": "Read this.", "start": None, "end": None}


@pytest.mark.parametrize(
    ("changes", "rule", "passage"),
    [
        ({}, "For readers: Words that we do not publish.", ""),
        ({"rule": "gone"}, "", ""),
        ({"explanation": "No. For readers: Words that we do not publish."}, "", ""),
        ({"start": 7, "end": 13}, "For readers: Words that we do not publish.", "wombat"),
        ({"start": 7, "end": 13, "explanation": "“wombat” is not."}, "For readers: Words that we do not publish.", ""),
        ({"start": 0, "end": 15}, "For readers: Words that we do not publish.", ""),
    ],
    ids=["as it is", "a rule that is gone", "says it already", "a passage", "quoted already", "the whole text"],
)
def test_each_thing_is_said_once(policy_text, changes, rule, passage):
    [found] = stated(parse_policy(policy_text()), "What a wombat !", [REASON | changes])

    assert (found.rule, found.passage) == (rule, passage)


@pytest.mark.parametrize(
    ("model", "score", "rule", "unchecked"),
    [
        ("m", None, "links", True),
        ("m", 0.9, "links", False),
        ("", None, "links", False),
        ("none", None, "engine_failed", False),
    ],
    ids=["by machine", "measured", "by a person", "no engine at all"],
)
def test_what_counts_as_not_checked(model, score, rule, unchecked):
    assert is_unchecked(Decision(model=model), {"score": score, "rule": rule}) is unchecked
