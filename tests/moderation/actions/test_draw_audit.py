"""Drawing audits: a share of what the machine settles, whoever wrote it, in the transaction of the decision."""

import secrets

import pytest

from belowline.events.models import Event
from belowline.moderation.actions import draw_audit as module
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.draw_audit import draw_audit
from belowline.moderation.models import Audit, Decision, PolicyVersion

HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def share(site, activate):
    """Let a policy act that draws a share."""

    def call(value, **more):
        return activate(site, audit_share=value, **more)

    return call


def test_what_the_machine_publishes_is_drawn(share, post):
    version = share(1.0)
    posted = post()

    audit = Audit.objects.get()
    assert (audit.decision, audit.policy_version) == (posted.decision, version)
    assert (audit.reviewer, audit.outcome, audit.rule, audit.reviewed_at) == (None, "", "", None)


def test_what_the_machine_rejects_is_drawn(share, post):
    share(1.0, reject=0.9)
    posted = post(HELD)

    assert posted.decision.outcome == "reject"
    assert Audit.objects.get().decision == posted.decision


def test_what_a_person_looks_at_anyway_is_not(share, post):
    share(1.0)
    assert post(HELD).decision.outcome == "hold"
    assert not Audit.objects.exists()


def test_what_a_person_decides_is_not(share, held, decide):
    share(1.0)
    decision = decide(held)

    assert draw_audit(decision=decision) is None
    assert not Audit.objects.exists()


def test_a_share_of_nothing_draws_nothing(share, post, monkeypatch):
    monkeypatch.setattr(module._chance, "random", lambda: 0.0)
    share(0.0)
    post()

    assert not Audit.objects.exists()


@pytest.mark.parametrize(("coin", "drawn"), [(0.0, True), (0.0999, True), (0.1, False), (0.9, False)])
def test_the_share_is_the_chance(share, post, monkeypatch, coin, drawn):
    monkeypatch.setattr(module._chance, "random", lambda: coin)
    share(0.1)
    post()

    assert Audit.objects.exists() is drawn


def test_about_as_many_as_the_share_says(share, published):
    """Of 2,000 draws at 10 %, between 140 and 260: outside once in ten million times."""
    share(0.1)
    decision = published.decisions.get()
    drawn = 0
    for _ in range(2_000):
        audit = draw_audit(decision=decision)
        if audit:
            drawn += 1
            audit.delete()

    assert 140 <= drawn <= 260


def test_nobody_can_foresee_it():
    assert isinstance(module._chance, secrets.SystemRandom)


def test_under_the_shipped_policy(other_site, make_story, post, monkeypatch):
    monkeypatch.setattr(module._chance, "random", lambda: 0.0199)
    posted = post("The council met on Tuesday about the harbour bridge.", story=make_story(other_site))

    assert posted.decision.outcome == "publish"
    assert Audit.objects.get().policy_version is None


def test_the_version_that_judged_is_noted(share, post, published, site, policy_text):
    """Also where another one was activated while the engine was at work."""
    first = PolicyVersion.objects.get(site=site)
    activate_policy(site=site, text=policy_text(name="Other", audit_share=1.0))

    assert draw_audit(decision=published.decisions.get()).policy_version == first


def test_the_draw_shows_nowhere(share, post, as_reader):
    """Neither to the author nor in the log, where it would tell who was drawn."""
    share(1.0)
    posted = post()

    assert set(Event.objects.values_list("tag", flat=True)) == {
        "policy:activated",
        "story:created",
        "comment:published",
    }
    assert "audit" not in as_reader.get("/me/").content.decode().lower()
    assert posted.decision.reasons == []


def test_the_same_form_twice_is_drawn_once(share, post):
    share(1.0)
    post(key="same")
    post(key="same")

    assert Audit.objects.count() == Decision.objects.count() == 1
