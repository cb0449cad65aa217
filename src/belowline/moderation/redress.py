"""What an author reads about the decision on their comment, and what they can do about it.

Says which rule, which passage, machine or person, and the way to contest it, as article 17(3) of Regulation (EU)
2022/2065 asks; never a mere pointer to guidelines, which makes people trust less (10.1177/14614448211032310).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from belowline.comments.models import Comment
from belowline.comments.resubmission import why_not_again
from belowline.engine.policy import Policy
from belowline.moderation.appeals import appeal_days, is_contestable
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Appeal, Decision
from belowline.moderation.premoderation import NO_RULES, told
from belowline.moderation.shipped_words import in_present_language
from belowline.stories.discussion import discussion_states


class Stated(NamedTuple):
    """One reason: the rule's title, the sentence about this text, the rule as readers know it, and the passage."""

    title: str
    sentence: str
    rule: str
    """Empty where the sentence says it already."""
    passage: str
    """Empty where the sentence quotes it already."""
    law: str = ""
    """The law that it is against, where a moderator named one."""


class Redress(NamedTuple):
    """The newest decision about a comment as its author reads it."""

    decision: Decision
    reasons: list[Stated]
    unchecked: list[str]
    """Titles of the rules that could not be checked."""
    appeal: Appeal | None
    until: datetime | None
    """The moment until which it can be contested; None: there is nothing to contest."""
    can_appeal: bool
    why_not_again: str
    """Why the comment cannot be rewritten and posted again; empty: it can."""


def add_redress(comments: Iterable[Comment]) -> list[Comment]:
    """Give each comment of `queries.with_history` its `redress`; None for one without a decision."""
    listed = list(comments)
    sites = {comment.story.site for comment in listed}
    policies = {site.pk: site_policy(site) for site in sites}
    versions: dict[int, set[str]] = defaultdict(set)
    for comment in listed:
        if (newest := newest_of(comment)) and is_contestable(comment, newest):
            versions[comment.story.site_id].add(newest.policy)
    days = {site.pk: appeal_days(site, policies[site.pk], versions[site.pk]) for site in sites if site.pk in versions}
    states = discussion_states(comment.story for comment in listed if comment.status == Comment.Status.REJECTED)
    for comment in listed:
        site = comment.story.site_id
        again = why_not_again(comment, states.get(comment.story_id))
        comment.redress = _redress(comment, policies[site], days.get(site, {}), again)  # type: ignore[attr-defined]
    return listed


def newest_of(comment: Comment) -> Decision | None:
    """Return the newest decision of a comment of `queries.with_history`."""
    history: list[Decision] = comment.history  # type: ignore[attr-defined] # with_history sets it
    return history[0] if history else None


def stated(policy: Policy | None, text: str, reasons: Iterable[Mapping[str, Any]]) -> list[Stated]:
    """Return reasons as their author reads them, each with the rule's words and the passage, said once.

    Without a policy, the sentences are the rule's words already: so it is where a person named the rule.
    """
    found = []
    for reason in reasons:
        title, sentence = told(reason)
        rule = policy.rules.get(reason["rule"]) if policy else None
        words = in_present_language(rule.for_readers) if rule else ""
        start, end = reason.get("start"), reason.get("end")
        passage = "" if start is None or end is None else " ".join(text[start:end].split())
        found.append(
            Stated(
                title=title,
                sentence=sentence,
                rule="" if words in sentence else words,
                passage="" if passage in sentence or passage == " ".join(text.split()) else passage,
                law=reason.get("legal_ground", ""),
            )
        )
    return found


def is_unchecked(decision: Decision, reason: Mapping[str, Any]) -> bool:
    """Say whether the rule could not be checked by machine; what a person names was never to be measured."""
    return decision.model != "" and reason["score"] is None and reason["rule"] not in NO_RULES


def _redress(comment: Comment, policy: Policy, days: Mapping[str, int], why_not_again: str) -> Redress | None:
    newest = newest_of(comment)
    if newest is None:
        return None
    until = newest.created_at + timedelta(days=days[newest.policy]) if is_contestable(comment, newest) else None
    appeal = getattr(newest, "appeal", None)
    measured = [reason for reason in newest.reasons if not is_unchecked(newest, reason)]
    return Redress(
        decision=newest,
        reasons=stated(policy if newest.model else None, comment.text_source, measured),
        unchecked=[in_present_language(reason["title"]) for reason in newest.reasons if is_unchecked(newest, reason)],
        appeal=appeal,
        until=until,
        can_appeal=until is not None and appeal is None and timezone.now() <= until,
        why_not_again=why_not_again,
    )
