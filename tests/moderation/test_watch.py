"""What the audits say of the policy that acts: whose promise it is, the bound, and what the desk is told."""

import pytest

from belowline.engine import watching
from belowline.moderation import watch
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.models import Audit, Certificate
from belowline.moderation.watch import (
    DEFAULT_PROMISE,
    promise_of,
    published_errors,
    reviewed_audits,
    running_bound,
    standing,
    standings,
)

HELD = "What a wombat of a harbour bridge this is."


class TestPromise:
    def test_of_the_shipped_policy(self, other_site):
        assert promise_of(None) == (DEFAULT_PROMISE, "default", None)

    def test_of_a_policy_that_nobody_calibrated(self, site, activate):
        assert promise_of(activate(site)) == (DEFAULT_PROMISE, "default", None)

    def test_of_a_certificate(self, site, policy_text, certificate_for):
        text = policy_text(name="Strict")
        proof = certificate_for(text, bad_published=0.02, confidence=0.9)
        found = promise_of(activate_policy(site=site, text=text, certificate=proof))

        assert found.kind == "certified"
        assert found.promise == proof.promise
        assert found.delta == pytest.approx(0.1)
        assert found.certificate == Certificate.objects.get()

    def test_it_comes_back_with_the_text(self, certified, site, policy_text):
        """A restored policy is the one that was proved."""
        activate_policy(site=site, text=policy_text(name="Other"))
        again = activate_policy(site=site, text=certified.text)

        assert promise_of(again).certificate.policy_version == certified

    def test_not_for_another_site(self, certified, other_site):
        there = activate_policy(site=other_site, text=certified.text)

        assert promise_of(there).kind == "default"

    def test_a_certificate_that_cannot_be_read_promises_nothing(self, site, activate, caplog):
        version = activate(site)
        Certificate.objects.create(policy_version=version, document={"status": "odd"})

        assert promise_of(version) == (DEFAULT_PROMISE, "default", None)
        assert "cannot be read" in caplog.text


class TestBound:
    def test_nothing_was_answered_yet(self, certified, post):
        post()

        assert running_bound(certified.site) is None

    def test_it_counts_what_was_published_and_what_was_rejected(self, certified, review):
        for _ in range(3):
            review()
        review("reject", "links")
        review("reject", "banned_word", text=HELD)
        last = review("publish", text=f"{HELD} Really.")
        found = running_bound(certified.site)

        assert found.version == certified.version
        assert found.published == watching.watch([False, False, False, True], 0.01, 1 - 0.95)
        assert (found.rejected.errors, found.rejected.of, found.rejected.rate) == (1, 2, 0.5)
        assert found.last_at == last.reviewed_at

    def test_it_is_counted_once_for_each_answer(self, certified, review, monkeypatch):
        review()
        first = running_bound(certified.site)
        monkeypatch.setattr(watch, "watch_version", None)

        assert running_bound(certified.site) == first

    def test_the_next_answer_is_seen_at_once(self, certified, review):
        review()
        running_bound(certified.site)
        review("reject", "links")

        assert running_bound(certified.site).published[:2] == (2, 1)

    def test_another_policy_begins_at_nothing(self, certified, review, site, policy_text):
        review()
        activate_policy(site=site, text=policy_text(name="Other", audit_share=1.0))

        assert running_bound(site) is None

    def test_in_the_order_of_the_answers(self, certified, review, site):
        audits = [review(), review("reject", "links"), review()]
        Audit.objects.filter(pk=audits[2].pk).update(reviewed_at=audits[0].reviewed_at)
        Audit.objects.filter(pk=audits[0].pk).update(reviewed_at=audits[2].reviewed_at)
        found = reviewed_audits(site, certified, promise_of(certified))

        assert [audit.pk for audit in found] == [audits[2].pk, audits[1].pk, audits[0].pk]
        assert published_errors(found) == [False, True, False]

    def test_the_shipped_policy_of_each_site_by_itself(self, other_site, make_story, review, monkeypatch):
        from belowline.moderation.actions import draw_audit

        monkeypatch.setattr(draw_audit._chance, "random", lambda: 0.0)
        story = make_story(other_site)
        audit = review(text="The council met on Tuesday about the harbour bridge.", story=story)
        found = running_bound(other_site)

        assert found.version == audit.decision.policy
        assert found.published.audits == 1
        third = type(other_site).objects.create(key="third", name="Third", domains=["third.example"])
        assert running_bound(third) is None


class TestStanding:
    def test_all_is_well(self, certified, review, other_site):
        review()

        assert standing(certified.site) is None
        assert standings() == []

    def test_a_void_certificate(self, certified):
        Certificate.objects.update(voided_at="2026-11-01T00:00:00Z", void_cause="Too many.")
        found = standing(certified.site)

        assert found.state == "void"
        assert found.problem == (
            "The machine no longer keeps its promise on The Gazette (at most 1 % of what it publishes), and the policy "
            "acts as before. The certificate is void."
        )

    def test_nobody_promised_anything_but_there_are_many_errors(self, site, activate, review):
        activate(site, audit_share=1.0)
        for number in range(12):
            review("reject", "links", text=f"Remark {number} that people would refuse.")
        [found] = standings()

        assert (found.site, found.state) == (site, "warned")
        assert "Nobody has calibrated this policy, so the machine leaves it as it is." in found.problem

    def test_few_queries(self, certified, review, django_assert_max_num_queries):
        review()
        standing(certified.site)
        with django_assert_max_num_queries(6):
            standings()
