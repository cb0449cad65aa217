"""Step by step: what happened to a comment, without the names of moderators."""

import pytest

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.queries import with_history
from belowline.moderation.timeline import timeline
from belowline.stories.models import Story


@pytest.fixture
def steps_of():
    def call(comment):
        return timeline(with_history(Comment.objects.filter(pk=comment.pk)).get())

    return call


def titles(steps):
    return [step.title for step in steps]


def test_published_by_machine(published, steps_of):
    steps = steps_of(published)

    assert [(step.title, step.by) for step in steps] == [("Written", ""), ("Published", "by machine")]


def test_held_and_rejected(rejected, steps_of):
    written, held, decided = steps_of(rejected)

    assert (held.title, held.by, held.rules) == (
        "Held for a moderator",
        "by machine",
        ("Words that we do not publish",),
    )
    assert (decided.title, decided.by, decided.words) == ("Not published", "by a person", "Leave the animal out.")
    assert written.at <= held.at <= decided.at


def test_what_could_not_be_checked_is_no_rule_that_was_met(post, other_site, steps_of):
    story = Story.objects.create(site=other_site, key="unread")

    assert steps_of(post("A quiet remark.", story=story).comment)[1].rules == ()


def test_taken_back(held, decide, moderator, steps_of):
    undo_decision(decision=decide(held), moderator=moderator)

    assert titles(steps_of(held))[2:] == ["Published", "Taken back: it waits for a moderator again"]


def test_a_removal_taken_back(removed, moderator, steps_of):
    undo_decision(decision=removed.decisions.latest("pk"), moderator=moderator)

    assert titles(steps_of(removed))[2:] == ["Removed", "Taken back: it is published again"]


def test_overturned(appeal, settle, rejected, steps_of):
    settle(appeal)
    contested, published = steps_of(rejected)[3:]

    assert (contested.title, contested.words) == ("You contested this", "A wombat is an animal.")
    assert (published.title, published.by) == ("Published after your appeal", "by a person")
    assert (published.words, published.remark) == ("It is about an animal.", "")


def test_upheld(appeal, settle, rejected, steps_of):
    settle(appeal, "upheld", reason="It stays.")

    assert titles(steps_of(rejected))[-1] == "The decision stands after your appeal"


def test_decided_again_by_the_same_for_want_of_another(appeal, settle, rejected, moderator, steps_of):
    settle(appeal, by=moderator)

    assert "decided again, because there was no other" in steps_of(rejected)[-1].remark


def test_removed_after_an_appeal(appeal, settle, rejected, other_moderator, steps_of):
    settle(appeal)
    remove_comment(
        comment=rejected, moderator=other_moderator, rule="links", note_to_author="The link leads to a shop."
    )

    assert titles(steps_of(rejected))[-2:] == ["Published after your appeal", "Removed"]


def test_both_versions(rejected, post, steps_of):
    second = post("An animal.", resubmits=rejected).comment

    assert titles(steps_of(rejected))[-1] == "You posted a second version"
    assert titles(steps_of(second)) == ["Second version written", "Published"]


def test_deleted(published, reader, steps_of):
    delete_comment(comment=published, by=reader)

    assert titles(steps_of(published))[-1] == "You deleted it"


def test_nobody_is_named(appeal, settle, rejected, steps_of):
    settle(appeal)

    assert not any(name in str(steps_of(rejected)) for name in ("Gazette Desk", "Night Desk"))


def test_an_edit_is_a_step(published, reader, steps_of):
    edit_comment(comment=published, author=reader, text_source="A quiet remark about the bridge, edited.")

    assert titles(steps_of(published)) == ["Written", "Published", "You edited it", "Published"]
