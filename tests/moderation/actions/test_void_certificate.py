"""The drill: errors in audits break the promise; the certificate is void, the band wider, and everybody is told."""

import threading

import pytest
from django.core import mail
from django.db import connection

from belowline.engine.policy import parse_policy
from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.actions.void_certificate import void_certificate
from belowline.moderation.engine import active_version, site_policy
from belowline.moderation.models import Audit, Certificate, PolicyVersion
from belowline.moderation.watch import promise_of, running_bound, standing, standings
from belowline.notifications.promises import mail_broken_promise

LOUD = "This bridge is a SCANDAL AND EVERYBODY knows it, number {}"
"""Its score for shouting is about 0.37: published, and the highest that is."""


@pytest.fixture
def drift(review, certified):
    """Answer good audits, then ones that would be refused, until the certificate is void; return how many of these."""

    def call(good=30, text=LOUD, rule="shouting"):
        for _ in range(good):
            review()
        for number in range(1, 60):
            review("reject", rule, text=text.format(number))
            if active_version(certified.site).pk != certified.pk:
                return number
        raise AssertionError("sixty errors and nobody has noticed")

    return call


def test_as_long_as_the_promise_holds_nothing_happens(certified, review):
    for _ in range(20):
        review()
    review("reject", "links")

    assert void_certificate(version=certified) is None
    assert Certificate.objects.get().voided_at is None
    assert standings() == []
    assert running_bound(certified.site).published[:2] == (21, 1)


def test_the_certificate_is_void_and_says_why(certified, drift):
    errors = drift()

    certificate = Certificate.objects.get()
    assert 3 <= errors <= 12
    assert certificate.voided_at is not None
    assert certificate.void_cause == (
        f"Of the last {errors} audited comments that the machine had published, reviewers would have refused "
        f"{errors}; promised was at most 1 %."
    )


def test_the_band_is_wider_and_holds_what_drifted(certified, drift, post, site):
    drift()
    version = active_version(site)
    before, after = certified.parse(), version.parse()

    assert version.activated_by is None
    assert after.rules["shouting"].hold < 0.368 < before.rules["shouting"].hold
    assert after.rules["links"] == before.rules["links"]
    assert after.rules["banned_word"] == before.rules["banned_word"]
    assert after.settings == before.settings
    assert post("This bridge is a SCANDAL AND EVERYBODY knows it again").decision.outcome == "hold"
    assert post("Another quiet remark about the bridge.").decision.outcome == "publish"


def test_a_section_with_a_hold_of_its_own_is_widened_too(site, policy_text, certificate_for, review, post):
    text = policy_text(audit_share=1.0, reject=0.9)
    text = text.replace('score = "shouting"', 'score = "shouting"\nhold_in = {news = 0.7, sport = 0.8}')
    certified = activate_policy(site=site, text=text, certificate=certificate_for(text))
    for _ in range(30):
        review()
    for number in range(1, 60):
        review("reject", "shouting", text=LOUD.format(number))
        if active_version(site).pk != certified.pk:
            break

    rule = active_version(site).parse().rules["shouting"]
    assert rule.hold_in["news"] < 0.368
    assert rule.hold_in["sport"] < 0.8
    assert post("This bridge is a SCANDAL AND EVERYBODY knows it again").decision.outcome == "hold"
    assert post("Another quiet remark about the bridge.").decision.outcome == "publish"


def test_where_scores_say_nothing_everything_is_held(certified, drift, post, site):
    """The reviewers' taste has changed in a way that no score sees: nothing is published that a person did not see."""
    drift(text="I do not like the tone of remark number {}.", rule="links")

    assert post("Another quiet remark about the bridge.").decision.outcome == "hold"


def test_all_this_is_written_down(certified, drift, site):
    errors = drift()
    version = active_version(site)

    voided = Event.objects.get(tag="certificate:voided")
    activated = Event.objects.get(tag="policy:activated", subject_id=version.pk)
    assert (voided.subject_id, voided.actor_id) == (Certificate.objects.get().pk, None)
    assert voided.data == {
        "policy_version": certified.pk,
        "widened_to": version.pk,
        "errors": errors,
        "audits": errors,
    }
    assert activated.actor_id is None
    assert activated.data["widens"] == certified.pk
    assert activated.data["rules"] == ["shouting"]
    assert 0 < activated.data["factor"] < 0.62


def test_pages_are_made_anew(certified, drift, story):
    before = type(story).objects.get(pk=story.pk).thread_version
    drift(good=0)

    assert type(story).objects.get(pk=story.pk).thread_version > before


def test_it_happens_once(certified, drift, site):
    drift()
    rows = PolicyVersion.objects.count(), Event.objects.count()

    assert void_certificate(version=certified) is None
    assert (PolicyVersion.objects.count(), Event.objects.count()) == rows


def test_late_answers_about_the_old_version_change_nothing_more(certified, post, drift, moderator):
    late = [Audit.objects.get(decision=post(f"Late remark {number}.").decision) for number in range(5)]
    drift()
    rows = PolicyVersion.objects.count()
    for audit in late:
        review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="links")

    assert PolicyVersion.objects.count() == rows
    assert Event.objects.filter(tag="certificate:voided").count() == 1


