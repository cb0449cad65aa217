"""Appeals rule by rule."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.appeal_figures import RuleAppeals, appeal_figures
from belowline.moderation.models import Appeal


@pytest.fixture
def contest(write_comment, write_decision):
    """Contest a decision by a rule, with a result."""

    def call(site, rule, state="open", at=None):
        appeal = Appeal.objects.create(
            decision=write_decision(write_comment(site, "rejected"), "reject", rule=rule), state=state
        )
        Appeal.objects.filter(pk=appeal.pk).update(created_at=at or timezone.now())

    return call


def since(days=30):
    return timezone.now() - timedelta(days=days)


def test_none(site):
    assert appeal_figures(site, since()) == {}


def test_each_rule_with_its_results(site, other_site, contest):
    contest(site, "spam", "upheld")
    for state in ("upheld", "overturned", "overturned", "open"):
        contest(site, "threat", state)
    contest(other_site, "threat", "overturned")

    assert appeal_figures(site, since()) == {
        "threat": RuleAppeals("threat", appeals=4, upheld=1, overturned=2, open=1),
        "spam": RuleAppeals("spam", appeals=1, upheld=1, overturned=0, open=0),
    }


def test_from_a_time_on(site, contest):
    contest(site, "spam", at=since(31))
    contest(site, "spam", at=since(29))

    assert appeal_figures(site, since())["spam"].appeals == 1
    assert appeal_figures(site, since(40))["spam"].appeals == 2


def test_a_decision_without_a_rule(site, contest):
    contest(site, None)

    assert appeal_figures(site, since()) == {"": RuleAppeals("", 1, 0, 0, 1)}
