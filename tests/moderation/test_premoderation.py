"""A pre-moderated story: judged as ever, held for a person, and held against nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from belowline.engine.decide import hold_unjudged
from belowline.engine.decision import Decision as Judged
from belowline.engine.decision import Outcome, Reason, Score
from belowline.events.models import Event
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.rejudge_story import rejudge_story
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import NudgedError
from belowline.moderation.figures import count_figures
from belowline.moderation.models import Audit, Decision, Nudge
from belowline.moderation.premoderation import NO_RULES, PREMODERATED, READ_FIRST, premoderate, told
from belowline.moderation.queries import comments_of
from belowline.moderation.redress import add_redress
from belowline.moderation.rule_titles import reason_title
from belowline.moderation.statements.build import automation, machine_found
from belowline.moderation.statements.restrictions import restrictions
from belowline.moderation.timeline import timeline
from belowline.stories.actions.control_story import control_story
from belowline.stories.models import Section, Story

HELD = "What a wombat of a harbour bridge this is."
WORDS = "A moderator reads every comment under this article before others can."


@pytest.fixture
def premoderated(story, moderator):
    control_story(story=story, controls={"mode": "premoderated"}, by=moderator)
    return story


def judged(outcome, *rules):
    reasons = tuple(
        Reason(rule=rule, outcome=outcome, signal=rule, score=0.9, threshold=0.5, explanation=rule) for rule in rules
    )
    return Judged(
        outcome=outcome,
        reasons=reasons,
        scores={"links": Score(value=0.9)},
        unchecked=(),
        language="en",
        policy="Small",
        model="none",
    )


# --- the pure part


@pytest.mark.parametrize(
    ("decision", "rules"),
    [
        pytest.param(judged(Outcome.PUBLISH), [PREMODERATED], id="nothing was found"),
        pytest.param(judged(Outcome.HOLD, "links"), ["links", PREMODERATED], id="something was: it comes first"),
        pytest.param(hold_unjudged("Small"), ["engine_failed", PREMODERATED], id="nothing could be judged"),
    ],
)
def test_what_is_held(decision, rules):
    found = premoderate(decision)
    assert found.outcome is Outcome.HOLD
    assert [reason.rule for reason in found.reasons] == rules
    last = found.reasons[-1]
    assert (last.score, last.outcome, last.desk, last.explanation) == (None, Outcome.HOLD, "moderators", WORDS)
    assert found.scores == decision.scores


def test_what_the_machine_rejects_by_the_policy_stays_rejected():
    decision = judged(Outcome.REJECT, "links")
    assert premoderate(decision) is decision


def test_the_words_are_those_of_the_page_and_rules_keep_theirs():
    assert told({"rule": PREMODERATED, "title": "Kept", "explanation": "Kept."}) == ("A moderator reads first", WORDS)
    assert told({"rule": "links", "title": "Links", "explanation": "Two."}) == ("Links", "Two.")
    assert {"engine_failed", PREMODERATED, READ_FIRST, "reported"} == NO_RULES


# --- posting


def test_a_quiet_comment_waits_with_all_that_was_measured(post, premoderated, moderator):
    posted = post()
    assert posted.comment.status == "held"
    assert (posted.decision.outcome, posted.decision.maker) == ("hold", "engine")
    assert [reason["rule"] for reason in posted.decision.reasons] == [PREMODERATED]
    assert posted.decision.scores["links"]["value"] is not None
    assert posted.comment in held_at(MODERATORS)
    assert Event.objects.get(tag="comment:held").data["rules"] == [PREMODERATED]


def test_what_was_suspicious_says_both(post, premoderated):
    assert [reason["rule"] for reason in post(HELD).decision.reasons] == ["banned_word", PREMODERATED]


def test_a_section_can_say_so_too(post, story):
    Section.objects.create(site=story.site, name="news", mode="premoderated")
    assert post().comment.status == "held"


def test_it_counts_what_holds_at_the_commit(post, story, moderator):
    """The editor's click may come while the engine judges: the story that the poster has in hand is old."""
    stale = Story.objects.get(pk=story.pk)
    control_story(story=story, controls={"mode": "premoderated"}, by=moderator)
    assert post(story=stale).comment.status == "held"


