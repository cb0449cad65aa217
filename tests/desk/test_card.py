"""What the desk shows of one comment: signals in a useful order, rules with their keys, the author's record."""

import msgspec
import pytest

from belowline.comments.models import Comment
from belowline.desk.card import KEYS, author_record, card_context, choices, earlier_versions, signal_rows
from belowline.engine.policy import load_policy, parse_policy
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.models import Decision
from belowline.moderation.queries import held_comments, with_history
from belowline.moderation.queue_entries import QueueEntry


def judged(reasons=(), **values):
    scores = {
        name: {"value": value, "cause": "no_story" if value is None else "", "spans": [], "evidence": f"of {name}"}
        for name, value in values.items()
    }
    return Decision(
        maker="engine", scores=scores, reasons=[{"rule": f"{name}_rule", "signal": name} for name in reasons]
    )


def test_signals_met_first_then_unchecked_then_by_height():
    rows = signal_rows(load_policy(), judged(["insult"], links=0.9, insult=0.7, off_topic=None, spam=0.2, threat=0.3))

    assert [row.name for row in rows] == ["insult", "off topic", "links", "threat", "spam"]
    assert [row.is_met for row in rows] == [True, False, False, False, False]


def test_a_row_says_what_it_was_measured_against():
    [row] = signal_rows(load_policy(), judged(off_topic=None))

    assert (row.value, row.cause, row.evidence) == (None, "no_story", "of off_topic")
    assert row.threshold == load_policy().rules["off_topic"].hold


def test_a_score_without_a_rule_has_no_threshold():
    [row] = signal_rows(load_policy(), judged(severe_toxicity=0.4))

    assert row.threshold is None


@pytest.mark.parametrize("rows", [{}, {"links": None}, {"links": 0.0}, {"links": 1.0}])
def test_any_scores(rows):
    assert len(signal_rows(load_policy(), judged(**rows))) == len(rows)


def test_rules_to_choose_the_named_ones_first():
    policy = load_policy()
    decision = Decision(reasons=[{"rule": "spam"}, {"rule": "links"}])
    found = choices(policy, decision)

    assert [choice.code for choice in found][:2] == ["spam", "links"]
    assert [choice.is_met for choice in found][:3] == [True, True, False]
    assert {choice.code for choice in found} == set(policy.rules)
    assert found[0].hint == policy.rules["spam"].for_moderators


def test_every_rule_has_a_key_of_its_own():
    keys = [choice.key for choice in choices(load_policy(), None)]

    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert not set("pwhjkurnv?") & set(KEYS), "these mean something else"


def test_a_rule_keeps_its_key_whatever_the_engine_named():
    first = {choice.code: choice.key for choice in choices(load_policy(), None)}
    named = {choice.code: choice.key for choice in choices(load_policy(), Decision(reasons=[{"rule": "spam"}]))}

    assert first == named


def test_more_rules_than_keys(policy_text):
    table = policy_text().split("\n\n")[-1]
    text = policy_text() + "".join(f"\n{table.replace('shouting]', f'rule_{number}]')}" for number in range(40))
    found = choices(parse_policy(text), None)

    assert len(found) == 43
    assert [choice.key for choice in found].count("") == 43 - len(KEYS)


def test_a_rule_that_the_policy_no_longer_has_is_not_offered():
    found = choices(load_policy(), Decision(reasons=[{"rule": "gone"}, {"rule": "engine_failed"}]))

    assert {choice.code for choice in found} == set(load_policy().rules)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], (0, 0)),
        (["published", "published", "rejected", "removed", "held", "deleted", "pending"], (2, 2)),
    ],
)
def test_the_authors_record(post, statuses, expected):
    last = post("A quiet remark.").comment
    Comment.objects.filter(pk=last.pk).update(status="held")
    for number, status in enumerate(statuses):
        comment = post(f"Remark number {number}.").comment
        Comment.objects.filter(pk=comment.pk).update(status=status)

    assert tuple(author_record(last).values()) == expected


def test_the_record_of_somebody_else_does_not_count(post, other_reader):
    post("A quiet remark.", author=other_reader)

    assert author_record(post("What a wombat.").comment) == {"published": 0, "refused": 0}


def test_the_card(held, decide, moderator):
    from belowline.moderation.actions.undo_decision import undo_decision

    undo_decision(decision=decide(held), moderator=moderator)
    comment = with_history(held_comments()).get()
    card = card_context(comment, QueueEntry.objects.get(), moderator)

    assert card["decision"].maker == "person"
    assert card["judged"].maker == "engine"
    assert (card["taken_by"], card["veil"], card["why_own"]) == (None, "", "")
    assert [factor.name for factor in card["why"]] == ["Risk of harm", "Readers", "Waiting"]
    assert ([act.value for act in card["acts"]], card["refusing"]) == (["publish", "pick"], "reject")
    assert [row.name for row in card["signals"] if row.is_met] == ["banned word"]
    assert card["record"] == {"published": 0, "refused": 0}


@pytest.mark.parametrize("signal", ["off_topic", "about_moderation", "product_feedback"])
def test_what_was_refused_for_its_topic_or_kept_as_a_message_is_no_mark(held, decide, signal):
    row = decide(held, "reject", rule="banned_word")
    assert author_record(held)["refused"] == 1

    Decision.objects.filter(pk=row.pk).update(reasons=[row.reasons[0] | {"signal": signal}])
    assert author_record(held)["refused"] == 0


def test_the_threshold_is_that_of_the_section():
    policy = load_policy()
    rule = msgspec.structs.replace(policy.rules["off_topic"], hold_in={"Opinion": 0.95})
    stricter = msgspec.structs.replace(policy, rules=policy.rules | {"off_topic": rule})

    assert [signal_rows(stricter, judged(off_topic=0.5), name)[0].threshold for name in ("Opinion", "")] == [0.95, 0.9]


def test_the_earlier_versions_of_an_edited_comment(published, reader):
    first = published.text_source
    assert earlier_versions(published) == []

    for text in ("A second version about the bridge.", "A third version about the bridge."):
        edited = edit_comment(comment=published, author=reader, text_source=text).comment
    assert [version.text_source for version in earlier_versions(edited)] == [
        "A second version about the bridge.",
        first,
    ]
