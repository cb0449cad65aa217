"""The discussion under a story, as strangers, readers and moderators see it."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.utils.html import escape

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.stories.models import Story

CLIENTS = ["stranger", "as_reader", "as_other_reader", "as_moderator"]


@pytest.fixture
def get(story):
    """Open the discussion; returns the answer and its text."""

    def call(client, query="", status=200, **headers):
        answer = client.get(f"/discussion/{story.pk}/{query}", headers=headers)
        assert answer.status_code == status
        return answer.content.decode()

    return call


@pytest.mark.parametrize("who", CLIENTS)
def test_everybody_reads(get, published, story, request, who):
    page = get(request.getfixturevalue(who))

    assert published.text_source in page
    assert "Marjorie Tench" in page
    assert "Be brief and kind. For more information, please see our" in page
    assert 'href="/faq/gazette/"' in page
    assert "Harbour bridge closed for repairs" in page
    assert f'id="c-{published.pk}"' in page


@pytest.mark.parametrize("who", ["stranger", "as_other_reader", "as_moderator"])
@pytest.mark.parametrize("status", ["held", "rejected", "pending", "deleted", "removed"])
def test_nobody_else_reads_what_is_not_published(get, published, request, who, status):
    Comment.objects.filter(pk=published.pk).update(status=status)
    Story.objects.update(comment_count=0)
    page = get(request.getfixturevalue(who))

    assert published.text_source not in page
    assert "No comments yet" in page


def test_no_comments(get, stranger):
    assert "No comments yet. Yours could open the discussion." in get(stranger)


def test_strangers_are_invited(get, stranger, story):
    page = get(stranger)

    assert f'href="/accounts/login/?next=/discussion/{story.pk}/"' in page
    assert f'href="/accounts/signup/?next=/discussion/{story.pk}/"' in page
    assert "<form" not in page
    assert "csrf" not in page


def test_readers_get_a_form_with_a_key_of_its_own(get, as_reader, story):
    keys = {re.search(r'name="idempotency_key" value="([^"]+)"', get(as_reader))[1] for _ in range(3)}
    page = get(as_reader)

    assert len(keys) == 3
    assert all(uuid.UUID(key) for key in keys)
    assert f'action="/discussion/{story.pk}/post/#nudge"' in page
    assert 'data-limit="3000"' in page
    assert "As <strong>Marjorie Tench</strong>" in page


def test_a_closed_discussion_is_read_only(get, as_reader, stranger, story, published):
    Story.objects.filter(pk=story.pk).update(is_open=False)
    for client in (as_reader, stranger):
        page = get(client)
        assert "This discussion is closed." in page
        assert "<textarea" not in page
        assert "Reply" not in page
        assert published.text_source in page


def test_the_order(get, stranger, post):
    first, second = post("One.").comment, post("Two.").comment

    def order(query):
        page = get(stranger, query)
        return sorted((first, second), key=lambda comment: page.index(f'id="c-{comment.pk}"'))

    assert order("") == order("?order=newest") == order("?order=nonsense") == [second, first]
    assert order("?order=oldest") == [first, second]


def test_staff_are_named_as_such(get, stranger, post, moderator, published):
    post("The desk answers.", author=moderator, parent=published)

    assert get(stranger).count("Staff</span>") == 1


def test_replies_say_to_what(get, stranger, post, published):
    post("An answer.", parent=published)
    page = get(stranger)

    assert re.search(rf'<a href="#c-{published.pk}">.*?Marjorie Tench</a>', page)
    assert "depth-1" in page


@pytest.mark.parametrize(
    ("status", "sentence"), [("deleted", "Its author deleted"), ("removed", "A moderator removed")]
)
def test_tombstones(get, stranger, post, published, status, sentence):  # noqa: PLR0917
    post("An answer.", parent=published)
    published.refresh_from_db()
    published.change_status(Comment.Status(status))
    page = get(stranger)

    assert f"{sentence} this comment." in page
    assert published.text_source not in page
    assert "Marjorie Tench" not in page.split("An answer.")[0].split('class="tombstone"')[0].split("<article")[-1]


def test_who_deleted_is_not_named(get, stranger, post, published, other_reader, reader):  # noqa: PLR0917
    post("An answer.", parent=published, author=other_reader)
    delete_comment(comment=published, by=reader)

    assert "Marjorie Tench" not in get(stranger)


# --- one's own


def test_ones_own_comments_that_wait(get, as_reader, as_other_reader, held):
    page = get(as_reader)

    assert held.text_source in page
    assert "1 comment of yours waits for a moderator" in page
    assert held.text_source not in get(as_other_reader)


def test_several_that_wait(get, as_reader, post, held):
    post("Another wombat of a remark.")

    assert "2 comments of yours wait for a moderator" in get(as_reader)


def test_ones_own_under_another_story_are_not_here(get, as_reader, post, other_story):
    post("What a wombat.", story=other_story)

    assert "wombat" not in get(as_reader)


@pytest.mark.parametrize(
    ("text", "heading", "reason"),
    [
        ("A quiet remark.", "Published", ""),
        ("What a wombat.", "Held for a moderator", "“wombat” is not published here."),
    ],
)
def test_the_outcome_of_what_was_just_posted(get, as_reader, post, text, heading, reason):  # noqa: PLR0917
    comment = post(text).comment
    page = get(as_reader, f"?posted={comment.pk}")

    assert f"<h2>{heading}</h2>" in page
    assert reason in page


def test_a_rejection_says_why(get, as_reader, post, site, activate):
    activate(site, reject=0.9)
    comment = post("What a wombat.").comment
    page = get(as_reader, f"?posted={comment.pk}")

    assert "<h2>Not published</h2>" in page
    assert "Words that we do not publish" in page


def test_how_long_it_takes(get, as_reader, post, decide):
    for number in range(5):
        decide(post(f"Wombat number {number} of the bridge.").comment)
    comment = post("What a wombat.").comment

    assert "usually within 1 minute." in get(as_reader, f"?posted={comment.pk}")


@pytest.mark.parametrize("who", ["stranger", "as_other_reader", "as_moderator"])
def test_nobody_sees_the_outcome_of_anothers(get, held, request, who):
    page = get(request.getfixturevalue(who), f"?posted={held.pk}")

    assert 'id="outcome"' not in page
    assert "wombat" not in page


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "0", "999999", "9" * 18, "9" * 19, "9" * 30, "9" * 5000, "٣", "²", "1.5"]
)
@pytest.mark.parametrize("name", ["posted", "reply"])
def test_numbers_that_are_none(get, as_reader, published, name, value):
    page = get(as_reader, f"?{name}={value}")

    assert published.text_source in page
    assert 'id="outcome"' not in page


# --- replying without JavaScript


def test_a_reply_form(get, as_other_reader, published):
    page = get(as_other_reader, f"?reply={published.pk}")

    assert f'name="parent" value="{published.pk}"' in page
    assert "Your reply to Marjorie Tench" in page
    assert "Marjorie Tench wrote:" in page


@pytest.mark.parametrize("state", ["held", "elsewhere"])
def test_no_reply_form_for_what_readers_do_not_see(get, as_other_reader, held, post, other_story, state):  # noqa: PLR0917
    parent = held if state == "held" else post(story=other_story).comment
    page = get(as_other_reader, f"?reply={parent.pk}")

    assert 'name="parent"' not in page
    assert held.text_source not in page


# --- as a page


@pytest.mark.parametrize(("query", "dest"), [("?embed=1", "document"), ("", "iframe")])
def test_in_a_frame(get, stranger, published, query, dest):
    page = get(stranger, query, **{"Sec-Fetch-Dest": dest})

    assert 'class="framed"' in page
    assert '<nav aria-label="Belowline">' not in page
    assert "embed=1" in page


def test_alone(get, stranger):
    page = get(stranger)

    assert 'class="framed"' not in page
    assert '<nav aria-label="Belowline">' in page
    assert '<link rel="canonical" href="https://gazette.example/news/bridge">' in page


@pytest.mark.parametrize("who", CLIENTS)
def test_the_story_must_be_there(request, who, site):
    assert request.getfixturevalue(who).get("/discussion/999/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_for_reading(as_reader, story, method):
    assert getattr(as_reader, method)(f"/discussion/{story.pk}/").status_code == 405


@pytest.mark.parametrize("who", ["stranger", "as_reader"])
def test_asking_for_the_head_alone(request, who, story, published):
    answer = request.getfixturevalue(who).head(f"/discussion/{story.pk}/")

    assert answer.status_code == 200
    assert answer.content == b""


NASTY = '<script>alert("x")</script>'


def test_nothing_that_people_wrote_is_taken_for_html(get, as_reader, stranger, post, site, reader):  # noqa: PLR0917
    site.name = NASTY
    site.save()
    Story.objects.update(title=NASTY)
    reader.display_name = NASTY
    reader.save()
    comment = post(NASTY).comment
    post("wombat " + NASTY)

    for client, query in ((stranger, ""), (as_reader, f"?posted={comment.pk}"), (as_reader, f"?reply={comment.pk}")):
        page = get(client, query)
        assert "<script>alert" not in page
        assert escape(NASTY) in page or "&lt;script&gt;" in page


def test_the_list_is_made_once_for_each_version(get, stranger, post, story, django_assert_num_queries):
    post("One.")
    get(stranger)
    with django_assert_num_queries(6):
        # Twice the site, and which policy acts: for the language, and for the page; its sections; and its subjects.
        get(stranger)
    post("Two.")
    assert "Two." in get(stranger)


def test_few_queries_however_many_comments(get, post, account, as_reader, held, story, django_assert_max_num_queries):  # noqa: PLR0917
    parent = None
    for number in range(12):
        author = account(f"Reader {number}")
        parent = post(f"Remark number {number} about the bridge.", author=author, parent=parent).comment
        post(f"Wombat number {number}.", author=author)
    for number in range(6):
        post(f"Another wombat, number {number}.")
    cache.clear()

    with django_assert_max_num_queries(22):
        page = get(as_reader, f"?posted={held.pk}")
    assert "7 comments of yours wait" in page
