"""A preview shows what readers would see, writes nothing down, and loses nothing."""

import pytest

from belowline.comments.models import Comment
from belowline.comments.render import render_comment

TEXT = "The *second* boat:\n\n> Fares rise.\n\n- pupils\n- [nurses](https://example.org)"


@pytest.fixture
def show(story):
    def call(client, text=TEXT, *, part=True, **fields):
        headers = {"HTTP_HX_REQUEST": "true"} if part else {}
        data = {"text": text, "idempotency_key": "key-of-the-form"} | fields
        return client.post(f"/discussion/{story.pk}/preview/", data, **headers)

    return call


def test_it_is_what_readers_would_see(show, as_reader):
    answer = show(as_reader)

    assert answer.status_code == 200
    assert render_comment(TEXT) in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.example/b)",
    ],
)
def test_nothing_executes(show, as_reader, text):
    part = show(as_reader, text).content.decode()

    assert render_comment(text) in part
    assert "<script" not in part
    assert "<img" not in part
    assert 'href="javascript' not in part


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "\x00"])
def test_there_is_nothing_to_see(show, as_reader, text):
    assert "There is nothing to see yet." in show(as_reader, text).content.decode()


def test_what_is_too_long_is_cut(show, as_reader):
    part = show(as_reader, "b" * 5_000).content.decode()

    assert "b" * 3_000 in part
    assert "b" * 3_001 not in part


def test_without_a_script_the_form_comes_back_with_everything(show, as_other_reader, published):
    page = show(as_other_reader, part=False, parent=str(published.pk)).content.decode()

    assert "<html" in page
    assert render_comment(TEXT) in page
    assert "&gt; Fares rise." in page
    assert 'value="key-of-the-form"' in page
    assert f'name="parent" value="{published.pk}"' in page
    assert not Comment.objects.filter(author__display_name="Ken Stubbs").exists()


def test_of_a_second_version_too(show, as_reader, rejected):
    page = show(as_reader, part=False, resubmits=str(rejected.pk)).content.decode()

    assert f'name="resubmits" value="{rejected.pk}"' in page


@pytest.mark.parametrize("fields", [{"parent": "9" * 30}, {"parent": "x"}, {"resubmits": "9" * 18}], ids=str)
def test_what_is_not_there_is_left_out(show, as_reader, fields):
    answer = show(as_reader, part=False, **fields)

    assert answer.status_code == 200
    assert 'name="parent"' not in answer.content.decode()


@pytest.mark.parametrize("part", [True, False])
def test_who_was_signed_out_keeps_the_text(show, stranger, part):
    answer = show(stranger, part=part)

    assert answer.status_code == 401
    assert "/accounts/login/" in answer.content.decode()
    assert ("Fares rise." in answer.content.decode()) is not part, "htmx leaves the form as it is"


def test_only_by_post(as_reader, story):
    assert as_reader.get(f"/discussion/{story.pk}/preview/").status_code == 405
    assert as_reader.post("/discussion/999/preview/", {"text": "x"}).status_code == 404


def test_a_form_of_another_page_is_refused(sign_in, reader, story):
    client = sign_in(reader, enforce_csrf_checks=True)

    assert client.post(f"/discussion/{story.pk}/preview/", {"text": "x"}).status_code == 403