def test_the_wider_band_is_watched_under_the_same_promise(certified, drift, review, site):
    """And it widens again where that was not enough."""
    drift()
    second = active_version(site)
    promised = promise_of(second)
    assert (promised.kind, promised.promise.bad_published) == ("widened", 0.01)
    assert promised.certificate.policy_version == certified
    assert standing(site).state == "widened"
    assert running_bound(site) is None

    number = 0
    while active_version(site).pk == second.pk and number < 60:
        number += 1
        review("reject", "links", text=f"The tone of remark {number} is not ours.")

    third = active_version(site)
    assert third.pk != second.pk
    assert promise_of(third).certificate.policy_version == certified
    assert Event.objects.filter(tag="certificate:voided").count() == 1
    assert all(third.parse().rules[code].hold <= rule.hold for code, rule in second.parse().rules.items())


def test_a_policy_of_which_nothing_was_promised_stays(site, activate, review):
    """The desk is told, and no more."""
    version = activate(site, audit_share=1.0)
    for number in range(20):
        review("reject", "links", text=f"Remark {number} that people would refuse.")

    assert active_version(site) == version
    assert standing(site).state == "warned"
    assert void_certificate(version=version) is None
    assert not Event.objects.filter(tag="certificate:voided").exists()


def test_where_another_policy_acts_only_the_certificate_is_void(certified, post, moderator, site, policy_text):
    waiting = [Audit.objects.get(decision=post(f"Remark number {number}.").decision) for number in range(12)]
    other = activate_policy(site=site, text=policy_text(name="Other"))
    for audit in waiting:
        review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="links")

    assert Certificate.objects.get().voided_at is not None
    assert active_version(site) == other
    assert Event.objects.get(tag="certificate:voided").data["widened_to"] is None
    assert standings() == []


def test_where_the_numbers_cannot_be_written_a_person_is_asked(site, policy_text, certificate_for, review):
    inline = policy_text(audit_share=1.0).replace("[rules.links]\n", "[rules]\n[rules.links]\n")
    parts = inline.split("[rules]\n[rules.links]\n")
    body = ", ".join(parts[1].split("\n\n", maxsplit=1)[0].splitlines())
    text = f"{parts[0]}[rules]\nlinks = {{ {body} }}\n"
    version = activate_policy(site=site, text=text, certificate=certificate_for(text))
    for number in range(12):
        review("reject", "links", text=f"Remark {number} that people would refuse.")

    certificate = Certificate.objects.get()
    assert certificate.voided_at is not None
    assert active_version(site) == version
    assert standing(site).state == "void"
    assert Event.objects.get(tag="certificate:voided").data["widened_to"] is None


def test_restoring_the_void_policy_is_said(certified, drift, site):
    drift()
    activate_policy(site=site, text=certified.text)

    assert standing(site).state == "void"


def test_a_fresh_certificate_begins_anew(certified, drift, site, certificate_for, review):
    drift()
    again = activate_policy(site=site, text=certified.text, certificate=certificate_for(certified.text))

    assert standing(site) is None
    review()
    assert active_version(site) == again
    assert running_bound(site).published[:2] == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_widen_once(certified, post, moderator, account):
    """Each is harmless without the other; together they break the promise, and must not be missed."""
    staff = [moderator, *(account(f"Desk {number}", "moderator") for number in range(5))]
    waiting = [Audit.objects.get(decision=post(LOUD.format(number)).decision) for number in range(6)]
    barrier, failed = threading.Barrier(6), []

    def answer(audit, who):
        barrier.wait()
        try:
            review_audit(audit=audit, reviewer=who, outcome="reject", rule="shouting")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=pair) for pair in zip(waiting, staff, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert Audit.objects.filter(reviewed_at__isnull=False).count() == 6
    assert Event.objects.filter(tag="certificate:voided").count() == 1
    assert PolicyVersion.objects.filter(site=certified.site).count() == 3
    assert site_policy(certified.site).rules["shouting"].hold < 0.5


def test_an_answer_that_breaks_it_is_stored_with_all_that_follows(certified, drift, site, reader, monkeypatch):
    """One transaction: where the policy cannot be activated because the database fails, the answer is not stored."""
    from belowline.moderation.actions import activate_policy as module

    def fails(*_, **__):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(module, "record_event", fails)
    with pytest.raises(RuntimeError):
        drift(good=0)

    assert Certificate.objects.get().voided_at is None
    assert active_version(site) == certified
    assert Audit.objects.filter(reviewed_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_silent(certified, drift, site, account, as_moderator):
    """Desk, doctor and mail say it; the rows agree."""
    from belowline.cli.doctor import _promises

    account("Chief", "admin", email="chief@gazette.example")
    errors = drift()
    version = active_version(site)
    event = Event.objects.get(tag="policy:activated", subject_id=version.pk)

    assert mail_broken_promise.call(event.pk) == 2
    assert {address for message in mail.outbox for address in message.to} == {
        "editor@gazette.example",
        "chief@gazette.example",
    }
    assert f"refused {errors}" in mail.outbox[0].body
    assert "The certificate is void" in _promises()
    for path in ("/desk/", "/desk/audit/"):
        assert "so it holds more comments now" in as_moderator.get(path).content.decode()
    assert "The certificate is void" in as_moderator.get("/desk/guarantees/").content.decode()
    assert parse_policy(version.text).version == version.version
