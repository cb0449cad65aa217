"""What the FAQ's answers are made of: the policy that acts, the settings, what is offered, the live figures."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings

from belowline.accounts.names import MAX_CHARACTERS, MIN_CHARACTERS
from belowline.comments.pacing import WINDOW
from belowline.comments.queries import RECENT_DAYS
from belowline.engine.policy import Policy, Rule
from belowline.moderation.engine import active_version, policy_of
from belowline.moderation.faq.discussions import Discussions, discussions_of
from belowline.moderation.faq.offers import Offers, offers
from belowline.moderation.faq.words import causes_words, desk_words, section_words, sureness, threshold
from belowline.moderation.figures import Figures, live_figures
from belowline.moderation.queries import expected_wait
from belowline.moderation.report_models import HIDING_COUNT
from belowline.moderation.shipped_words import in_present_language
from belowline.stories.models import Site

SECONDS_A_DAY = 86_400


class Limits(NamedTuple):
    """What the server's settings allow."""

    max_characters: int
    reply_levels: int
    session_days: int
    deleted_days: int
    """After so many the text of a comment that its author deleted is erased; 0: it is not."""
    refused_days: int
    """After so many that of one that was not published, or was removed; 0: it is not."""
    decisions_days: int
    """After so many what decisions quote, and what people wrote about them; 0: it is not."""
    name_min: int
    name_max: int
    compared_days: int
    """So many days back a text is compared with earlier ones."""
    password_min: int
    edit_minutes: int
    """For so long a comment may be edited, begun minutes counted whole; 0: never."""
    slow_seconds: int
    """The least time between two comments under an article, where no slow mode says more."""
    posts: int
    """So many comments an account may post over all articles within `posts_minutes`."""
    posts_minutes: int
    hiding_count: int
    """So many reporters who were right before can hide a comment until a person has looked; 0: none can."""


class Facts(NamedTuple):
    """Everything that an answer may use; nothing else may stand in it."""

    site: Site
    policy: Policy
    rules: dict[str, Rule]
    """The rules that act: they hold, or reject. What is on trial is promised to nobody."""
    lists: dict[str, Rule]
    """The rules that hold nothing, and by which another desk gets to read what has appeared."""
    limits: Limits
    offers: Offers
    figures: Figures
    discussions: Discussions
    wait: timedelta | None
    """Median wait of the latest decisions by people."""
    active_since: datetime | None
    """None: the shipped policy acts."""

    @property
    def told(self) -> dict[str, Rule]:
        """Return all rules that readers are told of, in the policy's order."""
        known = self.rules | self.lists
        return {code: known[code] for code in self.policy.rules if code in known}

    def rules_on(self, *scores: str) -> list["RuleFacts"]:
        """Return the acting rules that look at one of these scores."""
        return rule_facts((code, rule) for code, rule in self.rules.items() if rule.score in scores)


class PlaceFacts(NamedTuple):
    """A section in which a rule has a threshold of its own."""

    where: str
    hold: str
    hold_words: str
    reject: str
    """Empty: as everywhere."""


class RuleFacts(NamedTuple):
    """A rule as readers are told of it."""

    code: str
    title: str
    for_readers: str
    sections: tuple[str, ...]
    """Empty: everywhere."""
    hold: str
    """The threshold as per cent."""
    hold_words: str
    """How sure the software must be; empty for what it counts."""
    reject: str
    """Empty: the machine never rejects by it."""
    reject_words: str
    places: tuple[PlaceFacts, ...]
    is_held_unchecked: bool
    """Whether a person looks where the check could not be made."""
    left_aside: str
    """The causes for which a person does not look even so, in words."""
    desk: str
    """Who reads it, in words; empty: the moderators."""
    is_listed: bool
    """Whether it holds nothing, and what it finds is read after it has appeared."""


def gather(site: Site) -> Facts:
    """Return the facts of a site as they are now."""
    version = active_version(site)
    policy = policy_of(version)
    return Facts(
        site=site,
        policy=policy,
        rules={code: rule for code, rule in policy.rules.items() if not rule.background},
        lists={code: rule for code, rule in policy.rules.items() if rule.background and not rule.is_on_trial},
        limits=_limits(),
        offers=offers(),
        figures=live_figures(site),
        discussions=discussions_of(site),
        wait=expected_wait(site),
        active_since=version.created_at if version else None,
    )


def rule_facts(rules: Iterable[tuple[str, Rule]]) -> list[RuleFacts]:
    """Return rules in the words of readers."""
    return [
        RuleFacts(
            code=code,
            title=in_present_language(rule.title),
            for_readers=in_present_language(rule.for_readers),
            sections=rule.sections,
            hold=threshold(rule.hold),
            hold_words=sureness(rule.score, rule.hold),
            reject="" if rule.reject is None else threshold(rule.reject),
            reject_words="" if rule.reject is None else sureness(rule.score, rule.reject),
            places=_places(rule),
            is_held_unchecked=rule.unchecked == "hold",
            left_aside=causes_words(rule.ignore_unchecked) if rule.unchecked == "hold" else "",
            desk=desk_words(rule.desk),
            is_listed=rule.background,
        )
        for code, rule in rules
    ]


def _places(rule: Rule) -> tuple[PlaceFacts, ...]:
    found = []
    for section, hold in rule.hold_in.items():
        reject = rule.reject_from(section)
        found.append(
            PlaceFacts(
                where=section_words(section),
                hold=threshold(hold),
                hold_words=sureness(rule.score, hold),
                reject="" if reject is None or reject == rule.reject else threshold(reject),
            )
        )
    return tuple(found)


def links_allowed(max_links: int, hold: float) -> int | None:
    """Return how many links a comment may hold before the rule holds it; None: any number. -1: not even none.

    The score is n / (n + max_links + 1) for n links (engine.signals.links).
    """
    if hold >= 1:
        return None
    counted = max_links + 1
    about = max(0, math.ceil(hold * counted / (1 - hold)))
    near = (count for count in (about - 1, about) if count >= 0 and count / (count + counted) >= hold)
    return next(near, about + 1) - 1  # where a rounding error was a hair too much


def _limits() -> Limits:
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    lengths = (options["OPTIONS"]["min_length"] for options in validators if "min_length" in options.get("OPTIONS", {}))
    return Limits(
        max_characters=settings.COMMENT_MAX_CHARACTERS,
        reply_levels=settings.REPLY_DEPTH_MAX,
        deleted_days=settings.KEEP_DELETED_DAYS,
        refused_days=settings.KEEP_REFUSED_DAYS,
        decisions_days=settings.KEEP_DECISIONS_DAYS,
        session_days=math.ceil(settings.SESSION_COOKIE_AGE / SECONDS_A_DAY),
        name_min=MIN_CHARACTERS,
        name_max=MAX_CHARACTERS,
        compared_days=RECENT_DAYS,
        password_min=next(lengths, 0),
        edit_minutes=math.ceil(settings.EDIT_WINDOW_SECONDS / 60),
        slow_seconds=settings.SLOW_SECONDS,
        posts=settings.POSTS_PER_10_MINUTES,
        posts_minutes=math.ceil(WINDOW.total_seconds() / 60),
        hiding_count=HIDING_COUNT if settings.REPORTS_HIDE else 0,
    )
