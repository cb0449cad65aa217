"""A site learns from its moderators: a head is fitted, tested, kept as a version, and acts where it was accepted.

Reading and fitting come before the transaction: they take minutes.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec
from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.engine.errors import SubmissionError
from belowline.engine.guarantees import Promise
from belowline.engine.judge import Engine
from belowline.engine.learning import MOST_DECISIONS, Learner, Lesson, Report, learn, read_lesson
from belowline.engine.models.head import Head
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.activate_head import activate_head
from belowline.moderation.engine import active_version, base_engine, site_policy, usable_head
from belowline.moderation.history import Decided, newest_decided
from belowline.moderation.models import HeadVersion
from belowline.moderation.watch import promise_of
from belowline.stories.models import Site

Watch = Callable[[list[Decided]], Iterable[Decided]]


class Learned(NamedTuple):
    """What came of learning."""

    report: Report
    version: HeadVersion | None
    """The new version; None where nothing was learned, or kept."""


def learn_head(*, site: Site, by: User | None = None, keep: bool = True, seed: int = 0, watch: Watch = iter) -> Learned:
    """Learn a head from what persons decided on a site; with `keep` False, only say what would come of it.

    `watch` is called with the decisions and gives them back one by one, so that a terminal can show the progress.

    `by` is None for the operator, or the machine.

    Raises:
        PermissionDenied: no administrator of the site.
        ModelError: a shipped model is missing or damaged.
    """
    if by is not None:
        require(by, Action.CHANGE_POLICY, site=site)
    engine = base_engine().with_policy(site_policy(site))
    abuse = engine.abuse
    learner = Learner(
        policy=engine.policy,
        base=abuse.version,
        pooled=abuse.pooled_width,
        present=usable_head(site),
        promise=_promise(site),
    )
    report, head = learn(learner, list(read_lessons(site, engine, watch)), seed=seed)
    if head is None or not keep:
        return Learned(report, None)
    return Learned(report, _keep(site, by, head, report))


def read_lessons(site: Site, engine: Engine, watch: Watch = iter) -> Iterable[Lesson]:
    """Yield the lessons of a site, the oldest first; comments that the abuse model cannot read are left out."""
    for one in watch(newest_decided(site, MOST_DECISIONS)):
        if lesson := _lesson(engine, one):
            yield lesson


def _lesson(engine: Engine, decided: Decided) -> Lesson | None:
    try:
        return read_lesson(engine, decided.submission, decided.past)
    except SubmissionError:
        return None


def _promise(site: Site) -> Promise | None:
    """Return what the policy that acts is held to, as audits watch it; None: nothing was proven of it, or no longer."""
    promised = promise_of(active_version(site))
    certificate = promised.certificate
    if certificate is None or certificate.document.get("status") != "calibrated":
        return None
    is_void = promised.kind == "certified" and certificate.voided_at is not None
    return None if is_void else promised.promise


def _keep(site: Site, by: User | None, head: Head, report: Report) -> HeadVersion:
    accepted = report.status == "accepted"
    with transaction.atomic():
        row = HeadVersion.objects.create(
            site=site, base_model=head.base, weights=head.to_bytes(), report=msgspec.to_builtins(report, str_keys=True)
        )
        record_event(
            tags.HEAD_LEARNED,
            subject_id=row.pk,
            site_id=site.pk,
            actor_id=by.pk if by else None,
            status=report.status,
        )
        if accepted:
            activate_head(head=row, by=by)
    return row
