"""The questions: the 35 of the trade and the rules, each with a key that is an anchor and a slug."""

import re

import pytest

from belowline.moderation.faq.questions import BY_KEY, GROUPS, QUESTIONS
from belowline.moderation.models import FaqAnswer

THE_35 = (
    *("wanted", "on-topic", "abusive", "criticism", "who-may-comment", "names", "length", "repeating"),
    *("before-or-after", "who-decides", "software", "waiting-time", "editing-by-us", "closed-articles"),
    *("closing", "trusted-readers"),
    *("where-is-my-comment", "why-held", "try-again", "appeal", "replies", "sanctions", "about-moderation"),
    *("picks", "order", "reply-follow-mute", "report", "illegal-content", "e-mails"),
    *("edit-delete-export", "licence", "stored", "search-engines", "contact", "transparency"),
)


def test_all_35_are_asked_and_the_rules_are_shown():
    assert len(THE_35) == 35
    assert {one.key for one in QUESTIONS} == {*THE_35, "rules"}


def test_no_key_is_used_twice():
    assert len(BY_KEY) == len(QUESTIONS)
    assert not BY_KEY.keys() & {group.key for group in GROUPS}


@pytest.mark.parametrize("key", BY_KEY)
def test_keys_fit_their_column_and_an_address(key):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)
    assert len(key) <= FaqAnswer._meta.get_field("question").max_length


@pytest.mark.parametrize("question", QUESTIONS, ids=BY_KEY)
def test_each_is_a_question(question):
    asked = question.asked("The 100 % Gazette")

    assert asked.endswith("?")
    assert "%" not in asked.replace("The 100 % Gazette", "")
    assert question.group in {group.key for group in GROUPS}


def test_a_site_is_named():
    assert BY_KEY["criticism"].asked("The Courier") == "May I criticise the article, its author, or The Courier?"
