"""An author edits: the new text is judged, the old one is kept, and a person's decision ends it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions import edit_comment as module
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.errors import DecidingError, NudgedError
from belowline.moderation.models import Decision, Nudge
from belowline.stories.models import Story

BETTER = "A quiet remark about the harbour bridge, its tolls and its cables."
HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def edit(published, reader):
    def call(text=BETTER, *, comment=published, author=reader, **more):
        return edit_comment(comment=comment, author=author, text_source=text, **more)

    return call


def version(story):
    return Story.objects.values_list("thread_version", flat=True).get(pk=story.pk)


def test_readers_see_the_new_text_and_the_old_one_is_kept(edit, published, story, reader):
    before = version(story)
    edited = edit()

    row = Comment.objects.get()
    assert (row.status, row.text_source) == ("published", BETTER)
    assert row.edited_at is not None
    assert version(story) == before + 1
    assert Story.objects.get(pk=story.pk).comment_count == 1
    first, second = row.revisions.order_by("id")
    assert (first.text_source, second.text_source) == (published.text_source, BETTER)
    assert [decision.revision for decision in row.decisions.order_by("id")] == [first, second]
    assert edited.decision.maker == "engine"
    event = Event.objects.get(tag="comment:edited")
    assert (event.subject_id, event.site_id, event.actor_id) == (published.pk, story.site_id, reader.pk)
    assert event.data == {"decision": edited.decision.pk, "revision": second.pk}


def test_a_text_that_would_be_held_takes_the_comment_off(edit, story):
    edited = edit(HELD)

    assert (edited.comment.status, edited.decision.outcome) == ("held", "hold")
    assert Comment.objects.get().status == "held"
    assert Story.objects.get(pk=story.pk).comment_count == 0


def test_a_held_comment_may_be_mended(edit, held, story):
    edited = edit(comment=held)

    assert edited.comment.status == "published"
    assert Story.objects.get(pk=story.pk).comment_count == 2, "beside the one of the fixture"
    assert Comment.objects.get(pk=held.pk).published_at is not None


def test_its_author_is_told_first_once(edit):
    with pytest.raises(NudgedError) as nudged:
        edit(HELD, idempotency_key="form-1", may_nudge=True)
    assert nudged.value.reasons[0]["rule"] == "banned_word"
    assert Comment.objects.get().status == "published"
    assert Comment.objects.get().revisions.count() == 1

    edit(HELD, idempotency_key="form-1")
    assert Nudge.objects.get().result == "posted_anyway"
    assert Comment.objects.get().status == "held"


def test_after_a_nudge_of_the_post_another_one_of_the_edit(post, reader):
    with pytest.raises(NudgedError):
        post(HELD, key="post-1", may_nudge=True)
    comment = post("A quiet remark.", key="post-1").comment
    with pytest.raises(NudgedError):
        edit_comment(comment=comment, author=reader, text_source=HELD, idempotency_key="edit-1", may_nudge=True)
    edit_comment(comment=comment, author=reader, text_source=BETTER, idempotency_key="edit-1", may_nudge=True)

    assert [nudge.result for nudge in Nudge.objects.order_by("pk")] == ["edited", "edited"]
    assert Nudge.objects.get(comment=comment).idempotency_key == "post-1"


def test_the_same_text_changes_nothing(edit, published, story):
    before = version(story)

    assert edit(published.text_source).decision is None
    assert (Comment.objects.get().edited_at, version(story)) == (None, before)
    assert not Event.objects.filter(tag="comment:edited").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_comment_body"), (" \u200b\n", "empty_comment_body"), ("x" * 3_001, "comment_too_long")],
    ids=["empty", "invisible", "long"],
)
def test_a_text_that_cannot_stand(edit, published, text, code):
    with pytest.raises(PostingError) as refused:
        edit(text)

    assert refused.value.code == code
    assert Comment.objects.get().text_source == published.text_source


@pytest.mark.parametrize("who", ["other_reader", "moderator"])
def test_nobody_else_edits_it(edit, request, who):
    with pytest.raises(PermissionDenied):
        edit(author=request.getfixturevalue(who))

    assert Comment.objects.get().edited_at is None


def test_a_closed_discussion_is_closed_for_edits_too(edit, published):
    Story.objects.update(is_open=False)
    published.story.refresh_from_db()

    with pytest.raises(PostingError) as refused:
        edit()
    assert refused.value.code == "discussion_closed"


def test_it_is_too_late(edit, published):
    Comment.objects.update(created_at=timezone.now() - timedelta(seconds=301))
    published.refresh_from_db()

    with pytest.raises(PostingError) as refused:
        edit()
    assert refused.value.code == "edit_window_over"


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen between the judgement and the transaction."""

    def call(happens):
        real = module.judge

        def judge(site, told):
            happens()
            return real(site, told)

        monkeypatch.setattr(module, "judge", judge)

    return call


def test_a_moderator_who_was_faster_wins(edit, published, moderator, meanwhile):
    meanwhile(lambda: remove_comment(comment=published, moderator=moderator, rule="links"))

    with pytest.raises(PostingError) as refused:
        edit()
    assert refused.value.code == "cannot_edit"
    assert (Comment.objects.get().status, Comment.objects.get().revisions.count()) == ("removed", 1)


def test_so_does_the_clock(edit, meanwhile):
    meanwhile(lambda: Comment.objects.update(created_at=timezone.now() - timedelta(seconds=300)))

    with pytest.raises(PostingError) as refused:
        edit()
    assert refused.value.code == "edit_window_over"
    assert Comment.objects.get().edited_at is None


def test_a_moderator_does_not_decide_about_a_text_that_they_did_not_see(edit, held, moderator):
    seen = held.decisions.get().pk
    edit("Another wombat.", comment=held)

    with pytest.raises(DecidingError):
        decide_comment(comment=held, moderator=moderator, outcome=Decision.Outcome.PUBLISH, last_seen=seen)
    assert Comment.objects.get(pk=held.pk).status == "held"


def test_a_comment_is_no_repetition_of_its_own_first_version(post, reader, monkeypatch):
    told = []
    real = module.judge
    monkeypatch.setattr(module, "judge", lambda site, submission: told.append(submission) or real(site, submission))
    earlier = post("Something else about the bridge.").comment
    comment = post(BETTER).comment
    edit_comment(comment=comment, author=reader, text_source=f"{BETTER} Really.")

    assert [one.text for one in told[0].earlier] == [earlier.text_source]


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_leave_one_text_and_its_decision(published, reader):
    texts = [f"{BETTER} Version {number}." for number in range(4)]

    def one(text):
        try:
            return edit_comment(comment=published, author=reader, text_source=text)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, texts))

    row = Comment.objects.get()
    newest = row.decisions.latest("id")
    assert row.text_source == row.revisions.latest("id").text_source == newest.revision.text_source
    assert (row.revisions.count(), row.decisions.count()) == (5, 5)
    assert Story.objects.get().comment_count == 1
