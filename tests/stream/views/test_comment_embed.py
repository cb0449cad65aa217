"""One comment in a frame on any page."""

import pytest

from belowline.comments.models import Comment


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
def test_the_same_for_everybody_in_a_frame_anywhere(request, who, published, story, reader):
    answer = request.getfixturevalue(who).get(f"/comments/{published.pk}/embed/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    assert all(text in page for text in (published.body_html.strip(), reader.display_name, story.title, "The Gazette"))
    assert f'href="http://localhost:8000/comments/{published.pk}/"' in page
    assert "<form" not in page
    assert "signed-in" not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("removed", "A moderator removed this comment."),
        ("deleted", "Its author deleted this comment."),
        ("held", "This comment is not public at present."),
        ("rejected", "This comment is not public at present."),
    ],
)
def test_what_was_there_and_is_gone(stranger, published, story, reader, status, words):  # noqa: PLR0917 - fixtures
    Comment.objects.update(status=status)
    answer = stranger.get(f"/comments/{published.pk}/embed/")
    page = answer.content.decode()

    assert answer.status_code == 410
    assert words in page
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert published.text_source not in page
    assert reader.display_name not in page
    assert f'href="http://localhost:8000/discussion/{story.pk}/"' in page


def test_what_never_was_there(stranger, held):
    for comment_id in (held.pk, 999, "9" * 19, "9" * 40):
        assert stranger.get(f"/comments/{comment_id}/embed/").status_code == 404


def test_who_has_it_is_told_so_until_it_is_gone(stranger, published):
    path = f"/comments/{published.pk}/embed/"
    tag = stranger.get(path)["ETag"]
    assert stranger.get(path, headers={"if-none-match": tag}).status_code == 304

    Comment.objects.update(status="removed")
    assert stranger.get(path, headers={"if-none-match": tag}).status_code == 410


def test_names_are_text_and_the_site_has_its_look(stranger, published, site, reader):
    type(reader).objects.filter(pk=reader.pk).update(display_name="<i>Ken</i>")
    site.theme = {"accent": "#8a1c2b"}
    site.save()
    page = stranger.get(f"/comments/{published.pk}/embed/").content.decode()

    assert "&lt;i&gt;Ken" in page
    assert "/sites/gazette/theme.css?v=" in page


def test_a_story_without_an_address(stranger, published, story):
    type(story).objects.update(url="")

    assert (
        f'href="http://localhost:8000/discussion/{story.pk}/"'
        in stranger.get(f"/comments/{published.pk}/embed/").content.decode()
    )


def test_it_is_for_reading(stranger, published):
    assert stranger.post(f"/comments/{published.pk}/embed/").status_code == 405
