"""What the desk's card says of a comment's topic."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.explain_relation import explain_relation


def shown(client, comment):
    return client.get(f"/desk/?comment={comment.pk}").content.decode()


def test_score_passage_and_that_the_author_has_said_nothing(as_moderator, off_topic):
    page = shown(as_moderator, off_topic)

    assert "Does it belong here?" in page
    assert "held from 50%" in page
    assert "was being repaired and no other boat could be hired." in page
    assert "Nothing yet about how it belongs here." in page
    assert "The comments above" not in page


def test_the_authors_words(as_moderator, off_topic, reader):
    explain_relation(comment=off_topic, by=reader, text_source="<i>The harbour sells them</i>")

    page = shown(as_moderator, off_topic)
    assert "Marjorie Tench says" in page
    assert "&lt;i&gt;The harbour sells them&lt;/i&gt;" in page


def test_other_comments_have_none_of_it(as_moderator, held, message):
    assert "Does it belong here?" not in shown(as_moderator, held)
    assert "Does it belong here?" not in shown(as_moderator, message)


@pytest.fixture
def chain(ferry, post, other_reader, request):
    """Post a comment as a reply to two that were there before it, of which the engine measured a value."""
    return lambda value: _chain(ferry, post, other_reader, request, value)


def _chain(ferry, post, other_reader, request, value):
    first = post("The ferry runs all winter, says the council.", story=ferry).comment
    second = post("And my telephone is dead.", story=ferry, parent=first, author=other_reader).comment
    Comment.objects.filter(pk__in=(first.pk, second.pk)).update(status="published")
    second.decisions.update(scores={"off_topic": {"value": value}})
    off_topic = request.getfixturevalue("off_topic")
    Comment.objects.filter(pk=off_topic.pk).update(parent=second, root=first)
    return off_topic


def test_a_digression_is_charged_to_whoever_began_it(as_moderator, chain):
    off_topic = chain(0.9)
    page = shown(as_moderator, off_topic)

    assert "the conversation left the article here" in page
    assert "Charge the digression to whoever began it, Ken Stubbs." in page
    assert "no mark against Marjorie Tench" in page


def test_comments_above_that_stay_with_the_article(as_moderator, chain):
    off_topic = chain(0.1)
    page = shown(as_moderator, off_topic)

    assert "The comments above stay with the article" in page
    assert "Charge the digression" not in page


def test_what_its_author_deleted_is_not_shown(as_moderator, chain):
    off_topic = chain(0.1)
    Comment.objects.filter(text_source="The ferry runs all winter, says the council.").update(status="deleted")

    page = shown(as_moderator, off_topic)
    assert "Its author deleted this comment." in page
    assert "says the council." not in page
