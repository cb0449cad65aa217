"""What the desk shows of one comment: signals, rules to choose from, what comes next."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may
from belowline.comments.models import Comment, Revision
from belowline.engine.policy import TOPIC_SCORES, Policy
from belowline.moderation.actions.publish_comment import action_against
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.undo_decision import action_to_undo
from belowline.moderation.case_file import near_copies, reports_of
from belowline.moderation.engine import site_policy
from belowline.moderation.impartial import why_own
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import why_here
from belowline.moderation.queueing import split_scores
from belowline.moderation.risk import hardest_score
from belowline.moderation.rule_titles import reason_title

KEYS = "123456789adfgilmqtxyz"
"""Of rules, in the order of the policy. Other letters mean something else on the desk; a moderator may change all."""


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


class Row(NamedTuple):
    """An entry as the list beside the card shows it."""

    entry: QueueEntry
    title: str
    veil: str
    """The score for which the text is not shown; empty: it is."""
    with_whom: str
    """Who else looks at it now; empty: nobody."""


class Act(NamedTuple):
    """A button of the card."""

    value: str
    """What the form sends."""
    title: str
    key: str
    kind: str
    """Its colour: good, bad, second or plain."""
    hint: str = ""


PUBLISH = Act("publish", "Publish", "p", "good")
PICK = Act("pick", "Pick", "w", "second", "Let it stand out on top of the discussion, too")
HOLD = Act("hold", "Hold", "h", "second", "Take it off until somebody has looked at it in quiet")
RESTORE = Act("restore", "Restore", "p", "good")
ACTS = {
    Comment.Status.HELD: (PUBLISH, PICK),
    Comment.Status.PUBLISHED: (PICK, HOLD),
    Comment.Status.REJECTED: (PUBLISH,),
    Comment.Status.REMOVED: (RESTORE,),
}
"""What can be done in each state, beside refusing by a rule."""
REFUSING = {Comment.Status.HELD: "reject", Comment.Status.PUBLISHED: "remove"}


def card_context(comment: Comment, entry: QueueEntry | None, moderator: User) -> dict[str, Any]:
    """Return the template's context for the comment in full; `entry` is where it waits."""
    policy = site_policy(comment.story.site)
    history: list[Decision] = comment.history  # type: ignore[attr-defined] # moderation.queries.with_history sets it
    judged = next((decision for decision in history if decision.maker == Decision.Maker.ENGINE), None)
    now = timezone.now()
    status = Comment.Status(comment.status)
    is_taken = entry is not None and entry.is_with_another(moderator.pk, now)
    newest = history[0] if history else None
    place: Any = {"site": comment.story.site_id, "section": comment.story.section}
    decides = may(moderator, _needed(status, newest, moderator), **place)
    return {
        "current": comment,
        "entry": entry,
        "taken_by": entry.claimed_by if entry and is_taken else None,
        "why": why_here(entry, now) if entry else [],
        "veil": _veil(split_scores(judged.scores)[0] if judged else {}),
        "judged": judged,
        "decision": newest,
        "only_reads": not decides,
        "may_undo": newest is not None and may(moderator, action_to_undo(newest, moderator), **place),
        "history": history,
        "signals": signal_rows(policy, judged, comment.story.section) if judged else [],
        "acts": () if is_taken or not decides or comment.is_erased else ACTS.get(status, ()),
        "refusing": "" if is_taken or not decides or comment.is_erased else REFUSING.get(status, ""),
        "choices": choices(policy, judged),
        "nearest": nearest_passage(judged),
        "record": author_record(comment),
        "reports": reports_of(comment),
        "copies": [copy for copy in near_copies(comment) if _may_see(moderator, copy)],
        "rejected": rejection_of(comment.resubmits) if comment.resubmits else None,
        "versions": earlier_versions(comment),
        "why_own": why_own(comment, moderator),
        "max_characters": MAX_NOTE_CHARACTERS,
    }


def _needed(status: Comment.Status, newest: Decision | None, moderator: User) -> Action:
    """Return what one must be allowed to, to decide about a comment in this state."""
    if status == Comment.Status.PUBLISHED:
        return Action.REMOVE
    return Action.DECIDE if status == Comment.Status.HELD else action_against(newest, moderator)


def _may_see(moderator: User, comment: Comment) -> bool:
    return may(moderator, Action.SEE_DESK, site=comment.story.site_id, section=comment.story.section)


def _veil(values: Mapping[str, float]) -> str:
    """Return in words for which score a text is shown only on demand; empty: it is shown."""
    return hardest_score(values).replace("_", " ")


def list_rows(entries: list[QueueEntry], moderator: User) -> list[Row]:
    """Return the entries as the list shows them; they come with comment, author, site and who claimed them."""
    now = timezone.now()
    policies = {entry.site_id: entry.site for entry in entries}
    titles = {key: site_policy(site) for key, site in policies.items()}
    return [
        Row(
            entry,
            reason_title(titles[entry.site_id], entry.rule) if entry.rule else "Waiting",
            _veil(entry.values),
            entry.claimed_by.display_name if entry.claimed_by and entry.is_with_another(moderator.pk, now) else "",
        )
        for entry in entries
    ]


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
    """Return the rules to refuse by, those that the engine named first.

    Each keeps its key, whatever the engine named: hands learn it.
    """
    met = [reason["rule"] for reason in judged.reasons] if judged else []
    keys = dict(zip(policy.rules, KEYS, strict=False))
    codes = sorted(policy.rules, key=lambda code: met.index(code) if code in met else len(met))
    return [
        Choice(keys.get(code, ""), code, policy.rules[code].title, policy.rules[code].for_moderators, code in met)
        for code in codes
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
