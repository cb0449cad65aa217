"""Before posting, once a form: why a comment would be held; and what its author makes of that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.actions import nudge_author as module
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.nudge_author import MAX_AN_HOUR, MAX_AN_HOUR_IN_A_STORY
from belowline.moderation.errors import NudgedError
from belowline.moderation.models import Decision, Nudge

HELD = "What a wombat of a harbour bridge this is."
LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"
QUIET = "A quiet remark about the harbour bridge and its tolls."


@pytest.fixture
def ask(post):
    """Post as an author does who may be nudged; returns the rules shown, or the comment."""

    def call(text=HELD, **more):
        try:
            return post(text, may_nudge=True, **more).comment
        except NudgedError as nudged:
            return [reason["rule"] for reason in nudged.reasons]

    return call


def test_nothing_is_posted_and_the_reasons_are_shown(post, story, reader, site):
    with pytest.raises(NudgedError) as caught:
        post(HELD, key="one", may_nudge=True)

    [reason] = caught.value.reasons
    assert (reason["rule"], reason["title"]) == ("banned_word", "Words that we do not publish")
    assert HELD[reason["start"] : reason["end"]] == "wombat"
    assert reason["explanation"] == "“wombat” is not published here."
    assert caught.value.code == "nudged"
    assert not Comment.objects.exists()
    assert not Decision.objects.exists()
    nudge = Nudge.objects.get()
    assert (nudge.story, nudge.author, nudge.idempotency_key) == (story, reader, "one")
    assert (nudge.rules, nudge.result, nudge.comment) == (["banned_word"], "open", None)
    assert nudge.policy.startswith("small@")


def test_every_rule_that_was_met_is_shown(ask):
    assert ask(LOUD + " WOMBAT") == ["banned_word", "shouting"]


# --- the second post is final


def test_changed_and_published(ask):
    ask(key="one")
    comment = ask(QUIET, key="one")

    nudge = Nudge.objects.get()
    assert (comment.status, nudge.result, nudge.comment) == ("published", "edited", comment)


def test_changed_and_held_all_the_same(ask):
    """No second nudge: else somebody could try until they know the thresholds."""
    ask(key="one")
    comment = ask("You wombat, all of you.", key="one")

    assert (comment.status, Nudge.objects.get().result) == ("held", "edited")


def test_posted_as_it_was(post, ask):
    ask(key="one")
    comment = post(HELD, key="one").comment

    nudge = Nudge.objects.get()
    assert (comment.status, nudge.result, nudge.comment) == ("held", "posted_anyway", comment)


def test_a_disguise_is_no_change(post, ask):
    ask(key="one")
    post("What a w0mbat of a harbour bridge this is!!", key="one")

    assert Nudge.objects.get().result == "posted_anyway"


def test_other_capitals_are_a_change_where_they_help(post, ask):
    """Capitals count in no key; that it is published now shows that it was changed."""
    assert ask(LOUD, key="one") == ["shouting"]
    comment = post(LOUD.capitalize(), key="one").comment

    assert (comment.status, Nudge.objects.get().result) == ("published", "edited")


def test_an_answered_nudge_stays_as_it_is(ask, post):
    ask(key="one")
    first = post(HELD, key="one").comment

    assert post(QUIET, key="one").comment == first
    assert Nudge.objects.get().result == "posted_anyway"


def test_the_same_form_twice_at_once_gets_the_same_answer(ask):
    assert ask(key="one") == ask(key="one") == ["banned_word"]
    assert Nudge.objects.count() == 1
    assert not Comment.objects.exists()


def test_a_form_left_alone_leaves_an_open_nudge(ask, post):
    ask(key="one")
    post(QUIET, key="two")

    assert (Nudge.objects.get().result, Nudge.objects.get().comment) == ("open", None)


def test_both_at_the_very_same_moment(ask, monkeypatch):
    """The other one has written its row between our look and our write."""

    def meanwhile(author, story):
        Nudge.objects.create(author=author, story=story, idempotency_key="one", text_key="x", policy="small")
        return False

    monkeypatch.setattr(module, "_had_enough", meanwhile)
    assert ask(key="one") == ["banned_word"]


def test_another_conflict_is_not_taken_for_that(ask, monkeypatch):
    def fail(**_):
        raise IntegrityError("another constraint")

    monkeypatch.setattr(module.Nudge.objects, "create", fail)
    with pytest.raises(IntegrityError):
        ask()


# --- no nudge


def test_none_for_what_is_published(ask):
    assert ask(QUIET).status == "published"
    assert not Nudge.objects.exists()


def test_none_for_what_is_rejected(ask, site, activate):
    """It is rejected, with its statement."""
    activate(site, reject=0.9)

    assert ask().status == "rejected"
    assert not Nudge.objects.exists()


def test_none_where_nobody_is_there_to_read_it(post):
    assert post(HELD).comment.status == "held"
    assert not Nudge.objects.exists()


def test_none_where_the_policy_says_so(ask, site, policy_text):
    activate_policy(site=site, text=policy_text().replace("[settings]", "[settings]\nnudge = false"))

    assert ask().status == "held"


def test_none_for_what_was_merely_not_checked(ask, other_site, make_story):
    """A story of which nothing is known: whether the comment is on topic cannot be measured."""
    from belowline.stories.models import Story

    bare = Story.objects.create(site=other_site, key="unread")

    assert ask(QUIET, story=bare).status == "held"
    assert not Nudge.objects.exists()


def test_none_when_the_engine_fails(ask, site, monkeypatch):
    from belowline.moderation import engine

    def fail():
        raise RuntimeError("no engine")

    monkeypatch.setattr(engine, "base_engine", fail)
    engine._engine.cache_clear()
    assert ask().status == "held"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Le pont est fermé depuis mardi et personne ne sait pourquoi, c'est vraiment une honte.", None),
        ("Le pont est fermé depuis mardi, wombat, et personne ne sait pourquoi.", ["banned_word", "language"]),
    ],
    ids=["alone", "with another rule"],
)
def test_language_alone_is_nothing_that_other_words_mend(ask, site, policy_text, text, shown):
    rule = """
