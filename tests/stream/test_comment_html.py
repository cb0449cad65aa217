"""Comments as HTML: what people wrote is escaped, links carry on, and each state has its line."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from belowline.comments.threads import Thread, ThreadComment
from belowline.stream.comment_html import CommentWriter, Links

EVIL = '<b onclick="x">O\'Hara & 100% {x}</b>'
ESCAPED = "&lt;b onclick=&quot;x&quot;&gt;O&#x27;Hara &amp; 100% {x}&lt;/b&gt;"
AT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)


@pytest.fixture
def writer():
    return CommentWriter(Links("", "/discussion/7/", "/discussion/7/composer/", takes_replies=True))


@pytest.fixture
def framed():
    return CommentWriter(
        Links("?embed=1&lang=de", "/discussion/7/", "/discussion/7/composer/", takes_replies=True),
    )


def row(**more):
    return ThreadComment(
        **{
            "id": 5,
            "parent_id": None,
            "root_id": None,
            "depth": 0,
            "status": "published",
            "body_html": "<p>The <em>bridge</em>.</p>",
            "created_at": AT,
            "edited_at": None,
            "recommend_count": 0,
            "thread_count": 0,
            "is_digression": False,
            "pick_id": None,
            "pick_sentence": None,
            "author_id": 3,
            "author_name": "Ana",
            "author_role": "reader",
            **more,
        }
    )


@pytest.mark.parametrize(
    "comment",
    [
        row(author_name=EVIL),
        row(parent_id=4, parent_name=EVIL),
        row(pick_id=1, pick_sentence=EVIL),
        row(status="removed", rule=EVIL),
    ],
    ids=["name", "whom it answers", "sentence of a pick", "rule"],
)
def test_what_people_wrote_is_escaped(writer, comment):
    html = writer.article(comment)
    assert ESCAPED in html
    assert "<b onclick" not in html


def test_names_are_escaped_in_the_line_of_what_is_folded_too(writer):
    html = writer.threads([Thread(row(author_name=EVIL, is_digression=True))], order="newest")
    assert f"<summary>{ESCAPED} leaves the article here. Show</summary>" in html
    assert "<b onclick" not in html


def test_what_the_reader_has_to_do_with_them_is_escaped(writer):
    assert ' data-mine="{&quot;muted&quot;:[3]}">' in writer.replies([], head=5, more=0, mine='{"muted":[3]}')


def test_the_text_was_made_safe_before(writer):
    assert '<div class="text" dir="auto"><p>The <em>bridge</em>.</p></div>' in writer.article(row())


def test_links_carry_the_frame_and_the_language_on(framed):
    html = framed.article(row(parent_id=4))
    assert 'href="/comments/4/?embed=1&amp;lang=de">in reply</a>' in html
    assert 'href="/comments/5/?embed=1&amp;lang=de"><time' in html
    assert 'href="/comments/5/recommend/?embed=1&amp;lang=de"' in html
    assert html.count('"/comments/5/more/?embed=1&amp;lang=de"') == 2
    assert 'href="/discussion/7/?embed=1&amp;lang=de&amp;reply=5#composer"' in html


def test_without_a_query_links_have_none(writer):
    html = writer.article(row())
    assert 'href="/comments/5/"' in html
    assert 'href="/discussion/7/?reply=5#composer"' in html


def test_where_replies_are_off_there_is_no_link_for_them():
    html = CommentWriter(Links("", "/discussion/7/", "/c/", takes_replies=False)).article(row())
    assert "#composer" not in html
    assert "reply-5" not in html


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (row(status="removed"), "A moderator removed this comment.</p>"),
        (row(status="removed", rule="Abuse"), "A moderator removed this comment. Rule: Abuse.</p>"),
        (row(status="deleted"), "Its author deleted this comment.</p>"),
        (row(status="hidden"), "This comment is not shown at present.</p>"),
    ],
)
def test_what_is_gone_leaves_a_line(writer, comment, said):
    html = writer.article(comment)
    assert said in html
    assert "Ana" not in html
    assert "bridge" not in html
    assert "data-author" not in html


@pytest.mark.parametrize(
    ("comment", "badge"),
    [
        (row(), None),
        (row(author_role="moderator"), "Staff"),
        (row(is_by_writer=True), "Author of the article"),
        (row(author_role="moderator", is_by_writer=True), "Author of the article"),
    ],
)
def test_badges(writer, comment, badge):
    html = writer.article(comment)
    assert ("badge" in html) == (badge is not None)
    assert badge is None or f'<span class="badge staff">{badge}</span>' in html


def test_marks(writer):
    html = writer.article(row(pick_id=1, recommend_count=1234, depth=2, edited_at=AT), in_focus=True)
    assert '<article class="comment depth-2 picked focus" id="c-5" data-author="3">' in html
    assert "<strong>Editors’ pick</strong></p>" in html
    assert "Recommend <b>1234</b>" in html
    assert 'edited <time datetime="2026-03-04T15:30:00+00:00">4 Mar 2026, 15:30</time>' in html


def test_nobody_recommended_it(writer):
    assert "Recommend <b></b>" in writer.article(row())


def test_replies_that_are_left_out(writer):
    thread = Thread(row(), (row(id=6, parent_id=5, parent_name="Ana", continues=2),), 1200)
    html = writer.threads([thread], order="newest")
    assert '<ol class="replies" id="replies-5"><li>' in html
    assert '<a href="/comments/6/">Continue this conversation (2 replies)</a>' in html
    opened = 'href="/comments/5/" hx-get="/comments/5/replies/" hx-target="#replies-5" hx-swap="outerHTML"'
    assert f"<a {opened}>1,200 more replies</a>" in html


def test_more_of_a_conversation_is_on_its_next_page(writer):
    html = writer.replies([row(id=6, parent_id=5)], head=5, more=1, more_carry="?page=2&lang=de")
    assert '<a href="/comments/5/?page=2&amp;lang=de">1 more reply</a>' in html


def test_a_thread_without_replies_has_no_list(writer):
    assert "replies-5" not in writer.threads([Thread(row())], order="newest")


@pytest.mark.parametrize(("order", "said"), [("newest", "No comments yet"), ("picks", "have not picked")])
def test_an_empty_page_says_so(writer, order, said):
    assert said in writer.threads([], order=order)


def test_it_speaks_the_language_of_the_page():
    with translation.override("de"):
        html = CommentWriter(Links("", "/discussion/7/", "/c/", takes_replies=True)).article(row())
    assert "4. März 2026, 15:30" in html
    assert "Recommend" not in html
