"""What was counted when a day was over gives the same figures as a plain recount, whatever happened since."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions import keep_days as keeping
from belowline.moderation.actions.keep_days import keep_days
from belowline.moderation.day_models import SiteDay, StoryDay
from belowline.moderation.figures import count_figures
from belowline.moderation.insights.scope import Scope
from belowline.moderation.kept_days import days_between, judged_days, kept_days
from belowline.moderation.models import Decision
from belowline.moderation.premoderation import PREMODERATED, READ_FIRST
from belowline.moderation.watch_queries import weekly_figures

NOW = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)
TODAY, FIRST = date(2026, 11, 18), date(2026, 11, 4)
KEPT = 40
"""Days, where the shipped figure is no part of the question: each of them is asked for by itself."""


@pytest.fixture(autouse=True)
def few_days(request, monkeypatch):
    """Look back on fewer days than a newsroom."""
    if "every_day" not in request.fixturenames:
        monkeypatch.setattr(keeping, "KEPT", KEPT)


@pytest.fixture
def every_day():
    """Look back on as many days as a newsroom."""
    return keeping.KEPT


@pytest.fixture
def wrote(written):
    """Write a comment at a time."""

    def call(story, at):
        comment = written(story=story)
        Comment.objects.filter(pk=comment.pk).update(created_at=at)
        comment.refresh_from_db()
        return comment

    return call


@pytest.fixture
def busy(site, other_site, make_story, wrote, write_decision):
    """Two weeks in which a good deal happened on two sites, drawn always alike."""
    draw = random.Random(8)
    stories = [make_story(site), make_story(site, "cup", section="sport"), make_story(other_site)]
    for _ in range(60):
        at = NOW - timedelta(minutes=draw.randrange(14 * 1440))
        comment = wrote(draw.choice(stories), at)
        outcome = draw.choice(["publish", "hold", "hold"])
        rule = draw.choice(["spam", "links", PREMODERATED, READ_FIRST]) if outcome == "hold" else None
        decision = write_decision(comment, outcome, "engine", at=at, rule=rule)
        spam = draw.random() if draw.random() < 0.8 else None
        decision.scores = {"spam": {"value": spam, "cause": "", "spans": [], "evidence": "'%s {}"}}
        decision.save()
        if outcome == "hold" and draw.random() < 0.8:
            later = at + timedelta(minutes=draw.randrange(600))
            write_decision(comment, draw.choice(["publish", "reject"]), at=later, rule="spam")
    return stories


def plainly(site):
    """Count what people would count by hand: comments by hour and story, judgements, waits, holds, scores."""
    comments = Comment.objects.filter(story__site=site, created_at__gte=NOW - timedelta(days=15))
    engine = Decision.objects.filter(comment__in=comments, maker="engine")
    people = Decision.objects.filter(comment__in=comments, maker="person").select_related("comment")
    holds: dict[str, list[int]] = {}
    for decision in people:
        rule = decision.comment.decisions.filter(maker="engine").get().reasons[0]["rule"]
        holds.setdefault(rule, [0, 0])[decision.outcome == "reject"] += 1
    return {
        "hours": Counter(comment.created_at.hour for comment in comments),
        "stories": Counter(comment.story_id for comment in comments),
        "outcomes": Counter(decision.outcome for decision in engine),
        "first": Counter(
            decision.reasons[0]["rule"]
            for decision in engine
            if decision.reasons and decision.reasons[0]["rule"] in {PREMODERATED, READ_FIRST}
        ),
        "waits": [decision.created_at - decision.comment.created_at for decision in people],
        "holds": {rule: tuple(counts) for rule, counts in holds.items()},
        "spam": [score["value"] for one in engine if (score := one.scores["spam"])["value"] is not None],
    }


def check(site):
    """Hold the quick figures against those counted by hand."""
    found, hand = Scope(site, 30, NOW).sums, plainly(site)

    assert hand["waits"]
    assert hand["spam"]
    assert found.written == hand["hours"]
    assert found.by_story == hand["stories"]
    assert sum(found.machine.values(), Counter()) == hand["outcomes"]
    assert sum(found.read_first.values(), Counter()) == hand["first"]
    assert found.holds == hand["holds"]
    assert (found.decided, found.median) == (len(hand["waits"]), median(hand["waits"]))
    weeks = weekly_figures(site, delta=0.05, weeks=3, now=NOW)
    assert sum(week.decisions for week in weeks) == hand["outcomes"].total()
    judged = judged_days(site, FIRST, TODAY).values()
    assert sum(day.scores["spam"][1] for day in judged if day.scores) == len(hand["spam"])
    assert sum(day.scores["spam"][0] for day in judged if day.scores) == pytest.approx(sum(hand["spam"]))
    assert count_figures(site, NOW).comments == hand["hours"].total()


def test_the_figures_are_those_of_a_plain_recount(site, other_site, busy):
    for one in (site, other_site):
        check(one)
        assert keep_days(site=one, now=NOW) == KEPT
        check(one)
    assert keep_days(site=site, now=NOW) == 0


def test_the_mean_of_a_week_is_that_of_its_scores(site, busy):
    keep_days(site=site, now=NOW)
    in_week = Decision.objects.filter(
        comment__story__site=site, maker="engine", created_at__gte=NOW - timedelta(days=2, hours=12, minutes=30)
    )
    values = [one.scores["spam"]["value"] for one in in_week if one.scores["spam"]["value"] is not None]

    [week] = weekly_figures(site, delta=0.05, weeks=1, now=NOW)
    assert week.monday == date(2026, 11, 16)
    assert week.scores["spam"] == pytest.approx(fmean(values))


def test_days_that_are_kept_are_not_counted_again(site, busy, django_assert_max_num_queries):
    keep_days(site=site, now=NOW)
    with django_assert_max_num_queries(10) as queries:
        found = Scope(site, 30, NOW).sums
    assert found.written == plainly(site)["hours"]

    read = [one["sql"] for one in queries.captured_queries if '"comments_comment"' in one["sql"]]
    assert read
    assert all(str(TODAY) in one or '."id" > ' in one for one in read), "it read what was counted before"


def test_what_comes_late_is_counted(site, busy, wrote, write_decision):
    keep_days(site=site, now=NOW)
    comment = wrote(busy[0], NOW - timedelta(days=5))
    decision = write_decision(comment, "publish", "engine", at=NOW - timedelta(days=4))
    decision.scores = {"spam": {"value": 1.0}}
    decision.save()
    missing = {*days_between(FIRST, TODAY)} - kept_days(site, FIRST, TODAY)

    assert missing == {TODAY, TODAY - timedelta(days=4), TODAY - timedelta(days=5)}
    check(site)
    assert keep_days(site=site, now=NOW) == 2
    assert kept_days(site, FIRST, TODAY) == {*days_between(FIRST, TODAY)} - {TODAY}
    check(site)


def test_what_comes_to_another_site_changes_nothing(site, busy, wrote):
    keep_days(site=site, now=NOW)
    wrote(busy[2], NOW - timedelta(days=5))

    assert TODAY - timedelta(days=5) in kept_days(site, FIRST, TODAY)


def test_in_another_time_zone_days_are_others(site, busy, settings):
    keep_days(site=site, now=NOW)
    settings.TIME_ZONE = "Asia/Tokyo"

    assert kept_days(site, FIRST, TODAY) == set()
    hours = Scope(site, 30, NOW).sums.written
    assert hours == Counter((hour + 9) % 24 for hour in plainly(site)["hours"].elements())
    assert keep_days(site=site, now=NOW) == KEPT
    assert Scope(site, 30, NOW).sums.written == hours


def test_a_story_takes_its_days_to_its_new_section(site, busy):
    keep_days(site=site, now=NOW)
    before = Scope(site, 30, NOW, "sport").sums.written.total()
    type(busy[1]).objects.filter(pk=busy[1].pk).update(section="culture")

    assert before == Comment.objects.filter(story=busy[1]).count() > 0
    assert Scope(site, 30, NOW, "sport").sums.written.total() == 0
    assert Scope(site, 30, NOW, "culture").sums.written.total() == before


@pytest.mark.parametrize(("minutes", "expected"), [(9, date(2026, 11, 16)), (10, date(2026, 11, 17))])
def test_a_day_is_counted_when_nothing_is_written_to_it_any_more(site, minutes, expected):
    midnight = datetime(2026, 11, 18, tzinfo=UTC)
    keep_days(site=site, now=midnight + timedelta(minutes=minutes))

    assert SiteDay.objects.order_by("-day").values_list("day", flat=True)[0] == expected


def test_old_days_are_forgotten(site, story, wrote, every_day):
    wrote(story, NOW - timedelta(days=every_day))
    keep_days(site=site, now=NOW)
    assert (SiteDay.objects.count(), StoryDay.objects.count()) == (every_day, 1)

    assert keep_days(site=site, now=NOW + timedelta(days=1)) == 1
    assert (SiteDay.objects.count(), StoryDay.objects.count()) == (every_day, 0)


def test_one_site_after_the_other_at_night(site, other_site, busy, monkeypatch, caplog):
    from belowline.moderation import tasks

    assert tasks.keep_days_nightly.call() == 2 * KEPT
    monkeypatch.setattr(tasks, "keep_days", lambda site: 1 / 0 if site.key == "gazette" else 3)
    assert tasks.keep_days_nightly.call() == 3
    assert "could not be counted (ZeroDivisionError)" in caplog.text
