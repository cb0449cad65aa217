"""A moderator takes a measure against a commenter: a warning, pre-moderation, a suspension or a ban."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may_somewhere, require
from belowline.comments.models import Comment
from belowline.engine.policy import TOPIC_SCORES
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.sanctions import MOST_HOURS, Kind, home_site, is_for_topic_alone, rules_for
from belowline.stories.models import Site

MAX_WORDS = 2_000
ACTIONS = {
    Kind.WARN: Action.WARN,
    Kind.PREMODERATE: Action.PREMODERATE,
    Kind.SUSPEND: Action.SUSPEND,
    Kind.BAN: Action.BAN,
}


def sanction_commenter(  # noqa: PLR0913 - what the desk's form says
    *,
    user: User,
    by: User,
    kind: str,
    rule: str,
    words: str,
    hours: int | None = None,
    site: Site | None = None,
    comment: Comment | None = None,
) -> Sanction:
    """Take a measure from now on, for so many `hours`, on a site or (None) on all; `comment` is what led to it.

    A warning has no hours: it holds until it was read. Pre-moderation and a suspension have an end: at most a year and
    90 days. A ban without hours is for good, else at most ten years. The `words` (at most 2,000 characters) are for the
    reader, who is told by mail a minute later, and can contest it.

    Raises:
        PermissionDenied: they may not do this there.
        SanctionError: `unknown_kind`, `cannot_sanction`, `rule_required`, `unknown_rule`, `topic_alone`,
            `words_required`, `note_too_long`, `end_required` or `already_sanctioned`.
    """
    if kind not in Kind.values:
        raise SanctionError("Choose what to do: warn, pre-moderate, suspend or ban.", code="unknown_kind")
    chosen = Kind(kind)
    require(by, ACTIONS[chosen], site=site)
    _check_person(user, by)
    fields = _rule_fields(rule, site or (comment.story.site if comment else home_site(user)))
    _check_comment(user, comment)
    ends_at = _end(chosen, hours)
    with transaction.atomic():
        # Whoever posts with the same account waits here, and asks again.
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _check_new(locked, chosen, site)
        row = Sanction.objects.create(
            user=locked,
            kind=chosen,
            site=site,
            comment=comment,
            words=_checked(words),
            given_by=by,
            ends_at=ends_at,
            **fields,
        )
        record_event(
            tags.SANCTION_GIVEN,
            subject_id=row.pk,
            site_id=site.pk if site else None,
            actor_id=by.pk,
            kind=chosen.value,
            rule=rule,
            hours=hours if ends_at else None,
            user=user.pk,
        )
    return row


def why_not_sanction(user: User, by: User) -> str:
    """Return why no measure can be taken against somebody, as a sentence for the moderator; empty: one can."""
    if user.pk == by.pk:
        return "This is your own account."
    if user.closed_at or not user.is_active:
        return "This account is closed: nobody can post with it."
    if may_somewhere(user, Action.SEE_DESK):
        return "This is a colleague's account: an administrator withdraws the role first."
    return ""


def _check_person(user: User, by: User) -> None:
    if why := why_not_sanction(user, by):
        raise SanctionError(why, code="cannot_sanction")


def _rule_fields(code: str, site: Site | None) -> dict[str, Any]:
    if not code or site is None:
        raise SanctionError("Choose the rule that was broken.", code="rule_required")
    policy = site_policy(site)
    known = policy.rules.get(code)
    if known is not None and known.score in TOPIC_SCORES:
        raise SanctionError(
            "Being off topic leads to no measure against anybody. Name another rule.", code="topic_alone"
        )
    if code not in rules_for(site):
        raise SanctionError(f"There is no rule “{code}” in the policy of {site}.", code="unknown_rule")
    rule = policy.rules[code]
    return {"rule": code, "title": rule.title, "explanation": rule.for_readers, "policy": policy.version}


def _check_comment(user: User, comment: Comment | None) -> None:
    if comment is None:
        return
    if comment.author_id != user.pk:
        raise SanctionError("Somebody else wrote this comment.", code="cannot_sanction")
    if is_for_topic_alone(comment):
        raise SanctionError(
            "This comment was refused for its topic alone, and that leads to no measure against anybody.",
            code="topic_alone",
        )


def _end(kind: Kind, hours: int | None) -> datetime | None:
    if kind == Kind.WARN or (kind == Kind.BAN and hours is None):
        return None
    if hours is None or not 1 <= hours <= MOST_HOURS[kind]:
        days = MOST_HOURS[kind] // 24
        raise SanctionError(f"Choose for how long: an hour at least, {days:,} days at most.", code="end_required")
    return timezone.now() + timedelta(hours=hours)


def _checked(words: str) -> str:
    text = words.strip()
    if not text:
        raise SanctionError("Write why, in words for the reader: they read it.", code="words_required")
    if len(text) > MAX_WORDS:
        raise SanctionError(
            f"Your words have {len(text):,} characters; at most {MAX_WORDS:,} fit.", code="note_too_long"
        )
    return text


def _check_new(user: User, kind: Kind, site: Site | None) -> None:
    acting = Sanction.objects.filter(user=user, kind=kind).acting()
    same = acting.at(site) if site else acting.filter(site=None)
    if found := same.select_related("given_by").first():
        what = f"{found.get_kind_display()} by {found.given_by.display_name}, {found.created_at:%-d %B %Y}"
        raise SanctionError(f"This holds already: {what}. Lift it first to give another.", code="already_sanctioned")
