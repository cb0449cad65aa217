"""What a sanctioned reader meets: on their pages, beside the form that posts, and in the form itself."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.decide_sanction_appeal import decide_sanction_appeal
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.sanction_models import Sanction, SanctionAppeal

PAGE = "/me/account/"


@pytest.fixture
def shown(as_reader):
    def call(path=PAGE):
        return as_reader.get(path).content.decode()

    return call


@pytest.fixture
def send(as_reader, story):
    def call(text="A quiet remark about the harbour bridge and its tolls.", **more):
        data = {"text": text, "idempotency_key": "k1", **more}
        return as_reader.post(f"/discussion/{story.pk}/post/", data)

    return call


def test_strangers_sign_in_first(stranger, site):
    assert stranger.get(PAGE).headers["Location"].startswith("/accounts/login/")


def test_nothing_is_said_where_nothing_was_decided(shown):
    assert "no moderator has decided anything about your account" in shown()
    assert PAGE not in shown("/me/")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("warn", "Please read the warning before you post."),
        ("premoderate", "A moderator reads your comments before others can, until"),
        ("suspend", "a moderator suspended your account"),
        ("ban", "a moderator banned your account"),
    ],
)
def test_each_says_what_it_means_why_and_what_one_can_do(shown, sanction, kind, words, rejected):
    sanction(kind, comment=rejected)
    page = shown()

    assert words in page
    assert "Words that we do not publish" in page
    assert "For readers: Words that we do not publish." in page
    assert "You were asked to leave the animals out." in page
    assert reverse("my-comment", args=[rejected.pk]) in page
    assert "The Gazette" in page
    assert "In force" in page
    assert "Contest this decision" in page
    assert "Gazette Desk" not in page
    assert ("I have read this warning" in page) is (kind == "warn")
    assert PAGE in shown("/me/")


def test_nobody_elses(sanction, sign_in, other_reader):
    row = sanction("suspend")
    client = sign_in(other_reader)

    assert "You were asked" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{row.pk}/contest/", {"text": "No."}).status_code == 404
    assert client.post(f"{PAGE}{row.pk}/acknowledge/").status_code == 404


def test_lifted_and_over(shown, sanction, admin):
    lift_sanction(sanction=sanction("suspend"), by=admin, reason="It was the wrong account.")
    page = shown()

    assert "This was lifted, and holds no more." in page
    assert "It was the wrong account." in page
    assert "Contest this decision" not in page


def test_contested_from_the_page(as_reader, shown, sanction):
    row = sanction("suspend")
    answer = as_reader.post(f"{PAGE}{row.pk}/contest/", {"text": "It was my brother."})

    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert SanctionAppeal.objects.get().text_source == "It was my brother."
    assert "You contested this." in shown()


def test_what_was_typed_is_not_lost(as_reader, sanction):
    row = sanction("suspend")
    text = "It was my brother. " * 120
    answer = as_reader.post(f"{PAGE}{row.pk}/contest/", {"text": text})

    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()
    assert "at most 2,000 fit here" in answer.content.decode()
    assert not SanctionAppeal.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"), [("upheld", "The decision stands."), ("overturned", "You were right to ask.")]
)
def test_how_an_appeal_ended(shown, sanction, reader, other_moderator, state, words):  # noqa: PLR0917
    appeal = contest_sanction(sanction=sanction("suspend"), user=reader)
    decide_sanction_appeal(appeal=appeal, moderator=other_moderator, state=state, reason="We looked at the log.")
    page = shown()

    assert words in page
    assert page.count("We looked at the log.") == 1


def test_the_form_gives_way_to_the_reason(shown, sanction, story):
    row = sanction("suspend")
    page = shown(f"/discussion/{story.pk}/")

    assert "a moderator suspended your account" in page
    assert f"{PAGE}#measure-{row.pk}" in page
    assert '<textarea id="text-main"' not in page


def test_a_reply_gives_way_too(shown, sanction, published):
    sanction("ban")
    page = shown(f"/discussion/{published.story_id}/composer/?reply={published.pk}")

    assert "a moderator banned your account" in page
    assert "<textarea" not in page


def test_what_was_written_meanwhile_is_shown_again(send, sanction):
    sanction("suspend")
    answer = send("A long letter about the tolls.")

    assert answer.status_code == 422
    assert "A long letter about the tolls." in answer.content.decode()
    assert "a moderator suspended your account" in answer.content.decode()


def test_a_warning_stands_in_the_form_and_is_read_with_the_next_post(send, shown, sanction, story):
    row = sanction("warn")
    page = shown(f"/discussion/{story.pk}/")
    assert f'name="acknowledged" value="{row.pk}" required' in page
    assert "You were asked to leave the animals out." in page

    refused = send()
    assert refused.status_code == 422
    assert "A quiet remark about the harbour bridge" in refused.content.decode()
    assert Sanction.objects.get().acknowledged_at is None

    assert send(acknowledged=str(row.pk)).status_code == 302
    assert Sanction.objects.get().acknowledged_at is not None
    assert "acknowledged" not in shown(f"/discussion/{story.pk}/")


@pytest.mark.parametrize("value", ["", "nonsense", "0", "999999999999999999999"])
def test_a_box_that_names_no_warning(send, sanction, value):
    sanction("warn")

    assert send(acknowledged=value).status_code == 422


def test_only_a_warning_is_read_away(send, sanction, as_reader):
    row = sanction("suspend")

    assert send(acknowledged=str(row.pk)).status_code == 422
    assert as_reader.post(f"{PAGE}{row.pk}/acknowledge/").status_code == 404
    assert Sanction.objects.get().is_acting


def test_read_on_the_page(as_reader, shown, sanction, post):
    row = sanction("warn")
    assert as_reader.post(f"{PAGE}{row.pk}/acknowledge/").status_code == 302

    assert "Thank you. You can post again." in shown()
    assert post().comment.status == "published"


def test_premoderation_is_said_beside_the_form(shown, sanction, story):
    sanction("premoderate")
    page = shown(f"/discussion/{story.pk}/")

    assert "A moderator reads your comments before others can, until" in page
    assert '<textarea id="text-main"' in page


def test_an_edit_is_refused_with_the_way_to_the_reasons(as_reader, sanction, published):
    sanction("suspend")
    answer = as_reader.post(f"/comments/{published.pk}/edit/", {"text": "Another remark."})

    assert answer.status_code == 422
    assert "Another remark." in answer.content.decode()
    assert PAGE in answer.content.decode()


def test_a_reader_without_measures_pays_one_question(as_reader, story):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        as_reader.get(f"/discussion/{story.pk}/")
    about = [query["sql"] for query in asked.captured_queries if "moderation_sanction" in query["sql"]]
    assert len(about) == 1


def test_actions_refuse_what_the_page_refuses(sanction, other_reader):
    with pytest.raises(PermissionDenied):
        contest_sanction(sanction=sanction(), user=other_reader)
