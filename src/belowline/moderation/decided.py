"""What persons decided about a site's comments: the lessons that a head is learned from.

A decision of the machine that nobody looked at is no lesson: it says what the machine thinks, and not what the
newsroom wants. A blind review of it (an audit) is one, and so is an appeal that a person has upheld.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from belowline.comments.models import Comment, Revision
from belowline.engine.submission import Parent, Submission
from belowline.moderation.models import Appeal, Audit, Decision
from belowline.stories.models import Site


class Decided(NamedTuple):
    """What a person decided about a comment in the end."""

    comment_id: int
    revision_id: int
    is_good: bool
    rule: str
    """The rule that was named; empty where none was."""
    at: datetime


def decided_comments(site: Site, most: int) -> list[Decided]:
    """Return the last word of a person on each comment, the oldest first; at most the newest `most` of them.

    Decisions that were taken back do not count, nor comments that their authors deleted.
    """
    last: dict[int, Decided] = {}
    words = (*_decisions(site, most), *_reviews(site, most), *_appeals(site, most))
    for found in sorted(words, key=lambda one: one.at):
        last[found.comment_id] = found
    return sorted(last.values(), key=lambda one: one.at)[-most:]


def _decisions(site: Site, most: int) -> Iterator[Decided]:
    rows = (
        Decision.objects.filter(comment__story__site=site, maker=Decision.Maker.PERSON, undoes=None, undone_by=None)
        .exclude(comment__status=Comment.Status.DELETED)
        .exclude(outcome=Decision.Outcome.HOLD)
        .order_by("-id")
        .values_list("comment_id", "revision_id", "outcome", "reasons", "created_at")
    )
    for comment, revision, outcome, reasons, at in rows[:most]:
        yield Decided(comment, revision, outcome == Decision.Outcome.PUBLISH, _first_rule(reasons), at)


def _reviews(site: Site, most: int) -> Iterator[Decided]:
    rows = (
        Audit.objects.filter(decision__comment__story__site=site, reviewed_at__isnull=False)
        .exclude(decision__comment__status=Comment.Status.DELETED)
        .exclude(outcome="")
        .order_by("-id")
        .values_list("decision__comment_id", "decision__revision_id", "outcome", "rule", "reviewed_at")
    )
    for comment, revision, outcome, rule, at in rows[:most]:
        if at is not None:
            yield Decided(comment, revision, outcome == Decision.Outcome.PUBLISH, rule, at)


def _appeals(site: Site, most: int) -> Iterator[Decided]:
    """Yield refusals that a person has confirmed; one that was overturned has led to a decision, which counts."""
    rows = (
        Appeal.objects.filter(decision__comment__story__site=site, state=Appeal.State.UPHELD, decided_at__isnull=False)
        .exclude(decision__comment__status=Comment.Status.DELETED)
        .exclude(decision__outcome__in=(Decision.Outcome.HOLD, Decision.Outcome.PUBLISH))
        .order_by("-id")
        .values_list("decision__comment_id", "decision__revision_id", "decision__reasons", "decided_at")
    )
    for comment, revision, reasons, at in rows[:most]:
        if at is not None:
            yield Decided(comment, revision, is_good=False, rule=_first_rule(reasons), at=at)


def _first_rule(reasons: list[dict[str, Any]]) -> str:
    return str(reasons[0]["rule"]) if reasons else ""


def submission_of(revision: Revision) -> Submission:
    """Return what the engine is told about a comment that was decided; fetch the revision with its comment.

    Earlier comments are left out: what was a repetition then cannot be known now.
    """
    comment = revision.comment
    above = comment.parent
    root_text = above.root.text_source if above and above.root else ""
    return Submission(
        text=revision.text_source,
        story=comment.story.for_engine(),
        parent=Parent(text=above.text_source, root_text=root_text) if above else None,
    )


def count_decided(site: Site, since: datetime | None = None) -> int:
    """Return how many decisions and reviews persons have made on a site, since then or at all."""
    decisions = Decision.objects.filter(comment__story__site=site, maker=Decision.Maker.PERSON, undoes=None)
    reviews = Audit.objects.filter(decision__comment__story__site=site, reviewed_at__isnull=False)
    if since is not None:
        decisions, reviews = decisions.filter(created_at__gt=since), reviews.filter(reviewed_at__gt=since)
    return decisions.count() + reviews.count()
