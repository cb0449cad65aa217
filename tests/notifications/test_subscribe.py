"""Which events lead to a mail: a person's decision, after a minute in which it may be taken back."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.accounts.models import Mute, User
from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.actions.pick_comment import pick_comment
from belowline.events.models import record_event
from belowline.moderation.actions.rejudge_story import rejudge_story
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Report
from belowline.notifications.models import Frequency, Kind, Notification, NotificationSetting
from belowline.notifications.queries import GRACE
from belowline.stories.models import Story


def mails():
    return [task for task in DBTaskResult.objects.all() if task.task_path.endswith("mail_notification")]


@pytest.mark.parametrize("text", ["A quiet remark.", "What a wombat.", "WHAT A WOMBAT OF A BRIDGE THIS IS, EVERYBODY"])
def test_no_mail_when_the_machine_decides(post, text):
    """The page has said it already."""
    post(text)

    assert mails() == []


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "links")])
def test_a_mail_when_a_person_decides(held, decide, outcome, rule):
    decision = decide(held, outcome, rule=rule)

    [task] = mails()
    told = Notification.objects.get(pk=task.args_kwargs["args"][0])
    assert (told.subject_id, told.comment_id, told.user_id) == (decision.pk, held.pk, held.author_id)


def test_it_waits_for_a_minute(held, decide):
    decide(held)

    [task] = mails()
    left = task.run_after - timezone.now()
    assert timedelta(seconds=50) < left <= GRACE == timedelta(seconds=60)


def test_no_mail_when_a_decision_is_taken_back(held, decide, moderator):
    decision = decide(held)
    undo_decision(decision=decision, moderator=moderator)

    assert len(mails()) == 1
    assert not Notification.objects.exists()


@pytest.mark.parametrize("tag", ["comment:held", "comment:deleted", "policy:activated", "story:created"])
def test_other_events_are_nobodys_mail(site, moderator, tag):
    record_event(tag, subject_id=1, site_id=site.pk, actor_id=moderator.pk, decision=1)

    assert mails() == []


@pytest.mark.django_db
def test_no_mail_for_what_did_not_happen(held, decide):
    with transaction.atomic():
        decide(held)
        transaction.set_rollback(True)

    assert mails() == []
    assert not Notification.objects.exists()


def told(user):
    return [(row.kind, row.comment_id, row.subject_id) for row in Notification.objects.filter(user=user).order_by("pk")]


def test_who_was_told_to_wait_hears_of_what_the_engine_publishes_after_all(off_topic, telephones, reader):
    Story.objects.filter(pk=off_topic.story_id).update(**telephones)
    [decision] = rejudge_story(story=off_topic.story)

    assert decision.outcome == "publish"
    assert told(reader) == [("published", off_topic.pk, decision.pk)]
    [task] = mails()
    assert task.run_after <= timezone.now()


class TestReplies:
    @pytest.fixture
    def reply(self, post, published, other_reader):
        return lambda text="An answer about the tolls.", **more: (
            post(text, author=other_reader, parent=published, **more).comment
        )

    def test_whoever_is_answered_is_told_once(self, reply, reader, other_reader):
        answer = reply()
        record_event("comment:published", subject_id=answer.pk, decision=0)

        assert told(reader) == [("reply", answer.pk, 0)]
        assert told(other_reader) == []
        assert mails() == []  # it waits for the digest of the hour

    def test_at_once_where_the_reader_wants_it_so(self, reply, reader):
        NotificationSetting.objects.create(user=reader, kind=Kind.REPLY, frequency=Frequency.IMMEDIATE)
        reply()

        assert len(mails()) == 1

    def test_never_mailed_where_it_is_off_and_on_the_page_all_the_same(self, reply, reader):
        NotificationSetting.objects.create(user=reader, kind=Kind.REPLY, frequency=Frequency.OFF)
        reply()

        assert mails() == []
        assert [row.is_mail_due for row in Notification.objects.filter(user=reader)] == [False]

    def test_nobody_is_told_of_their_own(self, post, published, reader):
        post("One more thing about the tolls.", parent=published)

        assert told(reader) == []

    def test_a_held_reply_is_told_when_it_is_published(self, reply, decide, reader, other_reader):
        answer = reply("What a wombat of a toll.")
        assert told(reader) == []
        decision = decide(answer)

        assert told(reader) == [("reply", answer.pk, 0)]
        assert told(other_reader) == [("published", answer.pk, decision.pk)]

    def test_not_of_those_whom_the_reader_mutes(self, reply, reader, other_reader):
        Mute.objects.create(user=reader, muted=other_reader)
        reply()

        assert told(reader) == []

    def test_not_under_a_comment_that_was_deleted_meanwhile(self, reply, decide, published, reader):
        answer = reply("What a wombat of a toll.")
        delete_comment(comment=published, by=reader)
        decide(answer)

        assert told(reader) == []


class TestPicks:
    def test_the_author_is_told_once(self, published, reader, moderator):
        pick_comment(comment=published, by=moderator)
        record_event("comment:picked", subject_id=published.pk, actor_id=moderator.pk, is_new=True)

        assert told(reader) == [("pick", published.pk, 0)]

    def test_a_corrected_sentence_is_no_news(self, published, reader, moderator):
        pick_comment(comment=published, by=moderator, sentence="A fine point.")
        Notification.objects.all().delete()
        pick_comment(comment=published, by=moderator, sentence="A finer point.")

        assert told(reader) == []

    def test_not_of_a_comment_of_ones_own(self, published, reader):
        record_event("comment:picked", subject_id=published.pk, actor_id=reader.pk, is_new=True)

        assert told(reader) == []


@pytest.mark.parametrize("tag", ["report:accepted", "report:declined"])
def test_the_reporter_is_told(published, reader, other_reader, moderator, tag):
    report = Report.objects.create(comment=published, reporter=other_reader, category="spam")
    record_event(tag, subject_id=report.pk, actor_id=moderator.pk)

    assert told(other_reader) == [("report", published.pk, report.pk)]
    assert told(reader) == []


@pytest.fixture
def hidden(published, report, reporter):
    for _ in range(3):
        report(by=reporter(right=5))
    published.refresh_from_db()
    return published


def test_the_author_of_a_hidden_comment_is_told_at_once(hidden, reader):
    [told] = Notification.objects.filter(user=reader)

    assert (told.kind, told.comment_id, told.subject_id) == (Kind.HIDDEN, hidden.pk, hidden.decisions.latest("id").pk)
    [task] = mails()
    assert task.run_after - timezone.now() <= GRACE


def test_and_then_that_it_is_published_again(hidden, decide, reader):
    decide(hidden)

    kinds = Notification.objects.filter(user=reader).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [Kind.HIDDEN, Kind.PUBLISHED]


def test_hidden_again_because_a_decision_was_taken_back_is_no_news(hidden, decide, moderator, reader):
    undo_decision(decision=decide(hidden), moderator=moderator)

    assert list(Notification.objects.filter(user=reader).values_list("kind", flat=True)) == [Kind.HIDDEN]


def test_a_report_that_waits_again_is_told_again(published, other_reader, moderator):
    report = Report.objects.create(comment=published, reporter=other_reader, category="spam")
    for tag in ("report:declined", "report:reopened"):
        record_event(tag, subject_id=report.pk, actor_id=moderator.pk)
    assert told(other_reader) == []
    record_event("report:accepted", subject_id=report.pk, actor_id=moderator.pk)

    assert told(other_reader) == [("report", published.pk, report.pk)]


class TestAppeals:
    def test_one_thing_is_told_and_not_two(self, appeal, settle, rejected, reader):
        settle(appeal)

        assert [kind for kind, *_ in told(reader)] == ["rejected", "appeal"]
        assert told(reader)[1] == ("appeal", rejected.pk, appeal.pk)


class TestUndone:
    def test_whoever_was_mailed_of_a_removal_hears_that_it_was_taken_back(self, removed, moderator, reader):
        Notification.objects.update(mailed_at=timezone.now())
        undone = undo_decision(decision=removed.decisions.latest("pk"), moderator=moderator)

        assert told(reader) == [("published", removed.pk, undone.pk)]

    def test_whoever_was_not_mailed_hears_nothing(self, removed, moderator, reader):
        undo_decision(decision=removed.decisions.latest("pk"), moderator=moderator)

        assert told(reader) == []


def test_a_closed_account_is_told_nothing(held, decide, reader):
    User.objects.filter(pk=reader.pk).update(is_active=False)
    decide(held)

    assert told(reader) == []
