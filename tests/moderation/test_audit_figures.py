"""Plain counts of blind reviews, for each version of the policy by itself."""

import pytest
from django.utils import timezone

from belowline.moderation.audit_figures import AuditFigures, audit_figures
from belowline.moderation.models import Audit


@pytest.fixture
def review(write_comment, write_decision, moderator):
    """Draw a decision of the machine for review; with an outcome it is reviewed."""

    def call(site, version, machine, outcome=""):
        decision = write_decision(write_comment(site), machine, "engine")
        reviewed = {"reviewer": moderator, "outcome": outcome, "reviewed_at": timezone.now()} if outcome else {}
        Audit.objects.create(decision=decision, policy_version=version, **reviewed)

    return call


def test_none(site):
    assert audit_figures(site, None) == AuditFigures(0, 0, 0, 0, 0)


def test_agreement_and_disagreement(site, other_site, review, activate):
    version = activate(site, name="Second")
    for outcome in ("publish", "publish", "reject"):
        review(site, version, "publish", outcome)
    for outcome in ("publish", "reject"):
        review(site, version, "reject", outcome)
    review(site, version, "publish")
    review(site, activate(site, name="Third"), "publish", "reject")
    review(other_site, None, "publish", "reject")

    assert audit_figures(site, version) == AuditFigures(
        published=3, bad_published=1, rejected=2, good_refused=1, waiting=1
    )


def test_the_shipped_policy_is_counted_by_itself(other_site, site, review, activate):
    review(other_site, None, "publish", "reject")
    review(other_site, activate(other_site), "publish", "publish")

    assert audit_figures(other_site, None) == AuditFigures(1, 1, 0, 0, 0)
