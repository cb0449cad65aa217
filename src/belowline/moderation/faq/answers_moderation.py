"""What the answers about checking are made of."""

from typing import Any

from belowline.moderation.faq.chart import wait_chart
from belowline.moderation.faq.facts import Facts, rule_facts
from belowline.moderation.faq.words import duration, listed, seconds_or_less, share
from belowline.moderation.figures import Figures
from belowline.moderation.queries import MIN_FOR_WAIT
from belowline.stories.models import Mode

Context = dict[str, Any]


def before_or_after(facts: Facts) -> Context:
    """Where a moderator reads first, and what happens where a check cannot be made, rule by rule."""
    return {
        **premoderation(facts),
        "is_mostly_at_once": facts.figures.is_mostly_at_once,
        "not_held": [rule for rule in rule_facts(facts.rules.items()) if rule.left_aside or not rule.is_held_unchecked],
        "patience": seconds_or_less(facts.policy.settings.signal_timeout_ms),
    }


def premoderation(facts: Facts) -> Context:
    """Where a moderator reads each comment before others can: everywhere, in sections, under single articles."""
    found = facts.discussions
    return {
        "all_premoderated": found.everywhere.mode == Mode.PREMODERATED,
        "premoderated_sections": listed(found.premoderated),
        "open_sections": listed(found.not_premoderated),
        "premoderated_stories": facts.figures.premoderated_stories,
    }


def who_decides(facts: Facts) -> Context:
    """How many people may decide."""
    return {"moderators": facts.figures.moderators}


def software(facts: Facts) -> Context:
    """What the machine does by each rule, how much it settled, and how that is watched."""
    shown = rule_facts(facts.told.items())
    settled = facts.figures.settled_share
    return {
        "rules": shown,
        "rejecting": [rule for rule in shown if rule.reject and not rule.is_listed],
        "audits": facts.offers.audits and facts.policy.settings.audit_share > 0,
        "audit_share": share(facts.policy.settings.audit_share),
        "settled": None if settled is None else share(settled),
        "days": facts.figures.days,
    }


def waiting_time(facts: Facts) -> Context:
    """The medians, at present and by the hour of the day."""
    return {
        "wait": duration(facts.wait) if facts.wait else None,
        "waiting": facts.figures.waiting,
        **premoderation(facts),
        "is_mostly_at_once": facts.figures.is_mostly_at_once,
        **chart_context(facts.figures),
    }


def chart_context(figures: Figures) -> Context:
    """Return what the drawing and the table of the waiting times need."""
    hours = [
        (f"{row.hour:02d}:00", row.decisions, duration(row.median) if row.median else None) for row in figures.waits
    ]
    return {
        "chart": wait_chart(figures.waits),
        "hours": hours,
        "median": duration(figures.median) if figures.median else None,
        "decided": figures.decided,
        "fewest": MIN_FOR_WAIT,
        "zone": figures.zone,
        "days": figures.days,
    }


def closing(facts: Facts) -> Context:
    """After how long discussions close by themselves: everywhere, and in sections where that is another time."""
    found = facts.discussions
    return {"everywhere": found.everywhere, "sections": found.closing}


def closed_articles(facts: Facts) -> Context:
    """How many discussions are open and closed, and what holds comments while an article's text is unknown."""
    topics = [rule for rule in facts.rules.values() if rule.score == "off_topic"]
    return {
        "open": facts.figures.open_stories,
        "closed": facts.figures.closed_stories,
        "has_topic_rule": bool(topics),
        "waits_for_text": any(rule.holds_unchecked("no_story") for rule in topics),
    }
