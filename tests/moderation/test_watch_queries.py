"""The figures of each week: decisions, audits, bounds, agreement by rule, drifting scores."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from belowline.engine.guarantees import upper_bound
from belowline.moderation.models import Audit, Decision
from belowline.moderation.watch_queries import RuleAgreement, monday_of, rule_agreement, weekly_audits, weekly_figures

HELD = "What a wombat of a harbour bridge this is."
LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def decided_at():
    """Move a decision to another time."""

    def call(decision, at):
        Decision.objects.filter(pk=decision.pk).update(created_at=at)

    return call


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 29, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2027, 1, 3, 12, tzinfo=UTC), date(2026, 12, 28)),
    ],
    ids=["its first moment", "its last", "over the turn of the year"],
)
def test_weeks_begin_on_monday(moment, monday):
    assert monday_of(moment) == monday


def test_in_the_time_zone_of_the_newsroom():
    with timezone.override("Pacific/Auckland"):
        assert monday_of(datetime(2026, 11, 22, 12, tzinfo=UTC)) == date(2026, 11, 23)


def test_weeks_without_anything_are_there_too(site):
    found = weekly_figures(site, delta=0.05, weeks=3, now=NOW)

    assert [week.monday for week in found] == [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
    for week in found:
        assert week[1:8] == (0, 0, 0, 0, 0, 1.0, 0.0)
        assert (week.scores, week.coverage, week.rate) == ({}, None, None)


def test_what_the_machine_settled(site, certified, post, decided_at, decide):
    decided_at(post().decision, NOW)
    decided_at(post(HELD).decision, NOW - timedelta(days=1))
    loud = post(LOUD)
    decided_at(loud.decision, NOW - timedelta(days=2))
    decide(loud.comment)
    decided_at(post("Long ago.").decision, NOW - timedelta(weeks=5))

    *_, before, week = weekly_figures(site, delta=0.05, weeks=3, now=NOW)

    assert (week.decisions, week.settled, week.drawn) == (3, 2, 2)
    assert week.coverage == pytest.approx(2 / 3)
    assert before.decisions == 0


def test_audits_count_in_the_week_of_the_decision(certified, review, decided_at, site):
    for number in range(8):
        audit = review(*(("reject", "links") if number < 2 else ("publish",)))
        decided_at(audit.decision, NOW - timedelta(weeks=1))
    decided_at(review("publish", text=HELD).decision, NOW - timedelta(weeks=1))
    week = weekly_figures(site, delta=0.05, weeks=2, now=NOW)[0]

    assert (week.drawn, week.reviewed, week.errors, week.rate) == (9, 8, 2, 0.25)
    assert week.bound == upper_bound(2, 8, 0.05)
    assert week.least == pytest.approx(1 - upper_bound(6, 8, 0.05))
    assert week.least < 0.25 < week.bound


def test_audits_alone_are_the_same_audits(certified, review, site, django_assert_num_queries):
    review()
    review("reject", "links")
    every = weekly_figures(site, delta=0.05)
    with django_assert_num_queries(1):
        alone = weekly_audits(site, delta=0.05)

    assert [week[3:8] for week in alone] == [week[3:8] for week in every]
    assert alone[-1].reviewed == 2
    assert (alone[-1].decisions, alone[-1].scores) == (0, {})


def test_what_waits_is_drawn_but_not_reviewed(certified, post, decided_at, site):
    decided_at(post().decision, NOW)

    assert weekly_figures(site, delta=0.05, weeks=1, now=NOW)[0][3:6] == (1, 0, 0)


def test_the_mean_of_every_score(site, post, decided_at):
    decided_at(post("A quiet remark.").decision, NOW)
    held = post(HELD).decision
    held.scores["shouting"] = {"value": None, "cause": "timeout"}
    held.save()
    decided_at(held, NOW)
    [week] = weekly_figures(site, delta=0.05, weeks=1, now=NOW)

    assert week.scores["banned_word"] == 0.5
    assert week.scores["shouting"] == 0.0
    assert set(week.scores) == set(held.scores)


def test_one_site_only(certified, review, other_site):
    review()

    assert weekly_figures(other_site, delta=0.05, weeks=1)[0].decisions == 0
    assert rule_agreement(other_site, since=NOW - timedelta(days=365)) == []


def test_few_queries(certified, review, site, django_assert_max_num_queries):
    review()
    with django_assert_max_num_queries(4):
        weekly_figures(site, delta=0.05)


def test_agreement_by_rule(certified, review, site):
    review()
    for _ in range(2):
        review("reject", "links")
    review("reject", "shouting")
    review("reject", "shouting", text=HELD)
    review("publish", text=f"{HELD} Really.")

    assert rule_agreement(site, since=NOW - timedelta(days=365)) == [
        RuleAgreement("links", 2, 0, 0),
        RuleAgreement("shouting", 1, 0, 0),
        RuleAgreement("banned_word", 0, 2, 1),
    ]


def test_agreement_since_a_time(certified, review, site):
    audit = review("reject", "links")

    assert rule_agreement(site, since=audit.reviewed_at) != []
    assert rule_agreement(site, since=audit.reviewed_at + timedelta(seconds=1)) == []
    Audit.objects.update(reviewed_at=None)
    assert rule_agreement(site, since=audit.reviewed_at) == []
