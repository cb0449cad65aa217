"""What the answers about outcomes are made of."""

from typing import Any

from belowline.comments.models import Comment
from belowline.moderation.actions.nudge_author import MAX_AN_HOUR, MAX_AN_HOUR_IN_A_STORY
from belowline.moderation.faq.facts import Facts, rule_facts
from belowline.moderation.sanctions import DAY, MOST_HOURS, Kind

Context = dict[str, Any]


def where_is_my_comment(facts: Facts) -> Context:
    """Every status, in the words that My comments uses."""
    return {"statuses": [(str(status), str(status.label)) for status in Comment.Status]}


def try_again(facts: Facts) -> Context:
    """Whether and how often authors are told before they post, and whether a refused comment can be replaced."""
    return {
        "nudge": facts.offers.nudge and facts.policy.settings.nudge,
        "in_a_story": MAX_AN_HOUR_IN_A_STORY,
        "in_an_hour": MAX_AN_HOUR,
        "appeals": facts.offers.appeals,
        "resubmission": facts.offers.resubmission,
    }


def appeal(facts: Facts) -> Context:
    """How long a decision can be contested, and who decides."""
    return {
        "appeals": facts.offers.appeals,
        "days": facts.policy.settings.appeal_days,
        "has_second_moderator": facts.figures.moderators > 1,
        "contact": facts.site.contact_email,
    }


def about_moderation(facts: Facts) -> Context:
    """The rules about talk of moderation, else those about other subjects; and whom to write to instead."""
    about = [(code, rule) for code, rule in facts.told.items() if rule.score == "about_moderation"]
    return {
        "messages": rule_facts(about),
        "rules": facts.rules_on("off_topic"),
        "contact": facts.site.contact_email,
    }


def why_held(facts: Facts) -> Context:
    """Whether a decision can be contested."""
    return {"appeals": facts.offers.appeals}


def sanctions(facts: Facts) -> Context:
    """For how long measures can be taken at most, for how long they can be contested, and the newsroom's address."""
    return {
        "premoderate_days": MOST_HOURS[Kind.PREMODERATE] // DAY,
        "suspend_days": MOST_HOURS[Kind.SUSPEND] // DAY,
        "days": facts.policy.settings.appeal_days,
        "has_second_moderator": facts.figures.moderators > 1,
        "contact": facts.site.contact_email,
    }
