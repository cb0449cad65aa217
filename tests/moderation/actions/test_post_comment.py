"""A reader posts: published, held or rejected by the site's policy; the same key gives the same answer."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.comments.errors import PostingError, SlowDownError
from belowline.comments.models import Comment, Revision
from belowline.events.models import Event
from belowline.moderation.actions import post_comment as module
from belowline.moderation.actions.post_comment import gather, post_comment
from belowline.moderation.models import Decision
from belowline.stories.models import Story

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."


def counters(story):
    return Story.objects.values_list("comment_count", "thread_version").get(pk=story.pk)


# --- the outcomes


def test_published(post, story):
    before = counters(story)
    posted = post(QUIET)

    comment = Comment.objects.get()
    assert (posted.comment, posted.is_new) == (comment, True)
    assert (comment.status, comment.published_at is not None) == ("published", True)
    assert counters(story) == (before[0] + 1, before[1] + 1)

    decision = Decision.objects.get()
    assert posted.decision == decision
    assert (decision.outcome, decision.maker, decision.moderator, decision.reasons) == ("publish", "engine", None, [])
    assert decision.revision.text_source == QUIET
    assert decision.language == "en"
    assert decision.policy.startswith("small@")
    assert decision.model
    assert {"shouting", "links", "banned_word", "off_topic", "toxicity"} <= set(decision.scores)

    event = Event.objects.get(tag="comment:published")
    assert (event.subject_id, event.site_id, event.actor_id) == (comment.pk, story.site_id, None)
    assert event.data == {"decision": decision.pk, "rules": []}


def test_held(post, story):
    before = counters(story)
    posted = post(HELD)

    comment = Comment.objects.get()
    assert (comment.status, comment.published_at) == ("held", None)
    assert counters(story) == before
    [reason] = posted.decision.reasons
    assert (reason["rule"], reason["title"], reason["outcome"]) == (
        "banned_word",
        "Words that we do not publish",
        "hold",
    )
    assert HELD[reason["start"] : reason["end"]] == "wombat"
    assert reason["explanation"] == "“wombat” is not published here."
    assert (reason["score"], reason["threshold"]) == (1.0, 0.5)
    assert Event.objects.get(tag="comment:held").data["rules"] == ["banned_word"]


def test_rejected_where_the_policy_says_so(post, story, site, activate):
    activate(site, reject=0.9)
    before = counters(story)
    posted = post(HELD)

    assert Comment.objects.get().status == "rejected"
    assert posted.decision.outcome == "reject"
    assert posted.decision.reasons[0]["outcome"] == "reject"
    assert counters(story) == before
    assert Event.objects.filter(tag="comment:rejected").count() == 1


def test_every_rule_that_was_met_is_named_the_gravest_first(post, site, activate):
    activate(site, reject=0.9)
    posted = post("WHAT A WOMBAT OF A BRIDGE THIS WHOLE THING IS, EVERYBODY")

    assert [reason["rule"] for reason in posted.decision.reasons] == ["banned_word", "shouting"]
    assert [reason["outcome"] for reason in posted.decision.reasons] == ["reject", "hold"]


def test_the_shipped_policy_holds_an_insult_and_rejects_nothing(post, other_site, make_story):
    story = make_story(other_site)
    insult = post("You are a stupid idiot and a complete moron, shut up you pathetic loser.", story=story)
    remark = post("The harbour bridge tolls should pay for the new cables, as the council says.", story=story)

    assert insult.comment.status == "held"
    assert "personal_abuse" in [reason["rule"] for reason in insult.decision.reasons]
    assert remark.comment.status == "published"
    assert not Decision.objects.filter(outcome="reject").exists()


def test_a_story_of_which_nothing_is_known_holds_under_the_shipped_policy(post, other_site):
    """Whether it is on topic cannot be checked, so a person looks."""
    story = Story.objects.create(site=other_site, key="unread")
    posted = post(QUIET, story=story)

    assert posted.comment.status == "held"
    assert [(reason["rule"], reason["score"]) for reason in posted.decision.reasons] == [("off_topic", None)]
    assert posted.decision.scores["off_topic"]["cause"] == "no_story"


def test_a_policy_acts_on_its_own_site_alone(post, site, other_site, make_story, activate):
    activate(site, reject=0.9)
    activate(other_site, name="Other", banned=("goose",))
    elsewhere = make_story(other_site)

    assert post(HELD).comment.status == "rejected"
    assert post(HELD, story=elsewhere).comment.status == "published"
    assert post("What a goose of a bridge.", story=elsewhere).comment.status == "held"
    assert post("What a goose of a bridge.").comment.status == "published"


def test_a_new_policy_acts_from_the_next_comment_on(post, site, activate):
    assert post(HELD).comment.status == "held"
    activate(site, banned=("goose",))

    assert post(HELD + " Again.").comment.status == "published"


def test_background_rules_are_noted_and_do_not_hold(post, site, policy_text):
    from belowline.moderation.actions.activate_policy import activate_policy

    text = policy_text().replace('score = "shouting"', 'score = "shouting"\nbackground = true')
    activate_policy(site=site, text=text)
    posted = post("THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW")

    assert posted.comment.status == "published"
    assert posted.decision.reasons == []
    assert [reason["rule"] for reason in posted.decision.noted] == ["shouting"]


# --- replies


def test_a_reply(post, other_reader):
    first = post().comment
    second = post("And who pays for the ferries?", author=other_reader, parent=first).comment
    third = post("The council does.", parent=second).comment

    assert (second.parent, second.root, second.depth) == (first, first, 1)
    assert (third.parent, third.root, third.depth) == (second, first, 2)


def test_what_the_engine_is_told(post, story, reader, other_reader):
    first = post("One about the bridge.").comment
    second = post("Two about the ferries.", author=other_reader, parent=first).comment
    told = gather(story=story, author=reader, text_source="Three.", parent=second)

    assert told.text == "Three."
    assert told.story.title == story.title
    assert (told.parent.text, told.parent.root_text) == ("Two about the ferries.", "One about the bridge.")
    assert told.author.display_name == "Marjorie Tench"
    assert [entry.text for entry in told.earlier] == ["One about the bridge."]

    above = gather(story=story, author=reader, text_source="Three.", parent=first).parent
    assert (above.text, above.root_text) == ("One about the bridge.", "")
    assert gather(story=story, author=reader, text_source="Three.", parent=None).parent is None


def test_the_same_text_again_is_repetition(post, other_site, make_story):
    story = make_story(other_site)
    text = "The harbour bridge tolls should pay for the new cables, as the council says in its statement."
    post(text, story=story)
    again = post(text, story=story)

    assert again.comment.status == "held"
    assert [reason["rule"] for reason in again.decision.reasons] == ["repetition"]


# --- the same key


def test_the_same_key_gives_the_first_answer(post):
    first = post(QUIET, key="one")
    again = post("Another text altogether.", key="one")

    assert (again.comment, again.decision, again.is_new) == (first.comment, first.decision, False)
    assert Comment.objects.count() == Decision.objects.count() == Revision.objects.count() == 1
    assert Event.objects.filter(tag="comment:published").count() == 1


def test_the_same_key_gives_the_newest_decision(post, decide):
    held = post(HELD, key="one").comment
    decision = decide(held)

    assert post(HELD, key="one").decision == decision


def test_the_answer_is_given_again_also_when_posting_is_no_longer_possible(post, story):
    """The first answer was lost on the way: the retry must not say that the discussion is closed."""
    first = post(QUIET, key="one")
    Story.objects.filter(pk=story.pk).update(is_open=False)

    assert post(QUIET, key="one", story=Story.objects.get(pk=story.pk)).comment == first.comment


def test_another_reader_may_have_the_same_key(post, other_reader):
    assert post(key="one").comment != post(key="one", author=other_reader).comment


def test_two_keys_are_two_comments(post):
    assert post(key="one").comment != post(key="two").comment


# --- what forbids it


@pytest.mark.parametrize("text", ["", "   ", "x" * 3001])
def test_what_cannot_be_posted_leaves_nothing(post, text):
    with pytest.raises(PostingError):
        post(text)
    assert not Comment.objects.exists()
    assert not Decision.objects.exists()


def test_an_unconfirmed_address(post, account):
    with pytest.raises(PostingError) as caught:
        post(author=account("Zoë Pascoe", verified=False))
    assert caught.value.code == "email_not_verified"


def test_a_closed_discussion(post, story):
    story.is_open = False
    with pytest.raises(PostingError) as caught:
        post()
    assert caught.value.code == "discussion_closed"


@pytest.mark.parametrize("state", ["held", "deleted", "elsewhere"])
def test_a_parent_that_cannot_be_answered(post, other_story, state, reader):
    parent = post(story=other_story).comment if state == "elsewhere" else post().comment
    if state != "elsewhere":
        parent.status = state
    with pytest.raises(PostingError) as caught:
        post("An answer.", parent=parent)
    assert caught.value.code == "parent_not_available"
    assert Comment.objects.count() == 1


# --- when something fails


def test_nothing_is_left_when_the_decision_cannot_be_written(post, story, monkeypatch):
    """Both or neither: no comment stands there without a decision."""
    before = counters(story)

    def fail(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr(module, "record_engine_decision", fail)
    with pytest.raises(RuntimeError):
        post()

    assert not Comment.objects.exists()
    assert not Revision.objects.exists()
    assert counters(story) == before


def test_another_conflict_is_not_taken_for_a_double_click(post, monkeypatch):
    def fail(**_):
        raise IntegrityError("another constraint")

    monkeypatch.setattr(module, "create_comment", fail)
    with pytest.raises(IntegrityError):
        post()


def test_a_long_name_for_the_models_still_fits(post, monkeypatch):
    """A decision must not fail because somebody gave a model a long name."""
    from msgspec.structs import replace

    from belowline.moderation import engine

    judge = engine.judge
    monkeypatch.setattr(module, "judge", lambda *given: replace(judge(*given), model="m" * 500, language="x" * 40))

    posted = post()
    kept = Decision.objects.get(pk=posted.decision.pk)
    assert (len(kept.model), len(kept.language)) == (200, 10)


def test_no_log_holds_the_text(post, caplog, site, activate):
    caplog.set_level(logging.DEBUG)
    activate(site, reject=0.9)
    secret = "xylophone"
    post(f"A quiet remark about a {secret}.")
    post(f"What a wombat of a {secret}.")
    post(f"THIS WHOLE {secret.upper()} IS A SCANDAL AND EVERYBODY KNOWS IT NOW")

    assert secret not in caplog.text.casefold()


def test_few_queries(post, django_assert_max_num_queries):
    parent = post().comment
    with django_assert_max_num_queries(30):
        post("An answer about the ferries.", parent=parent)


# --- any text at all


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=120)


@settings(max_examples=80)
@given(TEXT)
def test_any_text_is_kept_as_written_with_a_decision(story, reader, text):
    number = Comment.objects.count()
    try:
        posted = post_comment(
            story=story, author=reader, text_source=text, parent=None, idempotency_key=f"any-{number}"
        )
    except PostingError:
        # Blanks and joiners alone: tests/comments/actions/test_create_comment.py.
        return

    kept = Comment.objects.get(pk=posted.comment.pk)
    assert kept.text_source == text
    assert kept.status in {"published", "held"}
    assert kept.decisions.get().outcome == {"published": "publish", "held": "hold"}[kept.status]


# --- how fast


def test_programs_post_as_fast_as_they_like(post, settings):
    settings.SLOW_SECONDS, settings.POSTS_PER_10_MINUTES = 10, 2
    for number in range(4):
        post(f"A remark of long ago, number {number}.")

    assert Comment.objects.count() == 4


def test_people_are_slowed_down(post, settings):
    settings.SLOW_SECONDS = 10
    post(paced=True)

    with pytest.raises(SlowDownError):
        post("Another remark.", paced=True)
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_pass(post, settings):
    settings.SLOW_SECONDS = 10

    def one(number):
        try:
            return post(f"A remark, number {number}.", key=f"at-once-{number}", paced=True)
        except SlowDownError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = [posted for posted in pool.map(one, range(4)) if posted]

    assert len(made) == Comment.objects.count() == 1
