"""A reader posts: gathered, judged, then written, decided and answered in one transaction.

Judging comes before the transaction, so that the one writer of SQLite is not kept waiting by a model. A process that
is killed before the commit leaves nothing behind, and the reader's page still has the text; after it, the same key
gives the same answer.
"""

from typing import NamedTuple

from django.db import IntegrityError, transaction

from belowline.accounts.models import User
from belowline.comments.actions.create_comment import check_posting, create_comment
from belowline.comments.models import Comment
from belowline.comments.queries import find_earlier
from belowline.engine import submission
from belowline.moderation.actions.record_decision import record_engine_decision
from belowline.moderation.engine import judge
from belowline.moderation.models import Decision
from belowline.stories.models import Story


class Posted(NamedTuple):
    """The comment, what was decided, and whether this call made it."""

    comment: Comment
    decision: Decision
    is_new: bool


def post_comment(
    *, story: Story, author: User, text_source: str, parent: Comment | None = None, idempotency_key: str
) -> Posted:
    """Post a comment; the same author and key again give the first answer again.

    Raises:
        PostingError: the comment cannot be posted; its code and message say why.
    """
    if earlier := _posted(author, idempotency_key):
        return earlier
    check_posting(story=story, author=author, text_source=text_source, parent=parent, idempotency_key=idempotency_key)
    decision = judge(story.site, gather(story=story, author=author, text_source=text_source, parent=parent))
    try:
        with transaction.atomic():
            comment = create_comment(
                story=story,
                author=author,
                text_source=text_source,
                parent=parent,
                idempotency_key=idempotency_key,
            )
            row = record_engine_decision(comment=comment, decision=decision)
    except IntegrityError:
        # The same form came twice at once: the other one was first.
        if earlier := _posted(author, idempotency_key):
            return earlier
        raise
    return Posted(comment, row, is_new=True)


def gather(
    *, story: Story, author: User, text_source: str, parent: Comment | None, before: Comment | None = None
) -> submission.Submission:
    """Return everything that the engine is told about a comment; `before` is its row where it was posted already."""
    above = None
    if parent is not None:
        root_text = parent.root.text_source if parent.root else ""
        above = submission.Parent(text=parent.text_source, root_text=root_text)
    return submission.Submission(
        text=text_source,
        story=story.for_engine(),
        parent=above,
        author=submission.AuthorFacts(display_name=author.display_name),
        earlier=find_earlier(author=author, story=story, text_source=text_source, before=before),
    )


def _posted(author: User, idempotency_key: str) -> Posted | None:
    comment = Comment.objects.filter(author=author, idempotency_key=idempotency_key).first()
    if comment is None:
        return None
    return Posted(comment, comment.decisions.order_by("-id")[0], is_new=False)
