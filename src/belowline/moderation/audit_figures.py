"""Plain counts of blind reviews of the machine's decisions: how many there were, and how often people differed."""

import msgspec
from django.db.models import Count, Q

from belowline.moderation.models import Audit, Decision, PolicyVersion
from belowline.stories.models import Site


class AuditFigures(msgspec.Struct, frozen=True):
    """Reviews of the machine's decisions under one version of the policy."""

    published: int
    """Reviewed decisions by which the machine had published."""
    bad_published: int
    """Of these, the ones that the reviewer would have refused."""
    rejected: int
    """Reviewed decisions by which the machine had rejected."""
    good_refused: int
    """Of these, the ones that the reviewer would have published."""
    waiting: int
    """Drawn, and not yet reviewed."""


def audit_figures(site: Site, version: PolicyVersion | None) -> AuditFigures:
    """Return the counts for the decisions of a policy version; None: those of the shipped policy."""
    done, publish, reject = Q(reviewed_at__isnull=False), Decision.Outcome.PUBLISH, Decision.Outcome.REJECT
    machine_published, machine_rejected = Q(decision__outcome=publish), Q(decision__outcome=reject)
    counts = Audit.objects.filter(decision__comment__story__site=site, policy_version=version).aggregate(
        published=Count("pk", filter=done & machine_published),
        bad_published=Count("pk", filter=done & machine_published & ~Q(outcome=publish)),
        rejected=Count("pk", filter=done & machine_rejected),
        good_refused=Count("pk", filter=done & machine_rejected & Q(outcome=publish)),
        waiting=Count("pk", filter=~done),
    )
    return AuditFigures(**counts)
