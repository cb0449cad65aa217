"""Reading policies: the versions of a site with what each changed, and what the rules in the background met."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from belowline.engine.errors import PolicyError
from belowline.engine.policy import Policy, load_policy
from belowline.engine.policy_changes import PolicyChange, policy_changes
from belowline.engine.rehearsal import Split
from belowline.moderation.models import Certificate, Decision, PolicyVersion
from belowline.moderation.past_cases import CHUNK, batched, people_words
from belowline.stories.models import Site

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
LISTED = 50
"""So many versions are shown."""


class PolicyStep(NamedTuple):
    """A version, and what it changed of the one before."""

    row: PolicyVersion
    changes: list[PolicyChange]
    is_active: bool
    is_readable: bool
    """False: it is of a release whose policies this one does not understand."""


def policy_steps(site: Site, limit: int = LISTED) -> list[PolicyStep]:
    """Return the newest versions of a site, the one that acts first; before the first one, the shipped policy acted."""
    rows = list(PolicyVersion.objects.filter(site=site).select_related("activated_by").order_by("-id")[: limit + 1])
    policies = [_parsed(row) for row in rows]
    if len(rows) <= limit:
        policies.append(load_policy())
    pairs = zip(rows[:limit], policies, policies[1:], strict=False)
    return [
        PolicyStep(row, policy_changes(before, after) if before and after else [], not place, after is not None)
        for place, (row, after, before) in enumerate(pairs)
    ]


def _parsed(row: PolicyVersion) -> Policy | None:
    try:
        return row.parse()
    except PolicyError:
        return None


def certificate_of(row: PolicyVersion | None) -> Certificate | None:
    """Return what a calibration proved of a version; None: nothing."""
    return Certificate.objects.filter(policy_version=row).first() if row else None


class BackgroundRule(NamedTuple):
    """How often a rule in the background was met, and what people decided about these comments."""

    code: str
    title: str
    week: Split
    month: Split


def background_rules(site: Site, policy: Policy) -> list[BackgroundRule]:
    """Return the policy's background rules with the comments that met them in the last 7 and 30 days."""
    codes = [code for code, rule in policy.rules.items() if rule.background]
    if not codes:
        return []
    now = timezone.now()
    counted = {code: BackgroundRule(code, policy.rules[code].title, Split(), Split()) for code in codes}
    for code, at, is_good in _noted(site, now - MONTH):
        if code in counted:
            counted[code].month.add(is_good)
            if at >= now - WEEK:
                counted[code].week.add(is_good)
    return list(counted.values())


def _noted(site: Site, since: datetime) -> Iterator[tuple[str, datetime, bool | None]]:
    """Yield rule, time, and what people decided, for each comment and rule once."""
    rows = (
        Decision.objects.filter(maker=Decision.Maker.ENGINE, comment__story__site=site, created_at__gte=since)
        .exclude(noted=[])
        .order_by("-id")
        .values_list("comment_id", "revision_id", "created_at", "noted")
    )
    seen: set[tuple[int, str]] = set()
    for chunk in batched(rows.iterator(chunk_size=CHUNK), CHUNK):
        words = people_words([revision for _, revision, _, _ in chunk])
        for comment_id, _, at, noted in chunk:
            for code in {reason["rule"] for reason in noted}:
                if (comment_id, code) not in seen:
                    seen.add((comment_id, code))
                    word = words.get(comment_id)
                    yield code, at, word.is_good if word else None
