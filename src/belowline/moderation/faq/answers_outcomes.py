"""What the answers about outcomes are made of."""

from typing import Any

from belowline.comments.models import Comment
from belowline.moderation.faq.facts import Facts

Context = dict[str, Any]


def where_is_my_comment(facts: Facts) -> Context:
    """Every status, in the words that My comments uses."""
    return {"statuses": [(str(status), str(status.label)) for status in Comment.Status]}


def try_again(facts: Facts) -> Context:
    """Whether authors are told before they post, and whether a refused comment can be replaced."""
    return {
        "nudge": facts.offers.nudge and facts.policy.settings.nudge,
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
    """The rules by which talk about something else is held, and whom to write to instead."""
    return {"rules": facts.rules_on("off_topic"), "contact": facts.site.contact_email}


def contact_only(facts: Facts) -> Context:
    """The address of the newsroom."""
    return {"contact": facts.site.contact_email}
