"""A rejected comment is rewritten and posted once more, in its place."""

import pytest

from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.moderation.actions import post_comment as module
from belowline.stories.models import Story

BETTER = "What an animal of a harbour bridge this is."


def test_a_second_version(rejected, post):
    second = post(BETTER, resubmits=rejected).comment

    rejected.refresh_from_db()
    assert (second.resubmits, second.status) == (rejected, "published")
    assert (rejected.status, rejected.resubmission) == ("rejected", second)


def test_it_is_judged_like_any_other(rejected, post):
    assert post("A wombat all the same.", resubmits=rejected).comment.status == "held"


def test_it_may_be_like_its_first_version(post, other_site, make_story, decide):
    """A remark with one word less repeats nothing."""
    story = make_story(other_site)
    text = "The harbour bridge tolls should pay for the new cables, you idiot, as the council says in its statement."
    first = post(text, story=story).comment
    decide(first, "reject", rule="personal_abuse")
    first.refresh_from_db()
    second = post(text.replace(", you idiot,", ""), story=story, resubmits=first)

    assert second.comment.status == "published"
    assert "repetition" not in [reason["rule"] for reason in second.decision.reasons]


def test_a_reply_stays_a_reply(post, other_reader, decide):
    parent = post("A quiet remark.", author=other_reader).comment
    first = post("You wombat.", parent=parent).comment
    decide(first, "reject", rule="banned_word")
    first.refresh_from_db()

    assert post("You animal.", parent=parent, resubmits=first).comment.parent == parent


def refused(post, *given, **more):
    count = Comment.objects.count()
    with pytest.raises(PostingError) as caught:
        post(*given, **more)
    assert Comment.objects.count() == count
    return caught.value.code


def test_not_twice(rejected, post):
    post(BETTER, resubmits=rejected)

    assert refused(post, "Another try.", resubmits=rejected) == "cannot_resubmit"


def test_not_a_third_version(rejected, post, decide):
    second = post("A wombat all the same.", resubmits=rejected).comment
    decide(second, "reject", rule="banned_word")

    assert refused(post, BETTER, resubmits=second) == "cannot_resubmit"


def test_not_by_another(rejected, post, other_reader):
    assert refused(post, BETTER, author=other_reader, resubmits=rejected) == "cannot_resubmit"


@pytest.mark.parametrize("name", ["held", "published", "removed"])
def test_not_what_was_not_rejected(post, request, name):
    """What was removed had been read and answered: its author may contest that, and may write anew."""
    assert refused(post, BETTER, resubmits=request.getfixturevalue(name)) == "cannot_resubmit"


def test_not_in_a_closed_discussion(rejected, post, story):
    Story.objects.filter(pk=story.pk).update(is_open=False)

    assert refused(post, BETTER, story=Story.objects.get(pk=story.pk), resubmits=rejected) == "discussion_closed"


def test_the_same_form_twice_is_one_second_version(rejected, post):
    first = post(BETTER, resubmits=rejected, key="again")

    assert post(BETTER, resubmits=rejected, key="again").comment == first.comment


def test_two_forms_at_once(rejected, post, monkeypatch):
    """The other one has posted between our first look and our write."""
    looked = []

    def look(**given):
        looked.append(given)
        if len(looked) == 1:
            Comment.objects.filter(pk=rejected.pk).update(status="removed")

    check = module.check_resubmission
    monkeypatch.setattr(
        module, "check_resubmission", lambda **given: look(**given) or (len(looked) > 1 and check(**given))
    )
    assert refused(post, BETTER, resubmits=rejected) == "cannot_resubmit"
    assert len(looked) == 2


def test_a_second_version_is_nudged_too(rejected, post):
    from belowline.moderation.errors import NudgedError

    with pytest.raises(NudgedError):
        post("A wombat all the same.", resubmits=rejected, may_nudge=True)
    assert not hasattr(Comment.objects.get(pk=rejected.pk), "resubmission")
