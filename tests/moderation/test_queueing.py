"""The queues say what is true after every step, and a recount finds what does not."""

import importlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation import migrations, risk
from belowline.moderation.actions.decide_appeal import decide_appeal
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queueing import find_drift, recount, requeue, should_wait, split_scores
from belowline.stories.actions.save_story import save_story

QUIET = "A quiet remark about the harbour bridge and its tolls."
LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"


def queues(comment):
    return sorted(QueueEntry.objects.filter(comment=comment).values_list("queue", flat=True))


def entry(comment, queue="held"):
    return QueueEntry.objects.get(comment=comment, queue=queue)


def list_for(comment, desk):
    record_event(tags.COMMENT_LISTED, subject_id=comment.pk, site_id=comment.story.site_id, decision=1, desk=desk)
    requeue(comment)


# --- step by step


def test_what_is_published_waits_nowhere(published):
    assert queues(published) == []


def test_what_is_held_waits(held, story):
    row = entry(held)

    assert (row.site_id, row.story_id, row.section, row.rule) == (story.site_id, story.pk, story.section, "banned_word")
    assert row.waiting_since == held.created_at
    assert row.values["banned_word"] == 1.0
    assert row.risk == pytest.approx(risk.HARM["banned_word"])
    assert row.rank == pytest.approx(risk.rank(row.risk, row.reach, row.waiting_since))
    assert (row.is_first, row.is_unchecked, row.claimed_by) == (True, False, None)


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "links")])
def test_what_is_decided_waits_no_longer(held, decide, outcome, rule):
    decide(held, outcome, rule=rule)

    assert queues(held) == []


def test_what_is_taken_back_waits_again_since_it_was_written(held, decide, moderator):
    undo_decision(decision=decide(held), moderator=moderator)

    assert entry(held).waiting_since == held.created_at
    assert entry(held).values["banned_word"] == 1.0


def test_what_its_author_deletes_waits_no_longer(held, reader):
    delete_comment(comment=held, by=reader)

    assert queues(held) == []


def test_an_edit_that_is_held_waits_since_then(published, reader):
    edited = edit_comment(comment=published, author=reader, text_source="What a wombat of a bridge.").comment

    assert entry(edited).waiting_since == edited.edited_at


def test_reports(published, report, moderator, account):
    first = report(category="hate")
    report(by=account("Third Reader"), category="spam")
    row = entry(published, "reported")
    assert (row.waiting_since, row.rule) == (first.created_at, "")
    assert row.risk == pytest.approx(risk.report_risk({"hate": 1, "spam": 1}))

    decide_reports(comment=published, moderator=moderator, accept=False)
    assert queues(published) == []
    reopen_reports(comment=published, moderator=moderator)
    assert queues(published) == ["reported"]
    decide_reports(comment=published, moderator=moderator, accept=True, rule="links")
    assert queues(published) == []
    undo_decision(decision=Decision.objects.latest("pk"), moderator=moderator)
    assert queues(published) == ["reported"]


@pytest.mark.parametrize(("state", "left"), [("upheld", []), ("overturned", [])])
def test_appeals(rejected, reader, other_moderator, state, left):
    appeal = submit_appeal(comment=rejected, author=reader, text_source="It is an animal.")
    row = entry(rejected, "appeals")
    assert (row.waiting_since, row.rule, row.risk) == (appeal.created_at, "banned_word", risk.APPEALED)

    decide_appeal(appeal=appeal, moderator=other_moderator, state=state, reason="So it is.")
    assert queues(rejected) == left


def test_an_appeal_whose_comment_was_deleted(rejected, reader):
    submit_appeal(comment=rejected, author=reader)
    delete_comment(comment=rejected, by=reader)

    assert queues(rejected) == []


def test_a_removal_answers_reports_and_can_be_contested(published, report, moderator, reader):
    report()
    remove_comment(comment=published, moderator=moderator, rule="links")
    assert queues(published) == []
    published.refresh_from_db()
    submit_appeal(comment=published, author=reader)

    assert queues(published) == ["appeals"]


