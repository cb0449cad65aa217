"""How far moderators agree with each other, and with the machine."""

import pytest
from django.utils import timezone

from belowline.moderation.insights.agreement import agreement, between_moderators, by_moderator, with_machine
from belowline.moderation.models import Audit
from belowline.moderation.second_opinions import SecondOpinion


@pytest.fixture
def opinion(site, write_comment, write_decision, other_moderator):
    """A person decided, and a colleague answered."""

    def call(first, second, rules=("", ""), *, given=True, giver=other_moderator, of=site):
        decision = write_decision(write_comment(of), first, rule=rules[0] or None)
        fields = {"outcome": second, "rule": rules[1], "giver": giver, "given_at": timezone.now()} if given else {}
        return SecondOpinion.objects.create(decision=decision, **fields)

    return call


def test_removing_and_rejecting_are_one_answer(scope, opinion):
    opinion("remove", "reject", ("links", "links"))
    (answers,) = between_moderators(scope())

    assert answers.outcomes == ("refuse", "refuse")
    assert answers.first == answers.second == ("refuse", "links")


def test_of_outcome_and_of_rule(scope, opinion):
    opinion("publish", "publish")
    opinion("reject", "reject", ("links", "links"))
    opinion("reject", "reject", ("links", "shouting"))
    found = agreement(between_moderators(scope()))

    assert (found.outcome.n, found.outcome.agreed, found.outcome.value) == (3, 1.0, 1.0)
    assert found.rule.agreed == pytest.approx(2 / 3)
    assert found.rule.value < 1


def test_what_nobody_has_answered_does_not_count(scope, opinion, other_site):
    opinion("publish", "", given=False)
    opinion("publish", "publish", of=other_site)

    assert between_moderators(scope()) == []
    assert agreement([]).outcome.value is None


def test_each_moderator_on_either_side(scope, opinion, moderator, other_moderator, admin):
    opinion("publish", "publish")
    opinion("publish", "reject", ("", "links"))
    opinion("publish", "publish", giver=admin)
    found = {one.name: one.outcome for one in by_moderator(between_moderators(scope()))}

    assert {name: one.n for name, one in found.items()} == {"Gazette Desk": 3, "Night Desk": 2, "Gazette Editor": 1}
    assert found["Night Desk"].agreed == 0.5
    assert next(iter(found)) == "Gazette Desk"


def test_with_the_machine_by_its_audits(site, scope, write_comment, write_decision, moderator):
    for machine, person in (("publish", "publish"), ("publish", "reject"), ("reject", "reject")):
        decision = write_decision(write_comment(site), machine, "engine")
        Audit.objects.create(decision=decision, outcome=person, reviewer=moderator, reviewed_at=timezone.now())
    Audit.objects.create(decision=write_decision(write_comment(site), "publish", "engine"))
    found = with_machine(scope())

    assert len(found) == 3
    assert {answer.people[0] for answer in found} == {None}
    assert agreement(found).outcome.agreed == pytest.approx(2 / 3)
    assert between_moderators(scope()) == []
