"""What measures against an account do: who cannot post now, whose comments a moderator reads first, what is said of it.

They are about what somebody writes: posting and editing. Reading, recommending, reporting, contesting, deleting one's
own comments and taking one's data along stay possible under every one of them. Off-topic alone leads to none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.engine.policy import TOPIC_SCORES, Rule
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import SanctionedError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.shipped_words import in_present_language
from belowline.stories.models import Site

Kind = Sanction.Kind
GRAVEST_FIRST = (Kind.BAN, Kind.SUSPEND, Kind.WARN, Kind.PREMODERATE)
CODES = {Kind.BAN: "banned", Kind.SUSPEND: "suspended", Kind.WARN: "warned"}
DAY = 24
"""Hours."""
LENGTHS: Mapping[Kind, tuple[int | None, ...]] = {
    Kind.WARN: (None,),
    Kind.PREMODERATE: (7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY),
    Kind.SUSPEND: (DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY),
    Kind.BAN: (365 * DAY, None),
}
"""What the desk offers, in hours. None: a warning until it is read, a ban for good."""
MOST_HOURS: Mapping[Kind, int] = {Kind.PREMODERATE: 365 * DAY, Kind.SUSPEND: 90 * DAY, Kind.BAN: 3_650 * DAY}
"""The longest that each may be given for."""


def acting_on(user: User | int, site: Site) -> QuerySet[Sanction]:
    """Return what holds for somebody on a site now."""
    return Sanction.objects.filter(user=user).acting().at(site)


def gravest(found: Iterable[Sanction]) -> Sanction | None:
    """Return the sanction that restricts most: of two alike the one that ends last."""
    ranked = sorted(found, key=lambda one: (GRAVEST_FIRST.index(Kind(one.kind)), _nearness(one.ends_at)))
    return ranked[0] if ranked else None


def _nearness(end: datetime | None) -> float:
    return float("-inf") if end is None else -end.timestamp()


def why_not_write(user: User, site: Site) -> Sanction | None:
    """Return the sanction under which somebody cannot post on a site now: a ban, a suspension, or an unread warning."""
    return gravest(acting_on(user, site).filter(kind__in=CODES))


def check_may_write(*, user: User, site: Site) -> bool:
    """Check that no measure keeps somebody from posting or editing on a site; say whether a moderator reads it first.

    Raises:
        SanctionedError: `banned`, `suspended`, or `warned`: the warning is to be read first.
    """
    acting = list(acting_on(user, site))
    if found := gravest(one for one in acting if one.kind in CODES):
        raise SanctionedError(sentence(found), code=CODES[Kind(found.kind)])
    return any(one.kind == Kind.PREMODERATE for one in acting)


def is_read_first(user_id: int, site: Site) -> bool:
    """Say whether a moderator reads what somebody writes before others can."""
    return acting_on(user_id, site).filter(kind=Kind.PREMODERATE).exists()


def sentence(sanction: Sanction) -> str:
    """Return what a sanction means for posting, as one sentence or two in the present language."""
    known = {"rule": in_present_language(sanction.title), "until": until_words(sanction)}
    if sanction.kind == Kind.WARN:
        return gettext("A moderator has warned you (%(rule)s). Please read the warning before you post.") % known
    if sanction.kind == Kind.PREMODERATE:
        return gettext("A moderator reads your comments before others can, %(until)s (%(rule)s).") % known
    if sanction.kind == Kind.SUSPEND:
        return gettext("You cannot post %(until)s: a moderator suspended your account (%(rule)s).") % known
    if sanction.ends_at is None:
        return gettext("You cannot post any more: a moderator banned your account (%(rule)s).") % known
    return gettext("You cannot post %(until)s: a moderator banned your account (%(rule)s).") % known


def until_words(sanction: Sanction) -> str:
    """Return until when a sanction holds, as an adverbial in the present language; empty: without an end."""
    if sanction.ends_at is None:
        return ""
    moment = date_format(timezone.localtime(sanction.ends_at), "DATETIME_FORMAT")
    return gettext("until %(moment)s") % {"moment": moment}


def rules_for(site: Site) -> dict[str, Rule]:
    """Return the rules of a site's policy that can lead to a measure: those about the topic lead to none."""
    rules = site_policy(site).rules.items()
    return {code: rule for code, rule in rules if rule.score not in TOPIC_SCORES and not rule.is_on_trial}


def is_for_topic_alone(comment: Comment) -> bool:
    """Say whether a comment was refused, and for nothing but its topic."""
    if comment.status not in {Comment.Status.REJECTED, Comment.Status.REMOVED}:
        return False
    newest = comment.decisions.order_by("-id").first()
    signals = {reason.get("signal") for reason in newest.reasons} if newest else set()
    return bool(signals) and signals <= set(TOPIC_SCORES)


def home_site(user: User) -> Site | None:
    """Return the site under which somebody wrote last, else the first one; None: there is no site."""
    last = Comment.objects.filter(author=user).select_related("story__site").order_by("-created_at").first()
    return last.story.site if last else Site.objects.order_by("pk").first()


class Measure(NamedTuple):
    """A sanction as its subject reads it."""

    row: Sanction
    sentence: str
    title: str
    """The rule."""
    explanation: str
    place: str
    until: str
    appeal: SanctionAppeal | None
    contest_until: datetime | None
    """None: there is nothing to contest, or it was too long ago."""


def measures_of(user: User) -> list[Measure]:
    """Return every sanction that somebody had, the newest first, in the present language."""
    rows = Sanction.objects.filter(user=user).select_related("site", "comment__story__site", "appeal", "user")
    return [measure(row) for row in rows.order_by("-id")]


def measure(row: Sanction) -> Measure:
    """Return a sanction as its subject reads it."""
    return Measure(
        row=row,
        sentence=sentence(row),
        title=in_present_language(row.title),
        explanation=in_present_language(row.explanation),
        place=row.site.name if row.site else gettext("all sites of this server"),
        until=until_words(row),
        appeal=getattr(row, "appeal", None),
        contest_until=contest_until(row),
    )


def contest_until(sanction: Sanction, now: datetime | None = None) -> datetime | None:
    """Return the moment until which a sanction can be contested; None: it cannot be, or no more.

    What was lifted needs no appeal; what ran out can still be contested: it stands in the record.
    """
    site = policy_site(sanction)
    if sanction.lifted_at or site is None:
        return None
    until = sanction.created_at + timedelta(days=site_policy(site).settings.appeal_days)
    return until if (now or timezone.now()) <= until else None


def policy_site(sanction: Sanction) -> Site | None:
    """Return the site whose policy a sanction rests on."""
    if sanction.site is not None:
        return sanction.site
    return sanction.comment.story.site if sanction.comment else home_site(sanction.user)


def open_sanction_appeals() -> QuerySet[SanctionAppeal]:
    """Return the appeals against sanctions that wait, the oldest first."""
    related = ("sanction__user", "sanction__site", "sanction__given_by", "sanction__comment__story__site")
    waiting = SanctionAppeal.objects.filter(state=SanctionAppeal.State.OPEN)
    return waiting.select_related(*related).order_by("created_at", "pk")


def record(user: User) -> Mapping[str, Any]:
    """Return how often somebody was warned, pre-moderated, suspended and banned; what was lifted does not count."""
    kinds = Sanction.objects.filter(user=user, lifted_at=None).values_list("kind", flat=True)
    return {kind.value: sum(one == kind for one in kinds) for kind in Kind}
