"""The questions of the page Insights, in the order in which it answers them; and what is kept of the answers."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from belowline.desk.insights.audited import draw_audits, read_audits
from belowline.desk.insights.by_rule import draw_holds, draw_overturned, draw_refused
from belowline.desk.insights.discussions import draw_nudges, draw_stories
from belowline.desk.insights.over_time import draw_handling, draw_hours, draw_settled
from belowline.desk.insights.people import draw_agreement, read_agreement
from belowline.desk.insights.picture import Insight, Looking, Picture
from belowline.limits.caches import kept as cache
from belowline.moderation.figures import Refusals, refusals_by_rule
from belowline.moderation.insights.busiest import busiest_stories
from belowline.moderation.insights.handling import handling_times
from belowline.moderation.insights.hours import by_hour
from belowline.moderation.insights.nudged import nudges_by_result
from belowline.moderation.insights.rules import holds_by_rule, overturns_by_rule
from belowline.moderation.insights.scope import Scope
from belowline.moderation.insights.settled import settled_by_machine

FRESH_SECONDS = 300


class Answer(NamedTuple):
    """A question and its picture."""

    insight: Insight
    picture: Picture
    counted_at: datetime
    """When the figures were counted."""


def read_refusals(scope: Scope) -> tuple[Refusals, ...]:
    """Return how often comments were refused by each rule in the period."""
    return refusals_by_rule(scope.site, scope.since, scope.section)


INSIGHTS = (
    Insight(
        "hours",
        "When readers write, and how long they wait",
        "All comments of these days by the hour in which they were written; below, the median time until a person "
        "first decided about those that were held. Hours with fewer than five such decisions have no column.",
        by_hour,
        draw_hours,
    ),
    Insight(
        "settled",
        "What the machine settles",
        "Every judgement of the machine, also of edited comments. What waited only because its discussion is read by a "
        "moderator first is left out.",
        settled_by_machine,
        draw_settled,
    ),
    Insight(
        "refused",
        "Refused, by rule",
        "Rejected and removed comments by the gravest rule of each. What was taken back or overturned on appeal does "
        "not count.",
        read_refusals,
        draw_refused,
    ),
    Insight(
        "holds",
        "Held rightly, by rule",
        "Of the comments that the machine held first of all by a rule and that people have decided about: the share "
        "that they refused, by whatever rule, with its 95 % interval.",
        holds_by_rule,
        draw_holds,
    ),
    Insight(
        "overturned",
        "Overturned on appeal, by rule",
        "Appeals sent in these days, by the rule of the decision that they are about: the share of the settled ones "
        "that another moderator overturned, with its 95 % interval.",
        overturns_by_rule,
        draw_overturned,
    ),
    Insight(
        "agreement",
        "How far people agree",
        "Chance draws some decisions of each moderator, and all audits of the machine; somebody who does not know the "
        "first answer gives another. Kappa is 1 where all answers are the same, and 0 where they agree as often as "
        "chance would make them. The line is its 95 % interval.",
        read_agreement,
        draw_agreement,
    ),
    Insight(
        "handling",
        "Time for a decision",
        "The time between two decisions of the same moderator, where it is less than ten minutes; after a longer one "
        "there was a pause. What follows within half a second was decided together with others.",
        handling_times,
        draw_handling,
    ),
    Insight(
        "audits",
        "Audits and bounds",
        "The last twelve weeks, by the week of the machine's decision. The page Guarantees says what follows from it.",
        read_audits,
        draw_audits,
    ),
    Insight(
        "stories",
        "Busiest stories",
        "The ten stories with the most comments of these days, by where those comments stand now.",
        busiest_stories,
        draw_stories,
    ),
    Insight(
        "nudges",
        "Nudges, and what came of them",
        "Authors who were told, before they posted, that their comment would be held, and why: what they did next, and "
        "where their comments stand now.",
        nudges_by_result,
        draw_nudges,
    ),
)
BY_NAME = {insight.name: insight for insight in INSIGHTS}


def answer(insight: Insight, looking: Looking) -> Answer:
    """Return the picture of a question, from figures that are at most five minutes old."""
    scope = looking.scope
    # What a section is called comes from outside: no cache need take it as a key.
    section = "" if scope.section is None else f":{blake2b(scope.section.encode(), digest_size=12).hexdigest()}"
    key = f"insights:{insight.name}:{scope.site.pk}:{scope.days}{section}"
    kept: tuple[Any, datetime] | None = cache.get(key)
    if kept is None:
        kept = (insight.read(scope), scope.now)
        cache.set(key, kept, FRESH_SECONDS)
    found, counted_at = kept
    return Answer(insight, insight.draw(found, looking), counted_at)
