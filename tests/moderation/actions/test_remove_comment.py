"""A published comment is removed by a rule, leaves a tombstone, and can be put back."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError


@pytest.fixture
def published(post):
    return post("A quiet remark about the harbour bridge and its tolls.").comment


def test_readers_no_longer_see_it_and_the_story_counts_one_less(published, moderator):
    row = remove_comment(comment=published, moderator=moderator, rule="shouting", note_to_author="Too loud.")

    published.refresh_from_db()
    published.story.refresh_from_db()
    assert published.status == "removed"
    assert published.story.comment_count == 0
    assert (row.outcome, row.first_reason["rule"], row.note_to_author) == ("remove", "shouting", "Too loud.")
    assert Event.objects.get(tag="comment:removed").data == {"decision": row.pk, "rules": ["shouting"]}


def test_undo_puts_it_back(published, moderator):
    undo_decision(decision=remove_comment(comment=published, moderator=moderator, rule="shouting"), moderator=moderator)

    published.refresh_from_db()
    assert published.status == "published"


@pytest.mark.parametrize(("rule", "code"), [("", "rule_required"), ("gone", "unknown_rule")])
def test_a_rule_of_the_policy_is_needed(published, moderator, rule, code):
    with pytest.raises(DecidingError) as caught:
        remove_comment(comment=published, moderator=moderator, rule=rule)

    published.refresh_from_db()
    assert (caught.value.code, published.status) == (code, "published")


def test_what_is_not_published_cannot_be_removed(held, moderator):
    with pytest.raises(DecidingError) as caught:
        remove_comment(comment=held, moderator=moderator, rule="shouting")

    assert caught.value.code == "not_published"


def test_readers_cannot(published, reader):
    with pytest.raises(PermissionDenied):
        remove_comment(comment=published, moderator=reader, rule="shouting")
