"""What the public reads of blind reviews is what the watch found, for the policy that acts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.engine.guarantees import Rate
from belowline.moderation.audit_figures import NONE, audit_figures
from belowline.moderation.engine import active_version
from belowline.moderation.models import Audit, Certificate
from belowline.moderation.watch import promise_of, running_bound

PROMISE = {"promise": {"bad_published": 0.02, "good_refused": 0.0, "confidence": 0.9}}


@pytest.fixture
def review(write_comment, write_decision, moderator):
    """Draw a decision of the machine for review; with an outcome it is reviewed."""

    def call(site, version, machine, outcome=""):
        decision = write_decision(write_comment(site), machine, "engine")
        reviewed = {"reviewer": moderator, "outcome": outcome, "reviewed_at": timezone.now()} if outcome else {}
        return Audit.objects.create(decision=decision, policy_version=version, **reviewed)

    return call


def figures(site):
    version = active_version(site)
    return audit_figures(site, version, promise_of(version))


def test_none(site):
    found = figures(site)

    assert (found.promise, found.promised, found.confidence) == ("default", None, 0.95)
    assert (found.published, found.rejected) == (NONE, NONE)
    assert (found.is_broken, found.last_at, found.waiting) == (False, None, 0)


def test_agreement_and_disagreement(site, other_site, review, activate):
    review(site, activate(site, name="Second"), "publish", "reject")
    version = activate(site, name="Third")
    for outcome in ("publish", "publish", "reject"):
        review(site, version, "publish", outcome)
    for outcome in ("publish", "reject"):
        last = review(site, version, "reject", outcome)
    review(site, version, "publish")
    review(other_site, None, "publish", "reject")
    found, running = figures(site), running_bound(site)

    assert found.published == Rate(errors=1, of=3, rate=1 / 3, bound=running.published.bound)
    assert found.rejected == running.rejected
    assert (found.rejected.errors, found.rejected.of) == (1, 2)
    assert (found.last_at, found.waiting) == (last.reviewed_at, 1)


def test_a_promise_and_how_it_breaks(site, review):
    version = active_version(site)
    Certificate.objects.create(policy_version=version, document=PROMISE)
    review(site, version, "publish", "publish")
    assert (figures(site).promise, figures(site).promised, figures(site).confidence) == ("certified", 0.02, 0.9)
    assert not figures(site).is_broken

    for _ in range(20):
        review(site, version, "publish", "reject")
    assert figures(site).is_broken


def test_what_nobody_promised_is_not_broken(site, review):
    for _ in range(20):
        review(site, active_version(site), "publish", "reject")

    assert running_bound(site).published.is_broken
    assert not figures(site).is_broken


def test_reviews_from_before_the_certificate_do_not_count(site, review):
    version = active_version(site)
    early = review(site, version, "publish", "reject")
    Audit.objects.filter(pk=early.pk).update(reviewed_at=timezone.now() - timedelta(days=1))
    Certificate.objects.create(policy_version=version, document=PROMISE)

    assert figures(site).published == NONE
