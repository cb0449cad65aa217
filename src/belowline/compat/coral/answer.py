"""From a decision to what Coral understands: a status, flags, and with a rejection its reason.

Everything goes by the score that a rule looks at, never by the rule's name: the rules are the newsroom's own.
"""

from typing import Any

from belowline.engine.decision import Decision, Outcome, Reason
from belowline.engine.policy import ABUSE_SCORES

TOXIC = "COMMENT_DETECTED_TOXIC"
SPAM = "COMMENT_DETECTED_SPAM"
FLAGS = {score: TOXIC for score in ABUSE_SCORES if score != "spam"} | dict.fromkeys(
    ("spam", "repetition", "links"), SPAM
)
"""Score -> flag. Scores that are neither, such as `off_topic`, flag nothing: Coral has no word for them."""
CODES = {
    "off_topic": "IRRELEVANT_CONTENT",
    "identity_attack": "HATE_SPEECH",
    "toxicity": "ABUSIVE",
    "severe_toxicity": "ABUSIVE",
    "insult": "ABUSIVE",
    "threat": "HARASSMENT_BULLYING",
    "personal_data": "HARASSMENT_BULLYING",
    "profanity": "OFFENSIVE",
    "sexually_explicit": "OFFENSIVE",
    "spam": "SPAM",
    "repetition": "SPAM",
    "links": "SPAM",
    "banned_word": "BANNED_WORD",
    "watched_word": "BANNED_WORD",
}
"""Score -> Coral's code of a rejection reason."""
OTHER = "OTHER"

type_of_body = dict[str, Any]


def build_answer(decision: Decision) -> type_of_body | None:
    """Return the body of the answer; None where Coral shall go on as if we were not there."""
    if decision.outcome is Outcome.PUBLISH:
        return None
    body: type_of_body = {"status": "SYSTEM_WITHHELD", "actions": coral_actions(decision.reasons), "tags": []}
    if decision.outcome is Outcome.REJECT:
        body["status"] = "REJECTED"
        body["moderationAction"] = {"status": "REJECTED", "rejectionReason": rejection_reason(decision)}
    # Coral drops fields that it does not know; people who call by hand see why.
    return body | {"belowline": explain_answer(decision)}


def coral_actions(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    """Return each flag once, for what was measured; a check that failed has detected nothing."""
    found = dict.fromkeys(FLAGS[one.signal] for one in reasons if one.score is not None and one.signal in FLAGS)
    return [{"actionType": "FLAG", "reason": flag} for flag in found]


def rejection_reason(decision: Decision) -> dict[str, str]:
    """Return code and explanation of the gravest reason that rejects."""
    gravest = next(one for one in decision.reasons if one.outcome is Outcome.REJECT)
    found = {"code": CODES.get(gravest.signal, OTHER)}
    if gravest.explanation.strip():
        # Coral refuses the whole answer for an empty text.
        found["detailedExplanation"] = gravest.explanation
    return found


def explain_answer(decision: Decision) -> type_of_body:
    """Return why, in our own words: outcome, rules, and the versions of policy and models."""
    return {
        "outcome": decision.outcome.value,
        "rules": [reason.rule for reason in decision.reasons],
        "policy": decision.policy,
        "model": decision.model,
    }
