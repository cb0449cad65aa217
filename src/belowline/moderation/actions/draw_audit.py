"""A share of what the machine settles is drawn, at random, for a person to review blind."""

import secrets

from belowline.engine.policy import Policy
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Audit, Decision, PolicyVersion

SETTLED = (Decision.Outcome.PUBLISH, Decision.Outcome.REJECT)
"""What stands without a person."""

_chance = secrets.SystemRandom()
"""The operating system's randomness: no author can foresee a draw, and none is likelier than another."""


def draw_audit(*, decision: Decision, policy: Policy | None = None) -> Audit | None:
    """Draw a decision of the machine for an audit, or not; call it inside the transaction that writes the decision.

    Each decision that stands without a person is drawn with the policy's `audit_share`, whoever wrote the comment and
    whatever it says; None: it was not drawn. `policy` is the site's, where whoever calls has read it.
    """
    if decision.maker != Decision.Maker.ENGINE or decision.outcome not in SETTLED:
        return None
    policy = policy or site_policy(decision.comment.story.site)
    if _chance.random() >= policy.settings.audit_share:
        return None
    # The version that judged, also where another one was activated while the engine was at work.
    site = decision.comment.story.site_id
    version = PolicyVersion.objects.filter(site=site, version=decision.policy).order_by("-id").first()
    return Audit.objects.create(decision=decision, policy_version=version)
