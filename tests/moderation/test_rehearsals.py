"""Rehearsing on a site's own past: at once, or as a task."""

import json

import msgspec
import pytest
from django.core.management import call_command

from belowline.engine.policy import parse_policy
from belowline.engine.rehearsal import Rehearsal, Split
from belowline.moderation import rehearsals
from belowline.moderation.rehearsals import rehearse_on_site, rehearse_policy


def test_what_another_policy_would_have_done(site, published, held, decide, policy_text):
    decide(held)

    found = rehearse_on_site(site, parse_policy(policy_text(banned=("harbour",))))

    assert (found.before.hold, found.after.hold) == (Split(good=1), Split(good=1, unseen=1))
    (change,) = found.changes
    assert (change.key, change.kind, change.rules) == (str(published.pk), "unseen_stopped", ("banned_word",))


def test_nothing_is_written(site, held, policy_text):
    from belowline.events.models import Event
    from belowline.moderation.models import Decision

    before = Event.objects.count(), Decision.objects.count(), site.policies.count()
    rehearse_on_site(site, parse_policy(policy_text(banned=())))

    assert (Event.objects.count(), Decision.objects.count(), site.policies.count()) == before


def test_only_the_newest_are_looked_at(site, post, policy_text, monkeypatch):
    monkeypatch.setattr(rehearsals, "NEWEST", 3)
    for number in range(5):
        post(f"Remark number {number} about tolls.")

    assert rehearse_on_site(site, parse_policy(policy_text())).comments == 3


def test_when_the_time_is_up_there_is_no_answer(site, published, held, policy_text):
    policy = parse_policy(policy_text())

    assert rehearse_on_site(site, policy, seconds=0.0) is None
    assert rehearse_on_site(site, policy, seconds=60.0).comments == 2


def test_a_site_without_a_past(other_site, policy_text):
    assert rehearse_on_site(other_site, parse_policy(policy_text()), seconds=0.0).comments == 0


def test_the_task_gives_the_same_as_json(site, published, held, policy_text):
    text = policy_text(banned=("harbour",))

    answer = rehearse_policy.call(site.pk, text, 0)

    assert msgspec.convert(json.loads(json.dumps(answer)), Rehearsal) == rehearse_on_site(site, parse_policy(text))


def test_the_task_keeps_no_text_of_a_comment(site, held, policy_text):
    assert "wombat of" not in json.dumps(rehearse_policy.call(site.pk, policy_text(banned=()), 0))


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it(site, published, held, policy_text):
    result = rehearse_policy.enqueue(site.pk, policy_text(banned=()), 0)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    found = msgspec.convert(rehearse_policy.get_result(result.id).return_value, Rehearsal)

    assert (found.comments, found.changed) == (2, 1)
