"""Whatever happens in whatever order: the count is the number of published comments, and pages never go stale."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.comments.threads import read_page
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.post_comment import post_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.stories.models import Story

REFUSED = (PostingError, DecidingError, PermissionDenied)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "post held", "reply", "publish", "reject", "undo", "undo any", "delete", "again"]),
        st.integers(0, 7),
    ),
    max_size=18,
)


class Newsroom:
    """Takes steps, each through the real actions."""

    def __init__(self, story, reader, moderator):
        self.story, self.reader, self.moderator = story, reader, moderator
        self.posted = 0

    def take(self, step, place):
        comments = list(Comment.objects.filter(story=self.story).order_by("pk"))
        comment = comments[place % len(comments)] if comments else None
        if step.startswith("post"):
            self.post("What a wombat." if step == "post held" else "A quiet remark.")
        elif step == "again":
            self.posted -= bool(self.posted)
            self.post("A quiet remark.")
        elif comment:
            self.act(step, comment, place)

    def act(self, step, comment, place):
        if step == "reply":
            self.post("A quiet answer.", comment)
        elif step == "publish":
            decide_comment(comment=comment, moderator=self.moderator, outcome=Decision.Outcome.PUBLISH)
        elif step == "reject":
            decide_comment(comment=comment, moderator=self.moderator, outcome=Decision.Outcome.REJECT, rule="links")
        elif step == "undo":
            undo_decision(decision=comment.decisions.order_by("-pk")[0], moderator=self.moderator)
        elif step == "undo any":
            decisions = Decision.objects.order_by("pk")
            undo_decision(decision=decisions[place % len(decisions)], moderator=self.moderator)
        elif step == "delete":
            delete_comment(comment=comment, by=self.reader)

    def post(self, text, parent=None):
        self.posted += 1
        post_comment(
            story=self.story, author=self.reader, text_source=text, parent=parent, idempotency_key=f"key-{self.posted}"
        )


def what_readers_see(story):
    return [row._replace(created_at=None) for row in read_page(story, "oldest").comments]


@settings(max_examples=60)
@given(STEPS)
@pytest.mark.on_both
@pytest.mark.slow
def test_after_every_step(story, reader, moderator, steps):
    with transaction.atomic():
        newsroom = Newsroom(story, reader, moderator)
        seen, version = what_readers_see(story), Story.objects.get(pk=story.pk).thread_version
        for step, place in steps:
            try:
                newsroom.take(step, place)
            except REFUSED:
                assert what_readers_see(story) == seen
            now = Story.objects.get(pk=story.pk)
            assert now.comment_count == Comment.objects.filter(story=story, status="published").count()
            assert now.thread_version >= version
            if what_readers_see(story) != seen:
                assert now.thread_version > version
            seen, version = what_readers_see(story), now.thread_version
            check_decisions()
        transaction.set_rollback(True)


def check_decisions():
    """Every comment follows its newest decision, unless its author took it away."""
    expected = {"publish": "published", "hold": "held", "reject": "rejected"}
    for comment in Comment.objects.prefetch_related("decisions"):
        newest = max(comment.decisions.all(), key=lambda decision: decision.pk)
        assert comment.status in {expected[newest.outcome], "deleted"}


@pytest.mark.parametrize(
    "steps",
    [
        [("post held", 0), ("publish", 0), ("reply", 0), ("undo", 0), ("delete", 0)],
        [("post", 0), ("reply", 0), ("delete", 0), ("delete", 1), ("delete", 0)],
        [("post held", 0), ("reject", 0), ("delete", 0), ("undo", 0)],
    ],
    ids=["a tombstone appears above a reply", "a thread goes from the top", "undo after deleting"],
)
def test_sequences_that_once_went_wrong_or_might(story, reader, moderator, steps):
    test_after_every_step.hypothesis.inner_test(story, reader, moderator, steps)
