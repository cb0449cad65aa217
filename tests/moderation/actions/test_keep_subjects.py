"""What is under discussion is kept for readers: of published comments alone, and pages follow."""

import pytest

from belowline.comments.models import Comment, StorySubjects
from belowline.moderation.actions.keep_subjects import keep_subjects
from belowline.stories.models import Story

FARES = "The {} ferry fares rise by a tenth, and families cannot pay such fares for the ferry in winter."
NURSES = "Nurses and doctors on the {} island need the hospital boat every night of the week."


@pytest.fixture
def talk(ferry, account):
    """Two subjects of ten comments each, and one that waits for a moderator."""
    fields = {"story": ferry, "text_key": "", "body_html": ""}
    fields |= dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0)
    author = account("Talkative")
    Comment.objects.bulk_create(
        Comment(
            author=author,
            text_source=text.format(f"{word} {word}"),
            status="published",
            idempotency_key=f"{text[:5]}{word}",
            **fields,
        )
        for text in (FARES, NURSES)
        for word in ("old", "new", "red", "big", "far", "low", "wet", "dry", "hot", "odd")
    )
    Comment.objects.create(author=author, text_source=FARES, status="held", idempotency_key="held", **fields)
    Story.objects.filter(pk=ferry.pk).update(comment_count=20)
    return Story.objects.get(pk=ferry.pk)


def test_subjects_are_kept_of_what_is_published(talk):
    count = keep_subjects(story=talk)
    kept = StorySubjects.objects.get(story=talk)

    assert count == len(kept.found)
    assert (kept.counted, kept.planned_at) == (20, None)
    listed = {one for subject in kept.found for one in subject["comments"]}
    assert listed <= set(Comment.objects.filter(status="published").values_list("pk", flat=True))
    assert all(subject["name"] for subject in kept.found)


def test_pages_follow_only_where_something_has_changed(talk):
    keep_subjects(story=talk)
    version = Story.objects.get(pk=talk.pk).thread_version
    keep_subjects(story=talk)
    assert Story.objects.get(pk=talk.pk).thread_version == version

    StorySubjects.objects.update(found=[{"name": "other", "comments": [1]}])
    keep_subjects(story=talk)
    assert Story.objects.get(pk=talk.pk).thread_version == version + 1


def test_few_comments_make_no_subjects(story, published):
    assert keep_subjects(story=story) == 0
    assert StorySubjects.objects.get(story=story).found == []
