"""Counters counted anew: nothing is wrong where nothing was broken, whatever is broken is found, and mended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.accounts.models import User
from belowline.cli import doctor
from belowline.comments import recounting as of_comments
from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.actions.recommend_comment import recommend_comment
from belowline.comments.actions.withdraw_recommendation import withdraw_recommendation
from belowline.comments.models import Comment, Recommendation
from belowline.moderation import recounting
from belowline.moderation.actions import keep_days as keeping
from belowline.moderation.actions.keep_days import keep_days
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.day_models import SiteDay, StoryDay
from belowline.moderation.models import Report
from belowline.moderation.recounting import COUNTERS, describe, find_drifts, mend
from belowline.moderation.report_models import ReportTally
from belowline.stories.models import Story


@pytest.fixture
def busy(post, published, account, moderator, reader, report):  # noqa: PLR0917
    """A discussion in which everything has happened that counts."""
    friend = account("A friend")
    reply = post("I saw the tolls rise twice.", parent=published, author=friend).comment
    deeper = post("And I saw them fall.", parent=reply).comment
    gone = post("A remark about the ferry and its captain.").comment
    delete_comment(comment=gone, by=reader)
    removed = post("Another remark about the ferry.").comment
    remove_comment(comment=removed, moderator=moderator, rule="links")
    recommend_comment(comment=published, by=friend)
    recommend_comment(comment=deeper, by=friend)
    recommend_comment(comment=reply, by=reader)
    withdraw_recommendation(comment=reply, by=reader)
    report()
    return published


def found():
    return [(drift.counter, drift.kept, drift.counted) for drift in find_drifts()]


def test_what_actions_count_is_right(busy, local, site):
    local(site)

    assert found() == []
    busy.refresh_from_db()
    assert (busy.thread_count, busy.recommend_count, Report.objects.count()) == (2, 1, 1)
    assert Story.objects.get().comment_count == 3


def test_by_small_ranges_it_is_the_same(busy, monkeypatch):
    monkeypatch.setattr(of_comments, "COMMENTS_AT_ONCE", 1)
    monkeypatch.setattr(of_comments, "STORIES_AT_ONCE", 1)
    Comment.objects.filter(pk=busy.pk).update(recommend_count=7)

    assert found() == [("Comment.recommend_count", 7, 1)]


def break_story(busy):
    Story.objects.update(comment_count=9)


def break_thread(busy):
    Comment.objects.filter(pk=busy.pk).update(thread_count=0)


def break_reply(busy):
    Comment.objects.filter(parent=busy).update(thread_count=1)


def break_recommendations(busy):
    Recommendation.objects.filter(comment=busy).delete()


def break_role(busy):
    User.objects.filter(pk=busy.author_id).update(has_local_role=True)


def break_tally(busy):
    ReportTally.objects.update(open_count=4)


def lose_tally(busy):
    ReportTally.objects.all().delete()


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (break_story, ("Story.comment_count", 9, 3)),
        (break_thread, ("Comment.thread_count", 0, 2)),
        (break_reply, ("Comment.thread_count", 1, 0)),
        (break_recommendations, ("Comment.recommend_count", 1, 0)),
        (break_role, ("User.has_local_role", 1, 0)),
        (break_tally, ("ReportTally.open_count", 4, 1)),
        (lose_tally, ("ReportTally.open_count", 0, 1)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_wrong_is_found_and_mended(busy, spoil, wrong):
    version = Story.objects.get().thread_version
    spoil(busy)
    drifts = list(find_drifts())

    assert [(drift.counter, drift.kept, drift.counted) for drift in drifts] == [wrong]
    assert wrong[0] in COUNTERS
    assert describe(drifts[0]) == f"{wrong[0]} of {drifts[0].pk} is {wrong[1]}, and should be {wrong[2]}"
    assert mend(drifts) == 1
    assert found() == []
    if wrong[0].startswith(("Story", "Comment")):
        assert Story.objects.get().thread_version == version + 1, "pages are made anew"
    assert mend([]) == 0


def test_all_of_a_story_at_once(busy):
    for spoil in (break_story, break_thread, break_recommendations, break_reply):
        spoil(busy)
    version = Story.objects.get().thread_version

    assert mend(find_drifts()) == 4
    assert found() == []
    assert Story.objects.get().thread_version == version + 1


@pytest.fixture
def yesterday(post, site, monkeypatch):
    """A day that is over, counted and kept."""
    for module in (keeping, recounting):
        monkeypatch.setattr(module, "KEPT", 2)
    comment = post("A remark of yesterday about the bridge.").comment
    at = timezone.now() - timedelta(days=1)
    Comment.objects.filter(pk=comment.pk).update(created_at=at)
    comment.decisions.update(created_at=at)
    keep_days(site=site, now=timezone.now() + keeping.SETTLED)
    return timezone.localdate(at)


def test_days_that_are_kept(yesterday):
    assert found() == []


def more_comments():
    StoryDay.objects.update(counts=StoryDay.objects.get().counts.replace(":1", ":2", 1))


def other_scores():
    SiteDay.objects.update(judged='[{"publish":5},{}]')


def no_stories():
    StoryDay.objects.all().delete()


@pytest.mark.parametrize("spoil", [more_comments, other_scores, no_stories])
def test_days_with_other_figures(yesterday, site, spoil):
    spoil() if spoil is not other_scores else SiteDay.objects.filter(day=yesterday).update(judged='[{"publish":5},{}]')
    [drift] = find_drifts()

    assert (drift.counter, drift.pk) == ("SiteDay", site.pk)
    assert describe(drift) == f"the figures of {yesterday} on site {site.pk} are wrong in 1 places"
    mend([drift])
    assert found() == []


# --- the command


def test_doctor_says_what_is_wrong_and_changes_nothing(busy, capsys):
    break_story(busy)

    assert not doctor.recounted(repair=False)
    said = capsys.readouterr().out
    assert f"wrong  Story.comment_count of {busy.story_id} is 9, and should be 3" in said
    assert "mend: run `belowline doctor --deep --repair`" in said
    assert Story.objects.get().comment_count == 9


def test_doctor_mends(busy, capsys):
    break_story(busy)

    assert doctor.recounted(repair=True)
    assert "written anew: 1 counters" in capsys.readouterr().out
    assert doctor.recounted(repair=False)
    assert f"counted anew: {', '.join(COUNTERS)}" in capsys.readouterr().out


def test_a_long_list_is_cut(busy, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "MOST_SHOWN", 1)
    break_story(busy)
    break_thread(busy)
    doctor.recounted(repair=False)

    assert "and 1 more" in capsys.readouterr().out
