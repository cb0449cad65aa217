"""What search engines read."""

import json
import re

import pytest

from belowline.comments.models import Comment
from belowline.comments.public import public_comment, public_comments
from belowline.stream.structured import address_of, comment_data, data_block, discussion_data


def test_a_discussion(story, published, reader):
    data = discussion_data(story, public_comments(story, 10))

    assert (data["@context"], data["@type"]) == ("https://schema.org", "DiscussionForumPosting")
    assert data["url"] == f"http://localhost:8000/discussion/{story.pk}/"
    assert data["isPartOf"] == story.url
    assert (data["headline"], data["author"]["name"]) == (story.title, "The Gazette")
    [comment] = data["comment"]
    assert comment["author"] == {"@type": "Person", "name": reader.display_name}
    assert comment["text"] == published.text_source
    assert comment["url"] == address_of(published.pk) == f"http://localhost:8000/comments/{published.pk}/"
    assert comment["upvoteCount"] == 0


def test_a_story_without_address_and_standfirst(story):
    story.url = story.standfirst = ""
    data = discussion_data(story, [])

    assert not {"isPartOf", "mainEntityOfPage"} & data.keys()
    assert data["text"] == story.title


def test_a_reply_and_an_edit(story, published, post):
    answer = post("The tolls of the bridge are fair.", parent=published).comment
    Comment.objects.filter(pk=answer.pk).update(edited_at="2026-11-22T10:00:00Z", recommend_count=3)
    data = comment_data(public_comment(answer.pk))

    assert data["parentItem"]["@id"] == address_of(published.pk)
    assert data["dateModified"] == "2026-11-22T10:00:00+00:00"
    assert data["upvoteCount"] == 3


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "a & b", "“ü” \u2028 \\"])
def test_nothing_ends_the_block(text):
    block = data_block({"text": text})

    inside = re.fullmatch(r'<script type="application/ld\+json">(.*)</script>', block, re.DOTALL)[1]
    assert "<" not in inside
    assert "&" not in inside
    assert json.loads(inside) == {"text": text}