[rules.language]
title = "Language"
score = "other_language"
hold = 0.6
for_readers = "In English."
for_moderators = "Not in English."
explanation = "This seems to be {evidence}."
"""
    activate_policy(site=site, text=policy_text() + rule)
    answer = ask(text)

    if shown is None:
        assert (answer.status, [reason["rule"] for reason in answer.decisions.get().reasons]) == ("held", ["language"])
    else:
        assert sorted(answer) == shown


# --- nobody tries until they know the thresholds


def test_so_many_an_hour_in_a_story(ask, other_story):
    for number in range(MAX_AN_HOUR_IN_A_STORY):
        assert ask(f"Wombat number {number}.") == ["banned_word"]

    assert ask("One wombat more.").status == "held"
    assert ask("Another story's wombat.", story=other_story) == ["banned_word"]


def test_so_many_an_hour_anywhere(ask, site, make_story):
    for number in range(MAX_AN_HOUR):
        assert ask(story=make_story(site, f"story-{number}")) == ["banned_word"]

    assert ask(story=make_story(site, "one-more")).status == "held"


def test_after_an_hour_it_begins_anew(ask):
    for number in range(MAX_AN_HOUR_IN_A_STORY):
        ask(f"Wombat number {number}.")
    Nudge.objects.update(created_at=timezone.now() - timedelta(minutes=61))

    assert ask("One wombat more.") == ["banned_word"]


def test_others_are_not_counted(ask, other_reader):
    for number in range(MAX_AN_HOUR_IN_A_STORY):
        ask(f"Wombat number {number}.")

    assert ask(author=other_reader) == ["banned_word"]


def test_a_reply_is_nudged_like_any_other(ask, post, other_reader):
    parent = post(QUIET, author=other_reader).comment

    assert ask("You wombat.", parent=parent) == ["banned_word"]
