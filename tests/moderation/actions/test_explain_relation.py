"""An author says how a comment that is held as off topic belongs here."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.explain_relation import explain_relation
from belowline.moderation.errors import RelationError
from belowline.moderation.models import Decision

WORDS = "The harbour office sells these telephones."


def kept(comment):
    return Comment.objects.values_list("relation_source", flat=True).get(pk=comment.pk)


def test_the_words_are_kept_and_one_event_says_so(off_topic, reader):
    explain_relation(comment=off_topic, by=reader, text_source=f"  {WORDS}\n")

    assert kept(off_topic) == WORDS
    event = Event.objects.get(tag="comment:explained")
    assert (event.subject_id, event.actor_id, event.data) == (off_topic.pk, reader.pk, {})
    assert event.site_id == off_topic.story.site_id


def test_nothing_is_decided(off_topic, reader):
    explain_relation(comment=off_topic, by=reader, text_source=WORDS)

    off_topic.refresh_from_db()
    assert (off_topic.status, Decision.objects.count()) == ("held", 1)


def test_other_words_take_their_place(off_topic, reader):
    explain_relation(comment=off_topic, by=reader, text_source="First words.")
    explain_relation(comment=off_topic, by=reader, text_source=WORDS)

    assert kept(off_topic) == WORDS


@pytest.mark.parametrize("who", ["other_reader", "moderator"])
def test_only_the_author(request, off_topic, who):
    with pytest.raises(PermissionDenied):
        explain_relation(comment=off_topic, by=request.getfixturevalue(who), text_source=WORDS)

    assert kept(off_topic) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "relation_empty"), (" \n\u200b", "relation_empty"), ("x" * 501, "relation_too_long")],
    ids=["empty", "invisible", "too long"],
)
def test_words_that_are_no_good(off_topic, reader, text, code):
    with pytest.raises(RelationError) as caught:
        explain_relation(comment=off_topic, by=reader, text_source=text)

    assert (caught.value.code, kept(off_topic)) == (code, "")
    assert not Event.objects.filter(tag="comment:explained").exists()


def test_five_hundred_characters_fit(off_topic, reader):
    explain_relation(comment=off_topic, by=reader, text_source="字" * 500)

    assert len(kept(off_topic)) == 500


def refused(comment, by):
    with pytest.raises(RelationError) as caught:
        explain_relation(comment=comment, by=by, text_source=WORDS)
    assert kept(comment) == ""
    return caught.value.code == "nothing_to_explain"


def test_a_comment_that_waits_for_something_else(held, message, reader):
    assert refused(held, reader)
    assert refused(message, reader)


def test_a_comment_that_is_decided(off_topic, reader, decide):
    decide(off_topic, "reject", rule="off_topic")

    assert refused(off_topic, reader)


def test_a_published_comment(published, reader):
    assert refused(published, reader)


def test_what_could_not_be_checked_is_no_accusation(topic_site, post, reader):
    from belowline.stories.models import Story

    bare = Story.objects.create(site=topic_site, key="bare", url="https://gazette.example/bare")
    comment = post("A remark under a page that was not read yet.", story=bare).comment

    assert comment.status == "held"
    assert refused(comment, reader)
