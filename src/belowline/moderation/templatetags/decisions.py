"""Template tags about decisions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from belowline.comments.models import Comment
from belowline.moderation.faq.words import HOURS, MINUTES, enumerated
from belowline.moderation.marks import Segment, segments
from belowline.moderation.models import Decision
from belowline.moderation.redress import is_unchecked
from belowline.moderation.shipped_words import in_present_language

register = template.Library()


@register.filter
def marked(comment: Comment, decision: Decision | None) -> list[Segment]:
    """Return the comment's source in pieces, with the passages that the decision is about."""
    return segments(comment.text_source, decision.reasons if decision else [])


@register.filter
def met(decision: Decision | None) -> list[dict[str, Any]]:
    """Return the reasons that were measured or named by a person: each deserves its own line."""
    return [reason for reason in decision.reasons if not is_unchecked(decision, reason)] if decision else []


@register.filter
def not_checked(decision: Decision | None) -> list[str]:
    """Return the titles of the rules that could not be checked: one line is enough for all of them."""
    return [reason["title"] for reason in decision.reasons if is_unchecked(decision, reason)] if decision else []


@register.filter
def percent(value: float | None) -> str:
    """Return a score in [0, 1] as a whole per cent; a dash where it is unchecked."""
    return "–" if value is None else f"{value:.0%}"


@register.filter("enumerated")
def enumerate_words(parts: Iterable[Any]) -> str:
    """Return parts one after the other, with the language's own comma."""
    return enumerated(map(str, parts))


@register.filter
def roughly(wait: timedelta | None) -> str:
    """Return a duration in everyday words."""
    if wait is None:
        return gettext("as soon as somebody is on duty")
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes < MINUTES:
        return ngettext("usually within %(count)d minute", "usually within %(count)d minutes", minutes) % {
            "count": minutes
        }
    hours = round(minutes / 60)
    if hours < HOURS:
        return ngettext("usually within %(count)d hour", "usually within %(count)d hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("usually within %(count)d day", "usually within %(count)d days", days) % {"count": days}


@register.filter
def shipped_words(text: str) -> str:
    """Return words of the shipped policy in the present language; a newsroom's own as they are."""
    return in_present_language(text)
