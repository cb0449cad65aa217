"""When a rejected comment may be written anew: once, by its author, in its place."""

import pytest

from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.comments.queries import find_earlier
from belowline.comments.resubmission import check_resubmission, why_not_again
from belowline.stories.models import Story

AGAIN = "What an animal of a harbour bridge this is."


def fresh(comment):
    return Comment.objects.select_related("story", "parent").get(pk=comment.pk)


def test_a_rejected_comment_can(rejected):
    assert why_not_again(fresh(rejected)) == ""


@pytest.mark.parametrize("status", [status for status in Comment.Status if status != Comment.Status.REJECTED])
def test_others_cannot(held, status):
    Comment.objects.filter(pk=held.pk).update(status=status)

    assert why_not_again(fresh(held)) == "Only a comment that was not published can be rewritten."


def test_the_chain_ends_after_one(rejected, post, decide):
    second = post("A wombat again.", resubmits=rejected).comment
    decide(second, "reject", rule="banned_word")

    assert "second version of this comment already" in why_not_again(fresh(rejected))
    assert "the second version already" in why_not_again(fresh(second))


def test_not_in_a_closed_discussion(rejected, story):
    Story.objects.filter(pk=story.pk).update(is_open=False)

    assert why_not_again(fresh(rejected)) == "The discussion is closed."


def test_not_below_what_is_gone(post, decide, other_reader, removed):
    """The parent was removed meanwhile."""
    Comment.objects.filter(pk=removed.pk).update(status="published")
    removed.refresh_from_db()
    answer = post("You wombat.", author=other_reader, parent=removed).comment
    decide(answer, "reject", rule="banned_word")
    assert why_not_again(fresh(answer)) == ""

    Comment.objects.filter(pk=removed.pk).update(status="removed")
    assert why_not_again(fresh(answer)) == "The comment that you answered is no longer here."


@pytest.mark.parametrize("what", ["another author", "another story", "another place"])
def test_it_stays_where_it_was(rejected, reader, other_reader, story, other_story, post, what):  # noqa: PLR0917
    given = {
        "author": other_reader if what == "another author" else reader,
        "story": other_story if what == "another story" else story,
        "parent": post("A quiet remark.").comment if what == "another place" else None,
    }
    with pytest.raises(PostingError, match=r"cannot be rewritten here\. You can post") as caught:
        check_resubmission(old=fresh(rejected), **given)
    assert caught.value.code == "cannot_resubmit"


def test_its_first_version_is_nothing_that_it_repeats(rejected, reader, story):
    given = {"author": reader, "story": story, "text_source": rejected.text_source}

    assert [entry.text for entry in find_earlier(**given)] == [rejected.text_source]
    assert find_earlier(**given, resubmits=rejected) == ()
