"""What the builders hand to their templates: plain facts, each from the one place where it is set."""

from datetime import timedelta

import msgspec
import pytest

from belowline.comments.models import Comment
from belowline.engine.policy import ABUSE_SCORES, Settings, load_policy
from belowline.moderation.faq import answers_moderation as moderation
from belowline.moderation.faq import answers_outcomes as outcomes
from belowline.moderation.faq import answers_posting as posting
from belowline.moderation.faq import answers_rights as rights
from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.page import BUILDERS, write_facts
from belowline.moderation.faq.questions import BY_KEY
from belowline.moderation.figures import HourWait


@pytest.fixture
def facts(other_site):
    """The facts of a site under the shipped policy."""
    return gather(other_site)


def with_settings(facts, **changes):
    policy = msgspec.structs.replace(facts.policy, settings=Settings(**changes))
    return facts._replace(policy=policy)


def with_rule(facts, code, **changes):
    return facts._replace(rules=facts.rules | {code: msgspec.structs.replace(facts.rules[code], **changes)})


def with_figures(facts, **changes):
    return facts._replace(figures=msgspec.structs.replace(facts.figures, **changes))


def titles(rules):
    return [rule.title for rule in rules]


def test_every_rule_and_the_length_of_its_list(facts):
    shown = posting.rules(with_settings(facts, banned_words=("a", "b"), watched_words=("c",)))["rules"]

    codes = [rule.code for rule, _ in shown]
    assert codes == [code for code, rule in load_policy().rules.items() if not rule.is_on_trial]
    assert "correction" in codes
    assert "insubstantial" not in codes
    assert {rule.code: terms for rule, terms in shown if terms is not None} == {"banned_word": 2, "watched_word": 1}


def test_abuse_is_what_the_abuse_model_sees_but_spam(facts):
    shown = posting.abusive(facts)["rules"]

    expected = [
        rule.title for rule in load_policy().rules.values() if rule.score in ABUSE_SCORES and rule.score != "spam"
    ]
    assert titles(shown) == expected


@pytest.mark.parametrize(
    ("hold", "reject", "expected"),
    [
        (0.5, None, (2, None)),
        (0.5, 0.5, (2, 3)),
        (0.5, 0.8, (2, 12)),
        (1.0, None, (None, None)),
        (0.0, 1.0, (-1, None)),
    ],
)
def test_links(facts, hold, reject, expected):
    ((rule, where, *found),) = posting.length(with_rule(facts, "links", hold=hold, reject=reject))["links"]

    assert (rule.title, where) == ("Links", "")
    assert tuple(found) == expected


@pytest.mark.parametrize("builder", [posting.on_topic, posting.repeating, posting.criticism])
def test_a_rule_that_does_not_act_is_no_fact(facts, builder):
    assert len(builder(facts)["rules"]) == 1
    assert builder(facts._replace(rules={}))["rules"] == []


@pytest.mark.parametrize(("milliseconds", "words"), [(2_000, "2 seconds"), (500, "0.5 seconds")])
def test_patience_and_what_is_left_aside(facts, milliseconds, words):
    found = with_rule(with_settings(facts, signal_timeout_ms=milliseconds), "spam", unchecked="ignore")

    assert moderation.before_or_after(found)["patience"] == words
    shipped = ["Off topic", "About our moderation", "About our site, app or subscription", "Pasted text"]
    assert titles(moderation.before_or_after(found)["not_held"]) == ["Advertising and spam", *shipped]
    assert titles(moderation.before_or_after(facts)["not_held"]) == shipped


def test_nothing_is_left_aside_where_every_rule_holds(facts):
    strict = {
        code: msgspec.structs.replace(rule, unchecked="hold", ignore_unchecked=()) for code, rule in facts.rules.items()
    }
    found = facts._replace(rules=strict)

    assert moderation.before_or_after(found)["not_held"] == []
    shown = str(write_facts(BY_KEY["before-or-after"], found))
    assert "Nothing appears by itself that was not checked by every rule that applies to it." in shown