@pytest.mark.parametrize("desk", ["newsroom", "corrections"])
def test_what_is_listed_for_a_desk_until_somebody_has_seen_to_it(published, moderator, desk, report):
    list_for(published, desk)
    report()
    assert queues(published) == sorted([desk, "reported"])

    mark_handled(comment=published, desk=desk, by=moderator)
    assert queues(published) == ["reported"]


@pytest.mark.parametrize("desk", ["newsroom", "corrections"])
def test_what_is_held_for_another_desk(held, desk):
    row = held.decisions.get()
    Decision.objects.filter(pk=row.pk).update(reasons=[row.reasons[0] | {"desk": desk}])
    requeue(held)

    assert queues(held) == [desk]
    assert entry(held, desk).risk == risk.ROUTED


def test_a_decision_of_old_that_names_no_desk(held):
    row = held.decisions.get()
    bare = {name: value for name, value in row.reasons[0].items() if name != "desk"}
    Decision.objects.filter(pk=row.pk).update(reasons=[bare])
    requeue(held)

    assert queues(held) == ["held"]


def test_what_could_not_be_judged(post, monkeypatch):
    from belowline.moderation import engine

    def fail():
        raise RuntimeError

    monkeypatch.setattr(engine, "base_engine", fail)
    row = entry(post(QUIET).comment)

    assert (row.is_unchecked, row.rule, row.values, row.risk) == (True, "engine_failed", {}, 0.5)


def test_what_could_not_be_checked_though_a_rule_asks(site, activate, post):
    activate(site, unchecked="hold")
    comment = post("What a wombat of a bridge.").comment
    row = comment.decisions.get()
    gap = {"rule": "shouting", "title": "Shouting", "signal": "threat", "score": None}
    Decision.objects.filter(pk=row.pk).update(reasons=[*row.reasons, gap])
    requeue(comment)

    assert entry(comment).is_unchecked
    Decision.objects.filter(pk=row.pk).update(reasons=[row.reasons[0], gap | {"rule": "premoderated"}])
    requeue(comment)
    assert not entry(comment).is_unchecked


def test_the_first_comment_of_an_author(post, decide, other_reader):
    first, second = post("One wombat.").comment, post("Two wombats, twice.").comment
    theirs = post("A wombat of mine.", author=other_reader).comment
    assert [entry(one).is_first for one in (first, second, theirs)] == [True, True, True]

    decide(first)
    assert [entry(one).is_first for one in (second, theirs)] == [False, True]


def test_nothing_of_theirs_is_published_any_more(post, decide, moderator):
    first, second = post("One wombat.").comment, post("Two wombats, twice.").comment
    decide(first)
    remove_comment(comment=first, moderator=moderator, rule="links")

    assert entry(second).is_first


def test_the_story_moves_to_another_section(held, site, story):
    save_story(site=site, key=story.key, section="Sport", title=story.title, body=story.body, url=story.url)

    assert entry(held).section == "Sport"


# --- again and again


def test_as_often_as_you_like(held, moderator):
    until = timezone.now() + timedelta(minutes=5)
    QueueEntry.objects.update(claimed_by=moderator, claimed_until=until)
    before = model_to_dict(entry(held))
    requeue(held)
    requeue(held)

    assert model_to_dict(entry(held)) == before
    assert before["claimed_by"] == moderator.pk


def test_once_a_queue(held):
    row = entry(held)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_who_looks_at_it(held, moderator, other_moderator):
    now = timezone.now()
    row = entry(held)
    assert not row.is_with_another(moderator.pk, now)
    row.claimed_by, row.claimed_until = other_moderator, now + timedelta(minutes=1)
    row.save()

    assert row.is_with_another(moderator.pk, now)
    assert not row.is_with_another(other_moderator.pk, now)
    assert not row.is_with_another(moderator.pk, now + timedelta(minutes=1))
    assert list(QueueEntry.objects.claimed(now)) == [row]
    assert list(QueueEntry.objects.free(now)) == []
    assert list(QueueEntry.objects.free(now + timedelta(minutes=1))) == [row]


