"""The worker judges a story's comments again."""

from belowline.moderation.tasks import rejudge_story
from belowline.stories.models import Story


def test_it_says_how_many_decisions_that_gave(off_topic, telephones):
    Story.objects.filter(pk=off_topic.story_id).update(**telephones)

    assert rejudge_story.call(off_topic.story_id) == 1
    assert rejudge_story.call(off_topic.story_id) == 0
