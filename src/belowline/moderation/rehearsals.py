"""Rehearsing a policy on a site's own recent past: at once where that is quick, else as a task of the worker."""

import time
from typing import Any

import msgspec
from django_tasks import task

from belowline.engine.errors import PolicyError
from belowline.engine.policy import Policy, load_policy, parse_policy
from belowline.engine.rehearsal import Counter, Rehearsal
from belowline.engine.rehearsal_scores import Scorer
from belowline.moderation.engine import measuring_engine, site_policy
from belowline.moderation.past_cases import site_cases
from belowline.stories.models import Site

NEWEST = 5_000
"""So many comments are looked at."""
LISTED = 100
"""So many comments that change sides are listed."""


def compared_policy(site: Site) -> Policy:
    """Return what a rehearsal compares with: the policy that acts, or the shipped one where that cannot be read."""
    try:
        return site_policy(site)
    except PolicyError:
        return load_policy()


def rehearse_on_site(site: Site, after: Policy, *, seconds: float | None = None) -> Rehearsal | None:
    """Compare a policy with the one that acts, on the newest comments; None: `seconds` were not enough."""
    before = compared_policy(site)
    counter = Counter(before, after, LISTED)
    end = None if seconds is None else time.monotonic() + seconds
    for case in site_cases(site, Scorer(before, after, lambda: measuring_engine(site)), NEWEST):
        counter.add(case)
        if end is not None and time.monotonic() > end:
            return None
    return counter.result()


@task()
def rehearse_policy(site_id: int, text: str, last_seen: int) -> dict[str, Any]:
    """Return a rehearsal as JSON: figures and ids of comments, no texts. `last_seen` is for the page that shows it."""
    found = rehearse_on_site(Site.objects.get(pk=site_id), parse_policy(text))
    answer: dict[str, Any] = msgspec.to_builtins(found)
    return answer
