"""What is personal on a page stands in one attribute, for its reader alone, and only of what the page shows."""

import html
import json
import re

import pytest

from belowline.accounts.actions.mute_author import mute_author
from belowline.comments.actions.recommend_comment import recommend_comment


@pytest.fixture
def mine(story):
    def call(client, path=""):
        page = client.get(path or f"/discussion/{story.pk}/").content.decode()
        found = re.search(r'<section class="discussion[^>]*data-mine="([^"]*)"', page)
        return json.loads(html.unescape(found[1])) if found else None

    return call


def test_strangers_have_nothing(mine, stranger, published):
    assert mine(stranger) is None
    assert mine(stranger, f"/comments/{published.pk}/") is None


def test_what_one_recommends_and_whom_one_has_muted(mine, post, as_other_reader, other_reader, reader, moderator):  # noqa: PLR0917
    first, second = post("One.").comment, post("Two.", author=moderator).comment
    recommend_comment(comment=second, by=other_reader)
    mute_author(muted=reader, by=other_reader)
    for path in ("", f"/comments/{first.pk}/"):
        found = mine(as_other_reader, path)
        assert found["muted"] == [reader.pk]
        assert found["recommended"] == ([second.pk] if not path else [])


def test_only_of_what_the_page_shows(mine, post, as_other_reader, other_reader, moderator, other_story):  # noqa: PLR0917
    elsewhere = post("Elsewhere.", author=moderator, story=other_story).comment
    recommend_comment(comment=elsewhere, by=other_reader)
    mute_author(muted=moderator, by=other_reader)
    post("Here.")

    found = mine(as_other_reader)
    assert (found["recommended"], found["muted"]) == ([], [])


def test_it_is_never_in_what_others_get(mine, as_reader, as_other_reader, other_reader, published):
    recommend_comment(comment=published, by=other_reader)

    assert mine(as_other_reader)["recommended"] == [published.pk]
    assert mine(as_reader)["recommended"] == []


def test_replies_opened_in_place_have_their_own(as_other_reader, other_reader, post, published):
    reply = post("An answer.", parent=published).comment
    recommend_comment(comment=reply, by=other_reader)
    part = as_other_reader.get(f"/comments/{published.pk}/replies/").content.decode()

    assert json.loads(html.unescape(re.search(r'data-mine="([^"]*)"', part)[1]))["recommended"] == [reply.pk]
