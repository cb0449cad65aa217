"""What blind reviews of the machine's decisions say of the policy that acts, as the public reads it.

The counting and the testing are in moderation.watch; the desk shows the same.
"""

from datetime import datetime
from typing import Literal

import msgspec

from belowline.engine.guarantees import Rate
from belowline.engine.watching import Watch
from belowline.moderation.audits import waiting_audits
from belowline.moderation.models import PolicyVersion
from belowline.moderation.watch import Promised, bound_under
from belowline.stories.models import Site

NONE = Rate(errors=0, of=0, rate=None, bound=1.0)


class AuditFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Reviews of the machine's decisions under the policy that acts; where it has a certificate, since then."""

    promise: Literal["certified", "widened", "default"]
    """*certified*: proved of this policy; *widened*: the machine lowered the holds of one of which it had been proved;
    *default*: nobody promised anything."""
    promised: float | None
    """At most this share in [0, 1] of what the machine publishes would be refused; None: nobody promised anything."""
    confidence: float
    """In (0, 1): that of both bounds, each for one look, and of the test."""
    published: Rate
    """Reviewed decisions by which the machine had published; an error is what the reviewer would have refused."""
    rejected: Rate
    """Reviewed decisions by which it had rejected; an error is what the reviewer would have published."""
    is_broken: bool
    """Whether the test, which may be looked at after every review, says that more is wrong than was promised."""
    last_at: datetime | None
    """When the last review was answered."""
    waiting: int
    """Drawn on this site, under any policy, and not yet reviewed."""


def audit_figures(site: Site, version: PolicyVersion | None, promised: Promised) -> AuditFigures:
    """Return what the reviews say of the version that acts (None: the shipped policy), held to this promise."""
    running = bound_under(site, version, promised)
    is_promised = promised.kind != "default"
    return AuditFigures(
        promise=promised.kind,
        promised=promised.promise.bad_published if is_promised else None,
        confidence=promised.promise.confidence,
        published=_rate(running.published) if running else NONE,
        rejected=running.rejected if running else NONE,
        is_broken=running is not None and is_promised and running.published.is_broken,
        last_at=running.last_at if running else None,
        waiting=waiting_audits().filter(decision__comment__story__site=site).count(),
    )


def _rate(watched: Watch) -> Rate:
    return Rate(errors=watched.errors, of=watched.audits, rate=watched.rate, bound=watched.bound)
