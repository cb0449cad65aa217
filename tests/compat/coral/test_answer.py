"""What Coral is told of a decision: within what its validator accepts, by the score that a rule looks at."""

import pytest

from belowline.compat.coral.answer import CODES, FLAGS, build_answer
from belowline.engine.decision import Decision, Outcome, Reason
from belowline.engine.policy import ABUSE_SCORES, SCORE_NAMES, TOPIC_KINDS

# The validator of Coral's external phase, as facts: any other value makes it drop the whole answer.
STATUSES = {"NONE", "APPROVED", "REJECTED", "PREMOD", "SYSTEM_WITHHELD"}
FLAG_REASONS = {"COMMENT_DETECTED_TOXIC", "COMMENT_DETECTED_SPAM"}
TAGS = {"FEATURED", "STAFF"}
REJECTIONS = {
    "OFFENSIVE",
    "ABUSIVE",
    "SPAM",
    "BANNED_WORD",
    "AD",
    "ILLEGAL_CONTENT",
    "HARASSMENT_BULLYING",
    "MISINFORMATION",
    "HATE_SPEECH",
    "IRRELEVANT_CONTENT",
    "OTHER",
}
TOXIC, SPAM = "COMMENT_DETECTED_TOXIC", "COMMENT_DETECTED_SPAM"


def reason(signal, outcome=Outcome.HOLD, score=0.9, **fields):
    given = {"rule": f"our_{signal}", "threshold": 0.5, "explanation": f"Because of {signal}."} | fields
    return Reason(signal=signal, outcome=outcome, score=score, **given)


def decision(outcome, *reasons, noted=()):
    return Decision(
        outcome=outcome, reasons=reasons, scores={}, unchecked=(), language="en", policy="p@1", model="m", noted=noted
    )


def flags_of(body):
    return [one["reason"] for one in body["actions"]]


def assert_valid(body):
    assert body["status"] in STATUSES
    assert all(set(one) == {"actionType", "reason"} and one["actionType"] == "FLAG" for one in body["actions"])
    assert set(flags_of(body)) <= FLAG_REASONS
    assert set(body["tags"]) <= TAGS
    if moderation := body.get("moderationAction"):
        assert moderation["status"] in STATUSES
        assert moderation["rejectionReason"]["code"] in REJECTIONS
        assert all(isinstance(text, str) and text for text in moderation["rejectionReason"].values())


def test_publishing_says_nothing():
    assert build_answer(decision(Outcome.PUBLISH)) is None


def test_a_background_rule_flags_nothing():
    assert build_answer(decision(Outcome.PUBLISH, noted=(reason("toxicity"),))) is None


@pytest.mark.parametrize(
    ("signals", "flags"),
    [
        (["toxicity"], [TOXIC]),
        (["severe_toxicity"], [TOXIC]),
        (["insult"], [TOXIC]),
        (["profanity"], [TOXIC]),
        (["threat"], [TOXIC]),
        (["identity_attack"], [TOXIC]),
        (["sexually_explicit"], [TOXIC]),
        (["spam"], [SPAM]),
        (["links"], [SPAM]),
        (["repetition"], [SPAM]),
        (["off_topic"], []),
        (["banned_word"], []),
        (["watched_word"], []),
        (["personal_data"], []),
        (["other_language"], []),
        (["shouting"], []),
        (["incoherence"], []),
        (["engine"], []),
        (["insult", "toxicity", "off_topic"], [TOXIC]),
        (["spam", "insult", "links"], [SPAM, TOXIC]),
    ],
)
def test_what_a_held_comment_is_flagged_for(signals, flags):
    body = build_answer(decision(Outcome.HOLD, *map(reason, signals)))

    assert_valid(body)
    assert body["status"] == "SYSTEM_WITHHELD"
    assert flags_of(body) == flags
    assert "moderationAction" not in body


def test_every_score_was_thought_of():
    assert set(FLAGS) | set(CODES) <= set(SCORE_NAMES)
    assert set(ABUSE_SCORES) <= set(FLAGS)
    assert set(SCORE_NAMES) - set(CODES) == {
        "other_language",
        "shouting",
        "incoherence",
        "newsroom_refusal",
        *TOPIC_KINDS,
    }


@pytest.mark.parametrize("signal", ["toxicity", "spam", "off_topic"])
def test_a_check_that_failed_has_detected_nothing(signal):
    assert flags_of(build_answer(decision(Outcome.HOLD, reason(signal, score=None)))) == []


@pytest.mark.parametrize(
    ("signal", "code"),
    [
        ("off_topic", "IRRELEVANT_CONTENT"),
        ("identity_attack", "HATE_SPEECH"),
        ("insult", "ABUSIVE"),
        ("toxicity", "ABUSIVE"),
        ("severe_toxicity", "ABUSIVE"),
        ("threat", "HARASSMENT_BULLYING"),
        ("personal_data", "HARASSMENT_BULLYING"),
        ("profanity", "OFFENSIVE"),
        ("sexually_explicit", "OFFENSIVE"),
        ("spam", "SPAM"),
        ("links", "SPAM"),
        ("repetition", "SPAM"),
        ("banned_word", "BANNED_WORD"),
        ("watched_word", "BANNED_WORD"),
        ("other_language", "OTHER"),
        ("shouting", "OTHER"),
        ("incoherence", "OTHER"),
        ("a_score_of_the_future", "OTHER"),
    ],
)
def test_why_a_comment_is_rejected(signal, code):
    body = build_answer(decision(Outcome.REJECT, reason(signal, Outcome.REJECT)))

    assert_valid(body)
    assert body["status"] == body["moderationAction"]["status"] == "REJECTED"
    assert body["moderationAction"]["rejectionReason"] == {
        "code": code,
        "detailedExplanation": f"Because of {signal}.",
    }


def test_only_a_reason_that_rejects_gives_the_code():
    """A rule that would merely hold may stand beside it, whatever its order."""
    body = build_answer(decision(Outcome.REJECT, reason("insult"), reason("banned_word", Outcome.REJECT)))

    assert body["moderationAction"]["rejectionReason"]["code"] == "BANNED_WORD"
    assert flags_of(body) == [TOXIC]


def test_an_empty_explanation_is_left_out():
    """Coral's validator refuses an empty text, and with it the whole answer."""
    body = build_answer(decision(Outcome.REJECT, reason("spam", Outcome.REJECT, explanation=" ")))

    assert body["moderationAction"]["rejectionReason"] == {"code": "SPAM"}


def test_people_see_why():
    body = build_answer(decision(Outcome.HOLD, reason("off_topic"), reason("insult")))

    assert body["belowline"] == {
        "outcome": "hold",
        "rules": ["our_off_topic", "our_insult"],
        "policy": "p@1",
        "model": "m",
    }
