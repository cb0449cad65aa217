"""What a batch did, in sentences."""

import re
from pathlib import Path

import pytest

import belowline.moderation.actions
from belowline.desk.batch_words import CAUSES, DONE, cause_words, done_words, left_words, rule_words
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.models import Batch, BatchItem


@pytest.mark.parametrize(
    ("act", "done", "word", "words"),
    [
        ("publish", 1, "", "Published 1 comment"),
        ("reject", 1_234, "", "Rejected 1,234 comments"),
        ("tag", 2, "letters", "Tagged 2 comments “letters”"),
        ("remove", 0, "", "Removed 0 comments"),
    ],
)
def test_what_was_done(act, done, word, words):
    assert done_words(Batch(act=act, done=done, word=word)) == words


def test_every_act_has_its_word():
    assert set(DONE) == set(Batch.Act)


def test_every_cause_is_a_code_that_an_action_gives():
    folder = Path(belowline.moderation.actions.__file__).parent
    beside = ("impartial.py", "claims.py", "erased.py")
    sources = [*folder.glob("*.py"), *(folder.parent / name for name in beside)]
    codes = {code for path in sources for code in re.findall(r'code="(\w+)"', path.read_text("utf-8"))}

    assert set(CAUSES) - codes - {"not_allowed", "already_escalated", "nobody_to_answer"} == set()


@pytest.mark.parametrize(
    ("cause", "words"), [("own_comment", "it is your own: a colleague decides"), ("odd_one", "“odd one”")]
)
def test_a_cause_in_words(cause, words):
    assert cause_words(cause) == words


def test_what_was_left_the_most_frequent_cause_first(post, moderator):
    batch = Batch.objects.create(moderator=moderator, act="publish", asked=3)
    for number, cause in enumerate(["own_comment", "not_waiting", "not_waiting"]):
        comment = post(f"Remark {number} about tolls.").comment
        BatchItem.objects.create(batch=batch, comment=comment, state="skipped", cause=cause)

    assert [(one.number, one.cause) for one in left_words(batch)] == [
        (2, "somebody had decided about it meanwhile"),
        (1, "it is your own: a colleague decides"),
    ]


def test_the_rule_by_its_title(held, moderator):
    batch = decide_batch(comments=[held.pk], moderator=moderator, outcome="reject", rule="links", seen={})

    assert rule_words(batch) == "Links"
    assert rule_words(Batch(rule="")) == ""
    unreached = Batch.objects.create(moderator=moderator, act="reject", asked=1, rule="gone_rule")
    assert rule_words(unreached) == "gone_rule"
