"""The desk's FAQ page: moderators read, administrators edit, readers and strangers stay outside."""

import pytest

from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.edit_faq_answer import MAX_CHARACTERS
from belowline.moderation.models import FaqAnswer

EDIT = "/desk/faq/gazette/who-decides/"


@pytest.fixture
def as_admin(sign_in, account):
    return sign_in(account("Chief", "admin"))


def own(**where):
    return list(FaqAnswer.objects.filter(**where).values_list("question", "language", "text_source"))


@pytest.mark.parametrize(
    ("who", "reads", "edits"),
    [("stranger", 302, 302), ("as_reader", 403, 403), ("as_moderator", 200, 403), ("as_admin", 200, 200)],
)
def test_who_comes_in(request, site, who, reads, edits):
    client = request.getfixturevalue(who)

    assert (client.get("/desk/faq/").status_code, client.get(EDIT).status_code) == (reads, edits)


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
def test_nobody_else_saves(request, site, who):
    answer = request.getfixturevalue(who).post(EDIT, {"text": "Mine.", "save": "yes"})

    assert answer.status_code in {302, 403}
    assert own() == []


def test_moderators_are_shown_no_way_to_edit(as_moderator, as_admin, site):
    assert EDIT not in as_moderator.get("/desk/faq/").content.decode()
    assert "Editors and administrators edit them." in as_moderator.get("/desk/faq/").content.decode()
    assert EDIT in as_admin.get("/desk/faq/").content.decode()


def test_words_are_saved_and_readers_see_them_beside_the_facts(as_admin, stranger, site):
    answer = as_admin.post(EDIT, {"text": "Four of us, **by day**.", "save": "yes"})

    assert answer["Location"] == "/desk/faq/?site=gazette#who-decides"
    assert own() == [("who-decides", "en", "Four of us, **by day**.")]
    listed = as_admin.get(answer["Location"]).content.decode()
    assert "Saved: “Who decides, and are they independent?”" in listed
    assert "Own words" in listed
    shown = stranger.get("/faq/gazette/").content.decode()
    assert "<p>Four of us, <strong>by day</strong>.</p>" in shown
    assert "As set today" in shown
    assert "everything else is decided by the moderators of The Gazette." in shown


def test_a_preview_saves_nothing(as_admin, site):
    shown = as_admin.post(EDIT, {"text": "Four of us, **by day**.", "preview": "yes"}).content.decode()

    assert "Preview, not saved" in shown
    assert "<p>Four of us, <strong>by day</strong>.</p>" in shown
    assert ">Four of us, **by day**.</textarea>" in shown
    assert "As set today" in shown
    assert own() == []


def test_a_form_sent_by_the_return_key_shows_a_preview(as_admin, site):
    as_admin.post(EDIT, {"text": "Four."})

    assert own() == []


def test_what_is_there_stands_in_the_form(as_admin, site):
    FaqAnswer.objects.create(site=site, question="who-decides", text_source="We <do>.")

    shown = as_admin.get(EDIT).content.decode()
    assert ">We &lt;do&gt;.</textarea>" in shown
    assert "What readers see" in shown


def test_taking_the_words_away(as_admin, stranger, site):
    FaqAnswer.objects.create(site=site, question="who-decides", text_source="We.")
    as_admin.post(EDIT, {"text": " ", "save": "yes"})

    assert own() == []
    assert "As set today" not in stranger.get("/faq/gazette/").content.decode()


def test_too_long(as_admin, site):
    answer = as_admin.post(EDIT, {"text": "x" * (MAX_CHARACTERS + 1), "save": "yes"})

    assert answer.status_code == 422
    assert "at most 5,000 fit here" in answer.content.decode()
    assert "x" * (MAX_CHARACTERS + 1) in answer.content.decode()
    assert own() == []


def test_words_are_kept_in_the_sites_main_language(as_admin, site, policy_text):
    activate_policy(site=site, text=policy_text().replace("[settings]", '[settings]\nlanguages = ["fr", "en"]'))

    assert "own words (French)" in as_admin.get(EDIT).content.decode()
    as_admin.post(EDIT, {"text": "Nous.", "save": "yes"})
    assert own() == [("who-decides", "fr", "Nous.")]


def test_each_site_by_itself(as_admin, site, other_site):
    as_admin.post("/desk/faq/courier/wanted/", {"text": "Courier.", "save": "yes"})

    assert own(site=other_site) == [("wanted", "en", "Courier.")]
    assert "Own words" not in as_admin.get("/desk/faq/?site=gazette").content.decode()
    assert "Own words" in as_admin.get("/desk/faq/?site=courier").content.decode()
    assert "FAQ <span" in as_admin.get("/desk/faq/?site=nobody").content.decode()


@pytest.mark.parametrize("path", ["/desk/faq/nobody/wanted/", "/desk/faq/gazette/nothing/"])
def test_what_is_not_there(as_admin, site, path):
    assert as_admin.get(path).status_code == 404
    assert as_admin.post(path, {"text": "x", "save": "yes"}).status_code == 404


def test_a_server_without_a_site(as_admin):
    assert as_admin.get("/desk/faq/").status_code == 404


def test_words_that_cannot_be_saved(as_admin, site, monkeypatch):
    from django.db import OperationalError

    def fail(**_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("belowline.desk.faq.edit_faq_answer", fail)
    answer = as_admin.post(EDIT, {"text": "Four.", "save": "yes"})

    assert answer.status_code == 503
