"""Live figures: medians by hour as the statistics module has them, shares, refusals; each site for itself."""

from datetime import timedelta
from statistics import median

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from belowline.moderation.figures import DAYS, Refusals, count_figures, live_figures
from belowline.moderation.models import Appeal
from belowline.moderation.period import median_of
from belowline.moderation.queries import MIN_FOR_WAIT


@pytest.fixture
def figures(site):
    return lambda of=site: count_figures(of, timezone.now())


def test_a_new_site_has_none(figures):
    found = figures()

    assert [wait.hour for wait in found.waits] == list(range(24))
    assert {(wait.decisions, wait.median) for wait in found.waits} == {(0, None)}
    assert (found.comments, found.decided, found.median, found.settled_share) == (0, 0, None, None)
    assert (found.published, found.refused, found.waiting, found.refusals) == (0, 0, 0, ())


@pytest.mark.parametrize("minutes", [[1, 2, 3, 40, 50], [1, 2, 3, 4, 50, 60], [9] * 5, [5, 4, 3, 2, 1, 0, 7, 8, 9]])
def test_the_median_is_the_median(site, figures, waits, minutes):
    waits(site, 14, minutes)

    found = figures()
    assert found.waits[14].median == found.median == timedelta(minutes=median(minutes))
    assert found.waits[14].decisions == found.decided == len(minutes)


def test_each_hour_by_itself_and_all_together(site, figures, waits):
    waits(site, 9, [10] * 7)
    waits(site, 23, [300] * 5)

    found = figures()
    assert {wait.hour: wait.median for wait in found.waits if wait.median} == {
        9: timedelta(minutes=10),
        23: timedelta(minutes=300),
    }
    assert found.median == timedelta(minutes=10)
    assert found.decided == 12


def test_few_decisions_say_nothing(site, figures, waits):
    waits(site, 9, [10] * (MIN_FOR_WAIT - 1))
    assert figures().waits[9].median is None
    assert figures().waits[9].decisions == MIN_FOR_WAIT - 1

    waits(site, 9, [10])
    assert figures().waits[9].median == timedelta(minutes=10)


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 12), ("Asia/Tokyo", 21), ("America/Phoenix", 5)])
def test_hours_are_those_of_the_pages(site, figures, waits, settings, zone, hour):  # noqa: PLR0917
    waits(site, 12, [10] * 5)
    settings.TIME_ZONE = zone

    assert [wait.hour for wait in figures().waits if wait.median] == [hour]
    assert figures().zone == zone


def test_only_first_decisions_about_held_comments_count(site, figures, waits, write_comment, write_decision):
    """Not removals, not what follows an undo, not settled appeals, not the machine, not what is long ago."""
    waits(site, 12, [10] * 5)
    late = timezone.now() - timedelta(hours=1)
    for outcome, maker in (("remove", "person"), ("publish", "engine")):
        write_decision(write_comment(site), outcome, maker, at=late)
    twice = write_comment(site, at=late - timedelta(minutes=10))
    first = write_decision(twice, "reject", at=late)
    back = write_decision(twice, "hold", at=late, undoes=first)
    write_decision(twice, "publish", at=timezone.now())
    appealed = write_comment(site, "rejected")
    contested = write_decision(appealed, "reject", "engine")
    result = write_decision(appealed, "publish", at=late)
    Appeal.objects.create(decision=contested, state="overturned", result=result)
    old = write_comment(site, at=timezone.now() - timedelta(days=DAYS + 2))
    write_decision(old, "publish", at=timezone.now() - timedelta(days=DAYS + 1))

    assert back.undoes_id == first.pk
    assert figures().decided == 6  # the five, and the first decision about `twice`
    assert figures().median == timedelta(minutes=10)


def test_whoever_sends_a_comment_to_another_desk_has_not_decided(site, figures, waits, write_comment, write_decision):
    waits(site, 12, [10] * 5)
    at = timezone.now() - timedelta(hours=1)
    comment = write_comment(site, "held", at=at)
    write_decision(comment, "hold", at=at)
    assert figures().decided == 5
    write_decision(comment, "publish", at=timezone.now())

    assert figures().decided == 6


def test_what_became_of_the_comments_of_these_days(site, other_site, figures, write_comment):
    for status in ("published", "published", "held", "rejected", "removed", "deleted"):
        write_comment(site, status)
    write_comment(site, "held", at=timezone.now() - timedelta(days=90))
    write_comment(other_site, "published")

    found = figures()
    assert found.statuses == {"published": 2, "held": 1, "rejected": 1, "removed": 1, "deleted": 1}
    assert (found.comments, found.published, found.refused) == (6, 2, 2)
    assert found.waiting == 2  # also the one that waits for so long
    assert figures(other_site).comments == 1


def test_the_share_settled_by_machine(site, figures, write_comment, write_decision):
    for outcome in ("publish", "publish", "reject", "hold"):
        write_decision(write_comment(site), outcome, "engine")

    assert figures().machine == {"publish": 2, "reject": 1, "hold": 1}
    assert figures().settled_share == 0.75


def test_refusals_by_rule(site, other_site, figures, write_comment, write_decision):
    write_decision(write_comment(site), "reject", "engine", rule="spam")
    write_decision(write_comment(site), "reject", rule="spam")
    write_decision(write_comment(site), "remove", rule="threat")
    write_decision(write_comment(site), "hold", "engine", rule="links")
    write_decision(write_comment(site), "reject")
    write_decision(write_comment(other_site), "reject", rule="threat")

    assert figures().refusals == (Refusals("spam", 1, 1), Refusals("", 0, 1), Refusals("threat", 0, 1))
    assert figures().refusals[0].total == 2


def test_refusals_taken_back_do_not_count(site, figures, write_comment, write_decision):
    undone = write_comment(site)
    before = write_decision(undone, "hold", "engine", rule="spam")
    write_decision(undone, "hold", undoes=write_decision(undone, "reject", rule="spam"))
    for state in ("open", "upheld", "overturned"):
        Appeal.objects.create(decision=write_decision(write_comment(site), "reject", rule="threat"), state=state)

    assert before.pk
    assert figures().refusals == (Refusals("threat", 0, 2),)


def test_real_decisions_are_counted(site, figures, post, decide, moderator):
    decide(post("What a wombat.").comment, "reject", rule="banned_word")
    decide(post("Wombat again.").comment, "publish")
    post("A quiet remark.")

    found = figures()
    assert found.refusals == (Refusals("banned_word", 0, 1),)
    assert found.settled_share == pytest.approx(1 / 3)
    assert (found.decided, found.moderators, found.open_stories) == (2, 1, 1)


def test_who_may_decide(figures, account):
    account("A", "moderator")
    account("B", "admin")
    account("C", "admin", is_active=False)
    account("D")

    assert figures().moderators == 2


def test_figures_are_kept_for_some_minutes(site, other_site, write_comment, django_assert_num_queries):
    write_comment(site)
    assert live_figures(site).comments == 1
    write_comment(site)
    with django_assert_num_queries(0):
        assert live_figures(site).comments == 1

    assert live_figures(other_site).comments == 0


@given(st.lists(st.integers(0, 10**12), min_size=MIN_FOR_WAIT, max_size=12))
@hypothesis_settings(max_examples=50)
def test_the_median_of_any_waits(waits):
    assert median_of(waits) == median(timedelta(microseconds=wait) for wait in waits)
