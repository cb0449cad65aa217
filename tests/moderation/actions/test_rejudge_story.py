"""A story has changed: what waits only for its topic is judged again, and nothing else."""

import pytest

from belowline.events.models import Event
from belowline.moderation import engine
from belowline.moderation.actions.rejudge_story import rejudge_story
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Decision
from belowline.stories.models import Story


@pytest.fixture
def change(ferry):
    """Change the story without a word to anybody; returns it anew."""

    def call(**fields):
        Story.objects.filter(pk=ferry.pk).update(**fields)
        return Story.objects.select_related("site").get(pk=ferry.pk)

    return call


def test_what_fits_now_is_published(off_topic, change, telephones):
    (row,) = rejudge_story(story=change(**telephones))

    off_topic.refresh_from_db()
    assert (off_topic.status, row.outcome, row.maker, row.comment_id) == (
        "published",
        "publish",
        "engine",
        off_topic.pk,
    )
    assert [one.outcome for one in off_topic.decisions.order_by("id")] == ["hold", "publish"]
    assert off_topic.story.__class__.objects.get(pk=off_topic.story_id).comment_count == 1
    event = Event.objects.get(tag="story:rejudged")
    assert (event.subject_id, event.actor_id, event.data) == (
        off_topic.story_id,
        None,
        {"judged": 1, "published": [row.pk]},
    )


def test_what_is_judged_as_before_keeps_its_decision(off_topic, change):
    assert rejudge_story(story=change(standfirst="")) == []
    assert Decision.objects.count() == 1
    assert not Event.objects.filter(tag="story:rejudged").exists()


def test_another_nearest_passage_is_told_to_the_author(off_topic, change):
    (row,) = rejudge_story(story=change(title="Island ferry saved for the winter"))

    off_topic.refresh_from_db()
    assert (off_topic.status, row.outcome) == ("held", "hold")
    assert "Island ferry saved" in row.first_reason["explanation"]
    assert Event.objects.get(tag="story:rejudged").data == {"judged": 1, "published": []}


def test_a_switched_off_topic_publishes_what_waits_for_it(off_topic, change):
    (row,) = rejudge_story(story=change(judges_topic=False))

    assert row.outcome == "publish"
    assert row.scores["off_topic"]["value"] > 0.5
    assert row.reasons == row.noted == []


def test_what_repeats_nothing_but_itself_is_no_repetition(topic_site, change, telephones, off_topic):
    """The default policy has a rule on repetition: the comment must not be compared with itself."""
    from belowline.engine.policy import default_policy_text
    from belowline.moderation.actions.activate_policy import activate_policy

    activate_policy(site=topic_site, text=default_policy_text())
    (row,) = rejudge_story(story=change(**telephones))

    assert row.scores["repetition"]["value"] == 0
    assert row.outcome == "publish"


@pytest.mark.parametrize("text", ["wombat. ", "a.com b.com c.com d.com "], ids=["word", "links"])
def test_what_waits_for_something_else_too_stays(post, change, telephones, off_topic, text):
    both = post(text + off_topic.text_source + " Thank you!", story=off_topic.story).comment
    assert both.status == "held"

    rows = rejudge_story(story=change(**telephones))

    both.refresh_from_db()
    assert [row.comment_id for row in rows] == [off_topic.pk]
    assert both.status == "held"


def test_what_a_person_has_touched_stays_theirs(off_topic, change, telephones, decide, moderator):
    undo_decision(decision=decide(off_topic), moderator=moderator)

    assert rejudge_story(story=change(**telephones)) == []
    off_topic.refresh_from_db()
    assert off_topic.status == "held"


def test_comments_of_other_stories_stay(off_topic, story):
    assert rejudge_story(story=story) == []


def test_a_failing_engine_changes_nothing(off_topic, change, telephones, monkeypatch):
    monkeypatch.setattr(engine, "_engine", lambda _: 1 / 0)

    assert rejudge_story(story=change(**telephones)) == []
    assert Decision.objects.count() == 1


def test_somebody_decides_while_the_engine_judges(off_topic, change, telephones, decide, monkeypatch):
    from belowline.moderation.actions import rejudge_story as module

    judge = module.judge

    def slow(site, submission):
        decide(off_topic, "reject", rule="off_topic")
        return judge(site, submission)

    monkeypatch.setattr(module, "judge", slow)

    assert rejudge_story(story=change(**telephones)) == []
    off_topic.refresh_from_db()
    assert off_topic.status == "rejected"


def test_comments_that_waited_for_the_text(topic_site, post):
    bare = Story.objects.create(site=topic_site, key="bare", url="https://gazette.example/bare")
    waiting = post("The ferry ran late again, and the harbour master said nothing about it.", story=bare).comment
    assert waiting.decisions.get().scores["off_topic"]["cause"] == "no_story"
    bare.title, bare.body = "Ferry late again", "The ferry ran late. The harbour master was silent."
    bare.save()

    (row,) = rejudge_story(story=bare)

    assert (row.comment_id, row.outcome) == (waiting.pk, "publish")


def test_twice_is_once(off_topic, change, telephones):
    story = change(**telephones)

    assert len(rejudge_story(story=story)) == 1
    assert rejudge_story(story=story) == []