def test_nobody_is_nudged_for_it(post, premoderated):
    assert post(may_nudge=True).comment.status == "held"
    assert not Nudge.objects.exists()


def test_but_for_what_a_rule_found(post, premoderated):
    with pytest.raises(NudgedError) as caught:
        post(HELD, may_nudge=True)
    assert [reason["rule"] for reason in caught.value.reasons] == ["banned_word"]


def test_no_audit_is_drawn(post, activate, premoderated):
    activate(premoderated.site, audit_share=1.0)
    post()
    assert not Audit.objects.exists()


def test_switched_back_what_waits_stays_with_the_moderators(post, premoderated, moderator, decide):
    waiting = post().comment
    control_story(story=premoderated, controls={"mode": "standard"}, by=moderator)
    assert rejudge_story(story=premoderated) == []
    waiting.refresh_from_db()
    assert waiting.status == "held"
    assert post("The next one about the bridge appears.").comment.status == "published"
    decide(waiting, "publish")
    waiting.refresh_from_db()
    assert waiting.status == "published"


# --- what is told, and what is counted


def test_the_author_is_told_so_and_of_no_rule(post, premoderated, reader):
    post()
    [comment] = add_redress(comments_of(reader))
    assert [(reason.title, reason.sentence, reason.rule) for reason in comment.redress.reasons] == [
        ("A moderator reads first", WORDS, "")
    ]
    assert comment.redress.unchecked == []
    assert timeline(comment)[-1].rules == ("A moderator reads first",)


def test_its_title_is_known_everywhere(site):
    assert reason_title(site_policy(site), PREMODERATED) == "A moderator reads first"


def test_the_figures_count_it_apart(post, premoderated, story):
    post()
    post("Another quiet remark about the cables.")
    post(HELD)
    figures = count_figures(story.site, timezone.now())
    assert figures.premoderated == 2
    assert figures.machine == {"hold": 1}
    assert figures.settled_share == 0.0
    assert (figures.open_stories, figures.premoderated_stories) == (1, 1)


def test_where_all_is_read_first_software_settled_no_share(post, premoderated, story):
    post()
    figures = count_figures(story.site, timezone.now())
    assert (figures.settled_share, figures.is_mostly_at_once) == (None, False)


@pytest.mark.parametrize(("text", "found"), [("A quiet remark about the cables.", False), (HELD, True)])
def test_statements_do_not_call_it_detected_by_machine(post, premoderated, decide, text, found):
    decide(post(text).comment, "reject", rule="links")
    # What is younger than a minute may still be taken back untold.
    Decision.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    [restriction] = restrictions(premoderated.site)
    assert machine_found(restriction) is found
    assert automation(restriction) == f"AUTOMATED_DECISION_{'PARTIALLY' if found else 'NOT_AUTOMATED'}"


def test_the_words_are_marked_for_translation():
    """A language without them falls back to English, never to nothing."""
    with translation.override("de"):
        assert all(told({"rule": PREMODERATED, "title": "", "explanation": ""}))


def test_the_queue_says_it_plainly(post, premoderated, as_moderator):
    post()
    page = as_moderator.get("/desk/").content.decode()
    assert "A moderator reads first" in page
    assert WORDS in page
    assert "Not checked by machine" not in page
    assert Decision.objects.count() == 1


def test_an_edited_comment_is_read_first_too(post, story, reader, moderator):
    posted = post().comment
    control_story(story=story, controls={"mode": "premoderated"}, by=moderator)
    edit_comment(comment=posted, author=reader, text_source="A quiet remark, and one more.")
    posted.refresh_from_db()
    assert posted.status == "held"
    newest = posted.decisions.order_by("-id")[0]
    assert [reason["rule"] for reason in newest.reasons] == [PREMODERATED]