def test_scores_in_three_digits():
    scores = {"insult": {"value": 0.123456}, "threat": {"value": None}, "links": {"value": 0.0}}

    assert split_scores(scores) == ({"insult": 0.123, "links": 0.0}, ["threat"])


# --- counting anew


@pytest.fixture
def everything(post, report, published, rejected, reader):
    """One comment for each way to wait, and some that do not."""
    waiting = post("Another wombat of a bridge.").comment
    report()
    submit_appeal(comment=rejected, author=reader)
    listed = post("There is a mistake in the third paragraph, about the tolls.").comment
    list_for(listed, "corrections")
    post("Nothing to see in this remark about the tolls of yesterday.")
    assert recount() == 0  # how lively the discussion is has changed meanwhile
    return [waiting, published, rejected, listed]


def test_nothing_drifts_by_itself(everything):
    assert find_drift() == set()
    assert set(should_wait()) == set(everything)


def test_a_recount_mends_what_is_false(everything, moderator):
    waiting, reported, contested, listed = everything
    before = {(row.comment_id, row.queue): model_to_dict(row, exclude=["id"]) for row in QueueEntry.objects.all()}
    QueueEntry.objects.filter(comment__in=[waiting, contested]).delete()
    QueueEntry.objects.filter(comment=listed).update(queue="newsroom")
    QueueEntry.objects.filter(comment=reported).update(rank=0, risk=0)

    assert find_drift() == {waiting.pk, contested.pk, listed.pk}
    assert recount() == 3
    assert find_drift() == set()
    after = {(row.comment_id, row.queue): model_to_dict(row, exclude=["id"]) for row in QueueEntry.objects.all()}
    assert after == before


def test_a_recount_takes_away_what_waits_no_longer(published, held):
    row = entry(held)
    row.pk, row.comment = None, published
    row.save(force_insert=True)

    assert find_drift() == {published.pk}
    assert recount() == 1
    assert queues(published) == []


def test_the_migration_fills_the_queues_as_a_recount_does(everything):
    def rows():
        return {(row.comment_id, row.queue): model_to_dict(row, exclude=["id"]) for row in QueueEntry.objects.all()}

    before = rows()
    assert len(before) == 4
    QueueEntry.objects.all().delete()
    [name] = [file.stem for file in Path(migrations.__path__[0]).glob("*_queue_entry.py")]
    importlib.import_module(f"belowline.moderation.migrations.{name}").fill_queues(apps, None)

    assert rows() == before


def test_few_queries(held, django_assert_max_num_queries):
    comment = Comment.objects.get(pk=held.pk)
    with django_assert_max_num_queries(9):
        requeue(comment)


def test_reports_count_by_their_reporters_records(published, report, reporter):
    report(category="abuse", by=reporter(wrong=9))
    worst = QueueEntry.objects.get(comment=published, queue="reported").risk
    report(category="abuse", by=reporter(right=9))

    assert QueueEntry.objects.get(comment=published, queue="reported").risk > worst


def test_what_was_kept_waits_again_only_when_its_new_reports_weigh_enough(published, report, account, moderator):
    report()
    decide_reports(comment=published, moderator=moderator, accept=False)
    for number in range(4):
        report(by=account(f"Newcomer {number}"))
    assert not QueueEntry.objects.filter(comment=published).exists()

    report(by=account("Newcomer 4"))
    assert QueueEntry.objects.filter(comment=published, queue="reported").exists()


def test_what_reports_hide_waits_among_the_held_ones_from_then_on(published, report, reporter):
    for _ in range(3):
        report(by=reporter(right=5))

    entry = QueueEntry.objects.get(comment=published)
    assert (entry.queue, entry.rule) == ("held", "reported")
    assert entry.waiting_since == published.decisions.latest("id").created_at
    assert entry.risk >= 0.6
