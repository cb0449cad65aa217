"""The mail when the machine's promise is broken: to whom, what it says, and that there is exactly one."""

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.engine import active_version
from belowline.moderation.models import Audit, Certificate
from belowline.notifications.promises import in_charge, mail_broken_promise


@pytest.fixture
def break_promise(certified, review):
    """Answer audits with refusals until another policy acts."""

    def call(text="I do not like the tone of remark {}.", rule="links"):
        acting = active_version(certified.site)
        for number in range(40):
            review("reject", rule, text=text.format(number))
            if active_version(certified.site) != acting:
                return active_version(certified.site)
        raise AssertionError("forty errors and nobody has noticed")

    return call


def tasks():
    return [
        task.args_kwargs["args"]
        for task in DBTaskResult.objects.all()
        if task.task_path.endswith("mail_broken_promise")
    ]


def test_one_mail_when_the_band_is_widened(break_promise):
    version = break_promise()

    event = Event.objects.get(tag="policy:activated", subject_id=version.pk)
    assert tasks() == [[event.pk]]


def test_none_when_people_change_the_policy(certified, site, policy_text):
    activate_policy(site=site, text=policy_text(name="Other"))

    assert tasks() == []


def test_what_it_says(break_promise, certified):
    version = break_promise()
    [[event_id]] = tasks()

    assert mail_broken_promise.call(event_id) == 1
    [message] = mail.outbox
    assert message.to == ["editor@gazette.example"]
    assert message.subject == "The machine no longer keeps its promise: The Gazette"
    assert certified.version in message.body
    assert f"The policy that acts is {version.version}." in message.body
    assert "Promised was at most 1 %." in message.body
    assert "http://localhost:8000/desk/guarantees/?site=gazette" in message.body
    assert "belowline policy calibrated.toml --activate gazette --certificate certificate.json" in message.body
    assert "tone of remark" not in message.body


def test_again_when_it_is_widened_again(break_promise, review):
    for _ in range(20):
        review()
    break_promise("This bridge is a SCANDAL AND EVERYBODY knows it, number {}", "shouting")
    break_promise()

    assert len(tasks()) == 2
    for [event_id] in tasks():
        mail_broken_promise.call(event_id)
    assert len(mail.outbox) == 2
    assert "of what it was, for these rules: shouting." in mail.outbox[0].body
    assert "FROM NOW ON IT HOLDS EVERY COMMENT" in mail.outbox[1].body


def test_where_another_policy_acts_by_now(certified, post, moderator, site, policy_text):
    waiting = [Audit.objects.get(decision=post(f"Remark number {number}.").decision) for number in range(12)]
    activate_policy(site=site, text=policy_text(name="Other"))
    for audit in waiting:
        review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="links")
    [[event_id]] = tasks()
    mail_broken_promise.call(event_id)

    assert "Another policy acts on this site by now, so nothing was changed." in mail.outbox[0].body


def test_where_the_numbers_could_not_be_lowered(certified, site):
    from belowline.events.models import record_event

    certificate = Certificate.objects.get()
    event = record_event(
        "certificate:voided",
        subject_id=certificate.pk,
        site_id=site.pk,
        policy_version=certified.pk,
        widened_to=None,
        errors=9,
        audits=40,
    )

    assert tasks() == [[event.pk]]
    mail_broken_promise.call(event.pk)
    assert "THE POLICY ACTS AS BEFORE" in mail.outbox[0].body
    assert "belowline policy FILE --activate gazette" in mail.outbox[0].body


class TestWhoIsInCharge:
    def test_the_site_and_its_administrators(self, site, account):
        account("Chief", "admin", email="chief@gazette.example")
        account("Gone", "admin", email="gone@gazette.example", is_active=False)
        account("Night Desk", "moderator")

        assert in_charge(site) == ["editor@gazette.example", "chief@gazette.example"]

    def test_each_address_once(self, site, account):
        account("Editor", "admin", email="editor@gazette.example")

        assert in_charge(site) == ["editor@gazette.example"]

    def test_the_moderators_where_there_is_nobody_else(self, other_site, account):
        account("Night Desk", "moderator", email="night@courier.example")

        assert in_charge(other_site) == ["night@courier.example"]

    def test_nobody(self, other_site):
        assert in_charge(other_site) == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it(break_promise, work):
    break_promise()
    work()

    assert [message.to for message in mail.outbox] == [["editor@gazette.example"]]
