"""One comment for good: with what leads to it and what follows; and what is told of those that are gone."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.comments.threads import PAGE_REPLIES
from belowline.moderation.actions.remove_comment import remove_comment

CLIENTS = ["stranger", "as_reader", "as_other_reader", "as_moderator"]


@pytest.fixture
def get(request):
    """Open an address below /comments/; returns its text."""

    def call(path, client="stranger", status=200, **headers):
        answer = request.getfixturevalue(client).get(f"/comments/{path}", headers=headers)
        assert answer.status_code == status
        return answer.content.decode()

    return call


@pytest.fixture
def thread(post):
    """A comment, its reply, and a reply to that."""
    top = post("The first of all.").comment
    middle = post("In the middle.", parent=top).comment
    return top, middle, post("The last of all.", parent=middle).comment


@pytest.mark.parametrize("who", CLIENTS)
def test_everybody_reads_it_in_its_place(get, thread, story, who):
    _, middle, _ = thread
    page = get(f"{middle.pk}/", who)

    places = [page.index(f'id="c-{comment.pk}"') for comment in thread]
    assert places == sorted(places)
    assert re.findall(r'class="comment depth-(\d)( focus)?"', page) == [("0", ""), ("0", " focus"), ("1", "")]
    assert f'href="/discussion/{story.pk}/"' in page
    assert "The whole discussion (3 comments)" in page
    assert "Harbour bridge closed for repairs" in page


@pytest.mark.parametrize(("status", "sentence"), [("removed", "Rule: Links."), ("deleted", "Its author deleted")])
def test_what_is_gone_says_so_above_its_replies(get, thread, moderator, status, sentence):
    _, middle, _ = thread
    if status == "removed":
        remove_comment(comment=middle, moderator=moderator, rule="links")
    else:
        middle.change_status(Comment.Status.DELETED)
    page = get(f"{middle.pk}/", status=410)

    assert sentence in page
    assert "In the middle." not in page
    assert "The last of all." in page


@pytest.mark.parametrize("who", ["stranger", "as_other_reader", "as_moderator"])
@pytest.mark.parametrize("status", ["pending", "held", "rejected"])
def test_what_is_not_public_is_like_nothing(get, published, who, status):
    Comment.objects.filter(pk=published.pk).update(status=status)
    page, nothing = get(f"{published.pk}/", who, status=404), get("999999/", who, status=404)

    assert "This comment is not here" in page
    assert published.text_source not in page
    assert re.sub(r'name="csrf\w+" value="[^"]*"', "", page) == re.sub(r'name="csrf\w+" value="[^"]*"', "", nothing)


def test_its_author_is_led_to_where_it_stands(as_reader, held):
    assert as_reader.get(f"/comments/{held.pk}/").headers["Location"] == f"/me/comments/{held.pk}/"


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 19, "9" * 60])
@pytest.mark.parametrize("part", ["", "replies/"])
def test_numbers_that_are_none(get, site, number, part):
    get(f"{number}/{part}", status=404)


@pytest.mark.parametrize("value", ["x", "-1", "0", "٣", "%00", "9" * 400])
def test_pages_that_are_none(get, published, value):
    assert published.text_source in get(f"{published.pk}/?page={value}")


def test_beyond_the_last_page(stranger, published):
    assert stranger.get(f"/comments/{published.pk}/?page=7").headers["Location"] == f"/comments/{published.pk}/"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("part", ["", "replies/"])
def test_it_is_for_reading(as_reader, published, method, part):
    assert getattr(as_reader, method)(f"/comments/{published.pk}/{part}").status_code == 405


# --- long ones


@pytest.fixture
def many(published):
    """More replies than a page holds."""
    fields = {"story_id": published.story_id, "author_id": published.author_id, "status": "published", "text_key": ""}
    fields |= dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0)
    Comment.objects.bulk_create(
        Comment(body_html=f"<p>r{n}.</p>", idempotency_key=str(n), root=published, parent=published, depth=1, **fields)
        for n in range(PAGE_REPLIES + 3)
    )
    Comment.objects.filter(pk=published.pk).update(thread_count=PAGE_REPLIES + 3)
    return published


def test_the_discussion_shows_three_and_opens_the_others(get, many, stranger):
    page = stranger.get(f"/discussion/{many.story_id}/").content.decode()

    assert page.count("<article") == 4
    assert f"{PAGE_REPLIES} more replies" in page
    assert f'href="/comments/{many.pk}/" hx-get="/comments/{many.pk}/replies/"' in page
    part = get(f"{many.pk}/replies/")
    assert part.startswith(f'<ol class="replies" id="replies-{many.pk}"')
    assert part.count("<article") == PAGE_REPLIES
    assert "<html" not in part
    assert f'href="/comments/{many.pk}/?page=2"' in part
    assert "3 more replies" in part


def test_pages_of_a_conversation(get, many):
    first, second = get(f"{many.pk}/"), get(f"{many.pk}/?page=2")

    assert "r0." in first
    assert "r0." not in second
    assert f"r{PAGE_REPLIES}." in second
    assert second.count("<article") == 1 + 3
    assert f'rel="prev" href="/comments/{many.pk}/"' in second


def test_replies_of_nothing(get, published, held):
    assert get(f"{published.pk}/replies/").count("<article") == 0
    assert held.text_source not in get(f"{held.pk}/replies/", status=404)
    Comment.objects.filter(pk=published.pk).update(status="removed")
    get(f"{published.pk}/replies/", status=404)


def test_in_a_frame_links_stay_in_it(get, thread):
    top, middle, _ = thread
    page = get(f"{top.pk}/?embed=1")

    assert 'class="framed"' in page
    assert f'href="/comments/{middle.pk}/?embed=1"' in page
