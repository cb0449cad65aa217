"""The same form twice at once, and several readers at once: one comment for each key, counters exact, no deadlock."""

import threading

import pytest
from django.db import connection

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.moderation.actions import post_comment as module
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.post_comment import post_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError, NudgedError
from belowline.moderation.models import Decision, Nudge
from belowline.stories.models import Story

pytestmark = pytest.mark.django_db(transaction=True)

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."


def at_once(*calls):
    """Run the calls in threads that begin together; return what they returned and what they raised."""
    gate = threading.Barrier(len(calls))
    results, errors = [None] * len(calls), []

    def run(place, call):
        try:
            gate.wait(20)
            results[place] = call()
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results, errors


@pytest.mark.parametrize("text", [QUIET, HELD])
def test_a_double_click(story, reader, text, monkeypatch):
    """Both have looked for an earlier answer before either writes."""
    gate = threading.Barrier(2, timeout=20)
    judge = module.judge

    def judge_together(*given):
        gate.wait()
        return judge(*given)

    monkeypatch.setattr(module, "judge", judge_together)

    def click():
        return post_comment(story=story, author=reader, text_source=text, idempotency_key="one")

    results, errors = at_once(click, click)

    assert errors == []
    assert sorted(posted.is_new for posted in results) == [False, True]
    assert len({posted.comment.pk for posted in results}) == len({posted.decision.pk for posted in results}) == 1
    assert Comment.objects.count() == Decision.objects.count() == 1
    assert Story.objects.get(pk=story.pk).comment_count == (text == QUIET)


def test_many_readers_post_at_once(story, account):
    readers = [account(f"Reader {number}") for number in range(4)]

    def write(reader):
        return lambda: [
            post_comment(story=story, author=reader, text_source=f"{QUIET} {number}", idempotency_key=str(number))
            for number in range(3)
        ]

    before = Story.objects.get(pk=story.pk).thread_version
    _, errors = at_once(*map(write, readers))

    assert errors == []
    story.refresh_from_db()
    assert Comment.objects.filter(status="published").count() == story.comment_count == 12
    assert story.thread_version == before + 12


def test_two_moderators_decide_at_once(story, reader, moderator, account):
    other = account("Night Desk", "moderator")
    comment = post_comment(story=story, author=reader, text_source=HELD, idempotency_key="one").comment

    def decide(by, outcome, rule=""):
        return lambda: decide_comment(comment=comment, moderator=by, outcome=outcome, rule=rule)

    results, errors = at_once(decide(moderator, "publish"), decide(other, "reject", "shouting"))

    assert [error.code for error in errors] == ["not_waiting"]
    [decision] = [result for result in results if result]
    assert Decision.objects.filter(maker="person").get() == decision
    comment.refresh_from_db()
    assert comment.status == {"publish": "published", "reject": "rejected"}[decision.outcome]


def test_readers_answer_while_moderators_and_the_author_act(story, reader, other_reader, moderator):
    """Locks are taken in such an order that nobody waits for somebody who waits for them."""
    expected = (PostingError, DecidingError)
    parents = []
    for number in range(6):
        posted = post_comment(story=story, author=reader, text_source=f"{HELD} {number}", idempotency_key=f"p{number}")
        decision = decide_comment(comment=posted.comment, moderator=moderator, outcome="publish")
        parents.append((posted.comment, decision))

    def answer():
        for number, (parent, _) in enumerate(parents * 2):
            try:
                parent.refresh_from_db()
                post_comment(
                    story=story,
                    author=other_reader,
                    text_source=f"{QUIET} {number}",
                    parent=parent,
                    idempotency_key=f"a{number}",
                )
            except expected:
                continue

    def undo():
        for _, decision in parents:
            try:
                undo_decision(decision=decision, moderator=moderator)
            except expected:
                continue

    def delete():
        for parent, _ in reversed(parents):
            delete_comment(comment=parent, by=reader)

    _, errors = at_once(answer, undo, delete)

    assert errors == []
    story.refresh_from_db()
    assert story.comment_count == Comment.objects.filter(story=story, status="published").count()
    assert not Comment.objects.filter(decisions=None).exists()


def test_a_form_that_is_nudged_clicked_twice(story, reader):
    """Both are shown the reasons; neither posts what its author has not seen again."""

    def click():
        return post_comment(story=story, author=reader, text_source=HELD, idempotency_key="one", may_nudge=True)

    _, errors = at_once(click, click)

    assert [type(error) for error in errors] == [NudgedError, NudgedError]
    assert Nudge.objects.count() == 1
    assert not Comment.objects.exists()


def test_two_second_versions(rejected, story, reader):
    def again(key):
        return lambda: post_comment(
            story=story, author=reader, text_source=QUIET, idempotency_key=key, resubmits=rejected
        )

    _, errors = at_once(again("one"), again("two"))

    assert [error.code for error in errors] == ["cannot_resubmit"]
    assert Comment.objects.filter(resubmits=rejected).count() == 1


def test_two_moderators_settle_an_appeal(appeal, settle, other_moderator, account, rejected):
    third = account("Third Desk", "moderator")
    _, errors = at_once(
        lambda: settle(appeal, "upheld", by=other_moderator), lambda: settle(appeal, "overturned", by=third)
    )

    assert [error.code for error in errors] == ["appeal_settled"]
    settled = type(appeal).objects.get()
    rejected.refresh_from_db()
    assert rejected.status == ("published" if settled.state == "overturned" else "rejected")
    assert (settled.result is None) is (settled.state == "upheld")


def test_an_appeal_sent_twice(rejected, reader):
    def contest():
        return submit_appeal(comment=rejected, author=reader)

    _, errors = at_once(contest, contest)

    assert [error.code for error in errors] == ["already_appealed"]
