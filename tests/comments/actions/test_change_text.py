"""A comment gets another text: what follows from it follows, and the one before stays."""

from belowline.comments.actions.change_text import change_text
from belowline.comments.models import Comment
from belowline.engine.text.fingerprint import bands, fingerprint, text_key


def test_all_that_follows_from_the_text(published):
    before = published.text_source
    text = "Now with *emphasis*."
    revision = change_text(comment=published, text_source=text)

    row = Comment.objects.get()
    assert (row.text_source, row.body_html) == (text, "<p>Now with <em>emphasis</em>.</p>\n")
    assert row.text_key == text_key(text)
    assert (row.band_0, row.band_1, row.band_2, row.band_3) == tuple(bands(fingerprint(text)))
    assert row.edited_at >= row.created_at
    assert [one.text_source for one in row.revisions.order_by("id")] == [before, text]
    assert row.revisions.latest("id") == revision


def test_the_rest_stays(published, other_reader):
    Comment.objects.update(recommend_count=7)
    change_text(comment=published, text_source="Another text.")

    row = Comment.objects.get()
    assert (row.recommend_count, row.status, row.created_at) == (7, "published", published.created_at)
