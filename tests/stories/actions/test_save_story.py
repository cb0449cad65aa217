"""The publisher tells us of a story: made, corrected, and what is wrong is refused."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from belowline.events.models import Event
from belowline.stories.actions.control_story import control_story
from belowline.stories.actions.save_story import MAX_BODY_CHARACTERS, save_story
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Story


def test_a_new_story(site):
    when = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    story, is_new = save_story(
        site=site,
        key="bridge",
        title="  Bridge closed ",
        body="One.\nTwo.",
        standfirst="Until May.",
        section="news",
        url="https://gazette.example/bridge",
        published_at=when,
        is_open=False,
    )

    assert is_new
    story.refresh_from_db()
    assert (story.title, story.body, story.standfirst, story.section) == (
        "Bridge closed",
        "One.\nTwo.",
        "Until May.",
        "news",
    )
    assert (story.published_at, story.is_open, story.text_state) == (when, False, "given")
    assert Event.objects.filter(tag="story:created", subject_id=story.pk).count() == 1


def test_a_correction(site, story):
    before = story.thread_version
    saved, is_new = save_story(site=site, key="bridge", title="Bridge open again")

    assert not is_new
    assert saved.pk == story.pk
    saved.refresh_from_db()
    assert (saved.title, saved.body, saved.section) == ("Bridge open again", "", "")
    assert saved.published_at == story.published_at
    assert saved.thread_version == before + 1
    assert Event.objects.filter(tag="story:changed", subject_id=story.pk).count() == 1


def test_a_correction_leaves_the_comments_alone(site, story, published):
    save_story(site=site, key="bridge", title="Bridge open again")

    story.refresh_from_db()
    assert story.comment_count == 1
    assert story.comments.get() == published


def test_a_text_from_the_publisher_ends_the_waiting(site):
    story = Story.objects.create(site=site, key="bridge", text_state="failed", text_problem="404")
    save_story(site=site, key="bridge", title="Bridge closed")

    story.refresh_from_db()
    assert (story.text_state, story.text_problem) == ("given", "")


def test_the_same_key_on_another_site_is_another_story(site, other_site, story):
    _, is_new = save_story(site=other_site, key="bridge", title="Bridge closed")

    assert is_new
    assert Story.objects.filter(key="bridge").count() == 2


@pytest.mark.parametrize("title", ["", "   ", "\n\t"])
def test_a_story_needs_a_title(site, title):
    with pytest.raises(StoryInputError, match="needs a title"):
        save_story(site=site, key="bridge", title=title)
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    ("field", "limit"),
    [("key", 200), ("title", 500), ("section", 100), ("url", 1000), ("body", MAX_BODY_CHARACTERS)],
)
def test_how_long_a_field_may_be(site, field, limit):
    fields = {"key": "bridge", "title": "Bridge closed"}
    start = "https://gazette.example/" if field == "url" else ""
    with pytest.raises(StoryInputError, match=f"{field} has {limit + 1} characters; at most {limit} are kept"):
        save_story(site=site, **(fields | {field: start + "x" * (limit + 1 - len(start))}))
    assert not Story.objects.exists()

    story, _ = save_story(site=site, **(fields | {field: start + "x" * (limit - len(start))}))
    story.refresh_from_db()
    assert len(getattr(story, field)) == limit


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "gazette.example/x", "/news/x", "ftp://gazette.example/", "https://"],
)
def test_an_address_is_a_web_address(site, url):
    """Pages link to it."""
    with pytest.raises(StoryInputError, match="url must begin with https:// or http://"):
        save_story(site=site, key="bridge", title="Bridge closed", url=url)


@pytest.mark.parametrize("field", ["key", "title", "body", "standfirst", "section"])
def test_no_field_holds_what_a_database_cannot(site, field):
    fields = {"key": "bridge", "title": "Bridge closed"} | {field: "a\x00b"}

    with pytest.raises(StoryInputError, match=f"{field} holds a null character"), transaction.atomic():
        save_story(site=site, **fields)
    assert not Story.objects.exists()


def test_a_time_without_a_zone_is_the_papers_own(site, settings, recwarn):
    settings.TIME_ZONE = "Europe/London"
    story, _ = save_story(site=site, key="bridge", title="Bridge", published_at=datetime(2026, 7, 1, 8, 30))  # noqa: DTZ001

    story.refresh_from_db()
    assert story.published_at == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)
    assert not [warning for warning in recwarn if "naive" in str(warning.message)]


def changes():
    return [event.data.get("changed") for event in Event.objects.filter(tag="story:changed").order_by("id")]


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({}, None),
        ({"url": "https://gazette.example/other", "is_open": False}, None),
        ({"title": "Bridge open"}, ["title"]),
        ({"body": "One.\nTwo."}, ["body"]),
        ({"standfirst": "At last.", "section": "news"}, ["standfirst", "section"]),
        ({"judges_topic": False}, ["judges_topic"]),
        ({"judges_topic": True}, None),
    ],
    ids=lambda value: ", ".join(value or ["nothing"]),
)
def test_the_event_names_what_comments_are_judged_by_anew(site, fields, changed):
    save_story(site=site, key="bridge", title="Bridge closed", body="One.")
    save_story(site=site, key="bridge", **({"title": "Bridge closed", "body": "One."} | fields))

    assert changes() == [changed]


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [(None, None, True), (None, False, False), (False, None, False), (False, True, True), (True, False, False)],
)
def test_the_switch_for_topics_stays_unless_it_is_named(site, before, given, after):
    if before is not None:
        save_story(site=site, key="bridge", title="Bridge closed", judges_topic=before)

    story, _ = save_story(site=site, key="bridge", title="Bridge closed", judges_topic=given)

    assert Story.objects.get(pk=story.pk).judges_topic is after


# --- what editors may set as well


def save(site, **fields):
    return save_story(site=site, key="bridge", title="Bridge closed", **fields)[0]


def test_the_publisher_sets_controls_and_the_event_names_them(site, story):
    saved = save(site, controls={"mode": "closed", "closed_reason": "legal", "slow_seconds": None})

    fresh = Story.objects.get(pk=saved.pk)
    assert (fresh.mode, fresh.closed_reason, fresh.slow_seconds) == ("closed", "legal", None)
    event = Event.objects.get(tag="story:controlled")
    assert (event.subject_id, event.actor_id, event.data) == (story.pk, None, {"changed": ["closed_reason", "mode"]})
    assert Event.objects.filter(tag="story:changed").exists()


def test_a_new_story_with_controls(site):
    saved = save(site, controls={"takes_replies": False})

    assert not Story.objects.get(pk=saved.pk).takes_replies
    assert Event.objects.get(tag="story:controlled").data == {"changed": ["takes_replies"]}


def test_what_an_editor_has_set_stays_where_the_publisher_does_not_name_it(site, story, moderator):
    control_story(story=story, controls={"mode": "premoderated", "message": "Hello."}, by=moderator)
    save(site, controls={"message": "Bye."})

    fresh = Story.objects.get(pk=story.pk)
    assert (fresh.mode, fresh.message) == ("premoderated", "Bye.")


@pytest.mark.parametrize("controls", [{"mode": "ajar"}, {"slow_seconds": -1}, {"author_emails": ["nobody"]}])
def test_a_wrong_control_saves_nothing(site, controls):
    with pytest.raises(StoryInputError):
        save(site, controls=controls)

    assert not Story.objects.exists()


@pytest.mark.parametrize("year", [1, 9999])
def test_a_time_that_no_calendar_holds_is_refused(site, year):
    with pytest.raises(StoryInputError, match="published_at must lie in the years"):
        save(site, published_at=datetime(year, 1, 1, tzinfo=UTC))