def test_links_in_a_section_of_its_own(facts):
    found = posting.length(with_rule(facts, "links", hold=0.5, reject=0.6, hold_in={"opinion": 0.8, "": 0.0}))

    assert [row[1:] for row in found["links"]] == [
        ("", 2, 5),
        ("opinion", 11, 12),
        ("articles without a section", -1, 5),
    ]


def test_what_may_be_written_under_an_article_instead(facts):
    routed = rights.contact(facts)["routed"]

    assert [(rule.code, rule.desk, rule.is_listed) for rule in routed] == [
        ("about_moderation", "our newsroom", False),
        ("product_feedback", "our newsroom", False),
        ("correction", "our corrections desk", True),
    ]


@pytest.mark.parametrize(
    ("causes", "waits"), [((), True), (("story_language_unsupported",), True), (("no_story",), False)]
)
def test_comments_wait_for_the_text_of_an_article(facts, causes, waits):
    found = with_rule(facts, "off_topic", ignore_unchecked=causes)

    assert moderation.closed_articles(found)["waits_for_text"] is waits
    assert moderation.closed_articles(found._replace(rules={}))["has_topic_rule"] is False


@pytest.mark.parametrize(
    ("machine", "settled", "is_mostly_at_once"),
    [
        ({}, None, False),
        ({"publish": 3, "hold": 1}, "75", True),
        ({"publish": 1, "reject": 2, "hold": 1}, "75", False),
        ({"publish": 1, "hold": 1}, "50", False),
    ],
)
def test_what_was_settled(facts, machine, settled, is_mostly_at_once):
    found = with_figures(facts, machine=machine)

    shown = moderation.software(found)["settled"]
    assert (shown and shown.split()[0]) == settled
    assert moderation.waiting_time(found)["is_mostly_at_once"] is is_mostly_at_once


def test_who_rejects(facts):
    assert moderation.software(facts)["rejecting"] == []
    assert titles(moderation.software(with_rule(facts, "spam", reject=0.9))["rejecting"]) == ["Advertising and spam"]


def test_waits(facts):
    waits = tuple(
        HourWait(hour, 5 if hour == 7 else 0, timedelta(minutes=9) if hour == 7 else None) for hour in range(24)
    )
    found = moderation.waiting_time(with_figures(facts, waits=waits, waiting=3)._replace(wait=timedelta(hours=2)))

    assert (found["wait"], found["waiting"], found["fewest"]) == ("2 hours", 3, 5)
    assert found["hours"][6:8] == [("06:00", 0, None), ("07:00", 5, "9 minutes")]
    assert [bar.hour for bar in found["chart"].bars if bar.is_known] == [7]
    assert moderation.waiting_time(facts)["chart"] is None


def test_every_status_is_named(facts):
    shown = outcomes.where_is_my_comment(facts)["statuses"]

    assert dict(shown) == {status.value: status.label for status in Comment.Status}


@pytest.mark.parametrize(("moderators", "has_second"), [(0, False), (1, False), (2, True)])
def test_a_second_moderator(facts, moderators, has_second):
    found = outcomes.appeal(with_settings(with_figures(facts, moderators=moderators), appeal_days=200))

    assert (found["has_second_moderator"], found["days"]) == (has_second, 200)


@pytest.mark.parametrize("nudge", [True, False])
def test_the_nudge_needs_the_code_and_the_setting(facts, nudge):
    there = with_settings(facts, nudge=nudge)

    for builder in (outcomes.try_again, rights.stored):
        assert builder(there._replace(offers=facts.offers._replace(nudge=True)))["nudge"] is nudge
        assert builder(there._replace(offers=facts.offers._replace(nudge=False)))["nudge"] is False


@pytest.mark.parametrize("key", BUILDERS)
def test_no_builder_changes_the_facts(facts, key):
    before = msgspec.json.encode((facts.policy, facts.figures, facts.limits, facts.offers))
    first = BUILDERS[key](facts)

    assert BUILDERS[key](facts) == first
    assert msgspec.json.encode((facts.policy, facts.figures, facts.limits, facts.offers)) == before
