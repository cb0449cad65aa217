"""The form by which a moderator takes a measure against a commenter: what is offered, and what was sent."""

from typing import Any, NamedTuple

from django.http import HttpRequest

from belowline.accounts.models import User
from belowline.accounts.permissions import may
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.moderation.actions.sanction_commenter import ACTIONS, MAX_WORDS, why_not_sanction
from belowline.moderation.message_templates import offers_for, text_for
from belowline.moderation.sanctions import DAY, LENGTHS, Kind, is_for_topic_alone, rules_for
from belowline.stories.models import Site

HINTS = {
    Kind.WARN: "They read it before they can post again.",
    Kind.PREMODERATE: "All that they write waits for a moderator.",
    Kind.SUSPEND: "They cannot post until it ends.",
    Kind.BAN: "They cannot post any more.",
}
WEEK = 7
YEAR = 365


class Length(NamedTuple):
    """For how long a measure may hold."""

    value: str
    """Hours; empty: without an end."""
    words: str


class KindOffer(NamedTuple):
    """A measure that the moderator may take here."""

    value: str
    title: str
    hint: str
    lengths: list[Length]
    """Empty: there is nothing to choose."""
    chosen: str
    """The length that is chosen."""


def measure_form(
    user: User, moderator: User, site: Site, comment: Comment | None, typed: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return what the form shows; `typed` is what was sent and refused."""
    typed = typed or {}
    is_topic = comment is not None and is_for_topic_alone(comment)
    return {
        "kinds": [_offer(kind, typed) for kind in Kind if may(moderator, ACTIONS[kind], site=site)],
        "rules": [(code, rule.title, rule.for_moderators) for code, rule in rules_for(site).items()],
        "everywhere": may(moderator, ACTIONS[Kind.WARN], site=None),
        "why_not": why_not_sanction(user, moderator),
        "cause": None if is_topic else comment,
        "is_topic_alone": is_topic,
        "offers": offers_for(user, site, comment),
        "max_words": MAX_WORDS,
        "typed": typed,
    }


def sent(request: HttpRequest, user: User, site: Site, comment: Comment | None) -> dict[str, Any]:
    """Return what `sanction_commenter` is told by the form; words that were left empty are those of the template."""
    kind = request.POST.get("kind", "")
    words = request.POST.get("words", "").replace("\x00", "").replace("\r\n", "\n")
    template = parse_id(request.POST.get("template", ""))
    return {
        "kind": kind,
        "rule": request.POST.get("rule", ""),
        "words": words if words.strip() else text_for(template, user, site, comment),
        "hours": parse_id(request.POST.get(f"hours-{kind}", "")),
        "site": None if request.POST.get("where") == "all" else site,
    }


def length_words(hours: int | None) -> str:
    """Return a length in words."""
    if hours is None:
        return "for good"
    days = hours // DAY
    if days % YEAR == 0:
        return f"{days // YEAR} year{'s' if days > YEAR else ''}"
    if days % WEEK == 0:
        return f"{days // WEEK} week{'s' if days > WEEK else ''}"
    return f"{days} day{'s' if days > 1 else ''}"


def _offer(kind: Kind, typed: dict[str, str]) -> KindOffer:
    lengths = [Length("" if hours is None else str(hours), length_words(hours)) for hours in LENGTHS[kind]]
    chosen = typed.get(
        f"hours-{kind}", lengths[min(1, len(lengths) - 1)].value if kind != Kind.BAN else lengths[0].value
    )
    return KindOffer(kind.value, str(kind.label), HINTS[kind], [] if kind == Kind.WARN else lengths, chosen)
