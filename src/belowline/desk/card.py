"""What the desk shows of one comment: signals, rules to choose from, what comes next."""

from typing import Any, NamedTuple

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from belowline.comments.models import Comment, Revision
from belowline.engine.policy import TOPIC_SCORES, Policy
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Decision

KEYS = "123456789abcdefghilmnoqstvwxyz"
"""Not j, k, p, r, u: they mean something else on the desk."""


class SignalRow(NamedTuple):
    """One score as the desk lists it."""

    name: str
    value: float | None
    cause: str
    evidence: str
    threshold: float | None
    is_met: bool


class Choice(NamedTuple):
    """A rule to reject by, with its key."""

    key: str
    code: str
    title: str
    hint: str
    is_met: bool


def card_context(comment: Comment, queue: list[Comment]) -> dict[str, Any]:
    """Return the template's context for the comment in full."""
    policy = site_policy(comment.story.site)
    history: list[Decision] = comment.history  # type: ignore[attr-defined] # moderation.queries.with_history sets it
    judged = next((decision for decision in history if decision.maker == Decision.Maker.ENGINE), None)
    ids = [held.pk for held in queue]
    place = ids.index(comment.pk)
    return {
        "judged": judged,
        "decision": history[0],
        "signals": signal_rows(policy, judged, comment.story.section) if judged else [],
        "choices": choices(policy, judged),
        "following": (ids[place + 1 :] + ids[:place] + [None])[0],
        "previous": ids[place - 1] if place else None,
        "nearest": nearest_passage(judged),
        "record": author_record(comment),
        "rejected": rejection_of(comment.resubmits) if comment.resubmits else None,
        "versions": earlier_versions(comment),
        "max_characters": MAX_NOTE_CHARACTERS,
    }


def earlier_versions(comment: Comment) -> list[Revision]:
    """Return the texts that an edited comment had before, the newest first; none where it was never edited."""
    return list(comment.revisions.order_by("-id")[1:]) if comment.edited_at else []


def nearest_passage(judged: Decision | None) -> str:
    """Return the passage of the article that is nearest to the comment, unless a reason quotes it already."""
    if judged is None or any(reason["signal"] == "off_topic" for reason in judged.reasons):
        return ""
    return str((judged.scores.get("off_topic") or {}).get("evidence", ""))


def signal_rows(policy: Policy, judged: Decision, section: str = "") -> list[SignalRow]:
    """Return every score, those that met a rule first, the unchecked next, then by height."""
    thresholds = {rule.score: rule.hold_from(section) for rule in policy.rules.values()}
    met = {reason["signal"] for reason in judged.reasons}
    rows = [
        SignalRow(
            name.replace("_", " "),
            score["value"],
            score.get("cause", ""),
            score.get("evidence", ""),
            thresholds.get(name),
            name in met,
        )
        for name, score in judged.scores.items()
    ]
    return sorted(rows, key=lambda row: (not row.is_met, row.value is not None, -(row.value or 0.0)))


def choices(policy: Policy, judged: Decision | None) -> list[Choice]:
    """Return the rules to reject by: those that the engine named first, each with a key."""
    met = [reason["rule"] for reason in judged.reasons] if judged else []
    codes = sorted(policy.rules, key=lambda code: met.index(code) if code in met else len(met))
    keys = KEYS.ljust(len(codes))
    return [
        Choice(key.strip(), code, policy.rules[code].title, policy.rules[code].for_moderators, code in met)
        for key, code in zip(keys, codes, strict=False)
    ]


def rejection_of(first: Comment) -> Decision | None:
    """Return the decision that a second version answers."""
    return first.decisions.filter(outcome=Decision.Outcome.REJECT).order_by("-id").first()


def author_record(comment: Comment) -> dict[str, int]:
    """Return how many comments of the author were published, and how many refused.

    What was refused for its topic alone, or kept as a message to the newsroom, is no mark against anybody.
    """
    theirs = Comment.objects.filter(author_id=comment.author_id)
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id").annotate(first=KT("reasons__0__signal"))
    signal = Coalesce(Subquery(newest.values("first")[:1]), Value(""), output_field=CharField())
    return {
        "published": theirs.filter(status=Comment.Status.PUBLISHED).count(),
        "refused": theirs.filter(status__in=(Comment.Status.REJECTED, Comment.Status.REMOVED))
        .annotate(signal=signal)
        .exclude(signal__in=TOPIC_SCORES)
        .count(),
    }
