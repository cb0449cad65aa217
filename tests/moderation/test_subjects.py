"""The subjects of a story's comments: published and held ones, with what the engine measured."""

import pytest
from django.core.cache import cache

from belowline.comments.models import Comment
from belowline.moderation import subjects
from belowline.moderation.models import Decision
from belowline.moderation.subjects import StorySubject, map_story, story_comments

FORMS = ["A weekly ticket at that fare costs more than {}.", "The engine and its gearbox failed in {}."]
EXTRA = ["May", "June", "my lunch", "a film", "the rain", "winter", "the shop", "spring", "autumn"]


@pytest.fixture
def talked_about(ferry, post):
    for form in FORMS:
        for extra in EXTRA:
            post(form.format(extra), story=ferry)
    return ferry


def test_the_subjects_with_their_comments(talked_about):
    found = map_story(talked_about)

    assert len(found.subjects) == 2
    for one in found.subjects:
        assert len({"ticket" in comment.text_source for comment in one.comments}) == 1
    assert {"ticket", "weekly", "fare"} & set(found.subjects[0].words + found.subjects[1].words)


def test_words_of_the_headline_name_nothing(talked_about):
    talked_about.title = "Weekly ticket fare up, engine and gearbox fail"

    words = {word for one in map_story(talked_about).subjects for word in one.words}
    assert not words & {"weekly", "ticket", "fare", "engine", "gearbox"}


@pytest.mark.parametrize(
    ("status", "is_shown"),
    [("published", True), ("held", True), ("rejected", False), ("removed", False), ("deleted", False)],
)
def test_only_what_stands_or_waits(talked_about, status, is_shown):
    last = Comment.objects.latest("pk")
    Comment.objects.filter(pk=last.pk).update(status=status)

    assert (last.pk in {row.id for row in story_comments(talked_about)}) is is_shown


def test_each_comment_with_what_was_last_measured(ferry, off_topic, post):
    first = off_topic.decisions.get()
    Decision.objects.create(
        comment=off_topic,
        revision=first.revision,
        outcome="hold",
        maker="engine",
        policy="p",
        scores={"off_topic": {"value": 0.25}},
    )
    quiet = post("👏", story=ferry).comment
    quiet.decisions.update(scores={"off_topic": {"value": None, "cause": "no_story"}})

    assert {row.id: row.off_topic for row in story_comments(ferry)} == {off_topic.pk: 0.25, quiet.pk: None}


def test_the_newest_ones_are_looked_at(talked_about, monkeypatch):
    monkeypatch.setattr(subjects, "MOST_COMMENTS", 5)

    rows = story_comments(talked_about)
    assert [row.id for row in rows] == sorted(Comment.objects.order_by("-pk").values_list("pk", flat=True)[:5])


def test_the_mean_and_what_is_held(talked_about):
    Decision.objects.update(scores={"off_topic": {"value": 0.6}})
    tickets = Comment.objects.filter(text_source__contains="ticket")
    Comment.objects.filter(pk__in=list(tickets.values_list("pk", flat=True)[:2])).update(status="held")

    by_words = {"ticket" in one.comments[0].text_source: one for one in map_story(talked_about).subjects}

    assert by_words[True].off_topic == pytest.approx(0.6)
    assert (by_words[True].held, by_words[False].held) == (2, 0)
    assert by_words[True].is_far


@pytest.mark.parametrize(("value", "is_far"), [(None, False), (0.49, False), (0.5, True)])
def test_far(value, is_far):
    assert StorySubject(("a", "b"), (), 0, value, 0, 0).is_far is is_far


def test_the_same_comments_are_grouped_once(talked_about, monkeypatch):
    first = map_story(talked_about)
    monkeypatch.setattr(subjects, "find_subjects", None)

    assert map_story(talked_about) == first


def test_another_comment_is_grouped_anew(talked_about, post):
    before = len(map_story(talked_about).rest) + sum(len(one.comments) for one in map_story(talked_about).subjects)
    post("A weekly ticket is dear.", story=talked_about)
    found = map_story(talked_about)

    assert len(found.rest) + sum(len(one.comments) for one in found.subjects) == before + 1


def test_a_story_without_comments(ferry):
    cache.clear()
    assert map_story(ferry) == ((), ())
