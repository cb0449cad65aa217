"""A reader posts: gathered, judged, perhaps nudged, then written, decided and answered in one transaction.

Judging comes before the transaction, so that the one writer of SQLite is not kept waiting by a model. A process that
is killed before the commit leaves nothing behind, and the reader's page still has the text; after it, the same key
gives the same answer.
"""

from typing import NamedTuple

from django.db import IntegrityError, transaction

from belowline.accounts.models import User
from belowline.comments.actions.create_comment import check_posting, create_comment
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.comments.pacing import check_pace, lock_author
from belowline.comments.queries import find_earlier
from belowline.comments.resubmission import check_resubmission
from belowline.engine import submission
from belowline.moderation.actions.nudge_author import answer_nudge, nudge_author
from belowline.moderation.actions.record_decision import New, record_engine_decision, state_now
from belowline.moderation.engine import judge
from belowline.moderation.errors import NudgedError
from belowline.moderation.models import Decision
from belowline.moderation.sanctions import check_may_write
from belowline.moderation.story_readings import story_for_engine
from belowline.stories.models import Story


class Posted(NamedTuple):
    """The comment, what was decided, and whether this call made it."""

    comment: Comment
    decision: Decision
    is_new: bool


def post_comment(  # noqa: PLR0913 - by keyword only
    *,
    story: Story,
    author: User,
    text_source: str,
    parent: Comment | None = None,
    idempotency_key: str,
    resubmits: Comment | None = None,
    may_nudge: bool = False,
    paced: bool = False,
) -> Posted:
    """Post a comment; the same author and key again give the first answer again.

    `resubmits` is the rejected comment that this one replaces. With `may_nudge`, somebody is there to be told first
    why the comment would be held. With `paced`, the author is slowed down who posts too fast. Programs that bring
    comments in post without either.

    Raises:
        PostingError: the comment cannot be posted; its code and message say why. A SanctionedError: by a measure.
        NudgedError: nothing is posted yet; the author shall see the reasons.
    """
    if earlier := _posted(author, idempotency_key):
        return earlier
    state = check_posting(
        story=story, author=author, text_source=text_source, parent=parent, idempotency_key=idempotency_key
    )
    check_may_write(user=author, site=story.site)
    if resubmits is not None:
        check_resubmission(old=resubmits, author=author, story=story, parent=parent)
    if paced:
        check_pace(story=story, author=author, state=state)
    told = gather(story=story, author=author, text_source=text_source, parent=parent, resubmits=resubmits)
    decision = judge(story.site, told)
    if may_nudge and (
        reasons := nudge_author(
            story=story, author=author, text_source=text_source, idempotency_key=idempotency_key, decision=decision
        )
    ):
        raise NudgedError(reasons)
    try:
        with transaction.atomic():
            new = _check_again(story, author, paced=paced)
            if resubmits is not None:
                _claim(resubmits, author, story, parent)
            comment = create_comment(
                story=story,
                author=author,
                text_source=text_source,
                parent=parent,
                idempotency_key=idempotency_key,
                resubmits=resubmits,
            )
            row = record_engine_decision(comment=comment, decision=decision, new=new)
            answer_nudge(comment)
    except (IntegrityError, PostingError):
        # The same form came twice at once: the other one was first.
        if earlier := _posted(author, idempotency_key):
            return earlier
        raise
    return Posted(comment, row, is_new=True)


def _check_again(story: Story, author: User, *, paced: bool) -> New:
    """Check what may have changed while the engine judged: their pace, and what a moderator decided of the account."""
    state = state_now(story)
    if paced:
        # One post of theirs after the other: two at once shall not both pass.
        lock_author(author)
        check_pace(story=story, author=author, state=state)
    return New(state.is_premoderated, check_may_write(user=author, site=story.site))


def gather(  # noqa: PLR0913 - what a submission is made of
    *,
    story: Story,
    author: User,
    text_source: str,
    parent: Comment | None,
    before: Comment | None = None,
    resubmits: Comment | None = None,
) -> submission.Submission:
    """Return everything that the engine is told about a comment; `before` is its row where it was posted already."""
    above = None
    if parent is not None:
        root_text = parent.root.text_source if parent.root else ""
        above = submission.Parent(text=parent.text_source, root_text=root_text)
    return submission.Submission(
        text=text_source,
        story=story_for_engine(story),
        parent=above,
        author=submission.AuthorFacts(display_name=author.display_name),
        earlier=find_earlier(author=author, story=story, text_source=text_source, before=before, resubmits=resubmits),
    )


def _posted(author: User, idempotency_key: str) -> Posted | None:
    comment = Comment.objects.filter(author=author, idempotency_key=idempotency_key).first()
    if comment is None:
        return None
    return Posted(comment, comment.decisions.order_by("-id")[0], is_new=False)


def _claim(old: Comment, author: User, story: Story, parent: Comment | None) -> None:
    """Keep the old comment for this transaction, and look again: it may have been replaced meanwhile."""
    locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story", "parent")
    check_resubmission(old=locked.get(pk=old.pk), author=author, story=story, parent=parent)
