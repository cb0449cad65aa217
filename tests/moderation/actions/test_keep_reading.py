"""A story is read by the model once, and what was computed is kept for the comments to come."""

import pytest

from belowline.engine.signals.topic import VERSION
from belowline.moderation.actions.keep_reading import keep_reading
from belowline.moderation.story_readings import digest_of, story_for_engine
from belowline.stories.models import Story, StoryReading

pytestmark = pytest.mark.django_db


def test_it_is_kept_and_handed_to_the_engine(ferry):
    assert story_for_engine(ferry).reading == b""

    assert keep_reading(story=ferry)

    row = StoryReading.objects.get(story=ferry)
    assert (row.model, row.digest) == (VERSION, digest_of(ferry.for_engine()))
    assert story_for_engine(ferry).reading == bytes(row.data)
    assert len(row.data) < 20_000


def test_once_is_enough(ferry):
    keep_reading(story=ferry)

    assert not keep_reading(story=ferry)


@pytest.mark.parametrize("field", ["title", "standfirst", "body"])
def test_another_text_is_read_anew(ferry, field):
    keep_reading(story=ferry)
    before = bytes(StoryReading.objects.get(story=ferry).data)

    setattr(ferry, field, "Trams of the old town have brakes of wood and leather again.")
    ferry.save()

    assert story_for_engine(ferry).reading == b""
    assert keep_reading(story=ferry)
    assert bytes(StoryReading.objects.get(story=ferry).data) != before


def test_what_another_model_kept_is_not_used(ferry):
    keep_reading(story=ferry)
    StoryReading.objects.update(model="topic-words-1")

    assert story_for_engine(ferry).reading == b""
    assert keep_reading(story=ferry)
    assert StoryReading.objects.get(story=ferry).model == VERSION


def test_a_story_of_which_nothing_is_known_yet(site):
    bare = Story.objects.create(site=site, key="bare")

    assert not keep_reading(story=bare)
    assert story_for_engine(bare) is None
    assert not StoryReading.objects.exists()


def test_the_score_is_the_same_with_and_without(ferry):
    from belowline.engine.submission import Submission
    from belowline.moderation.engine import base_engine

    def score():
        engine = base_engine()
        for signal in engine.signals:
            if signal.name == "topic":
                signal._stories._found.clear()
        text = "The second boat would bring the children to school in winter as well."
        return engine.score(Submission(text=text, story=story_for_engine(ferry)))[0]["off_topic"]

    without = score()
    keep_reading(story=ferry)

    assert score() == without
