"""The page of message templates, and the picker's part in a form without JavaScript."""

import pytest
from django.test import RequestFactory

from belowline.desk.message_templates import note_of
from belowline.moderation.team_models import MessageTemplate

PAGE = "/desk/templates/"


@pytest.fixture
def keep(as_admin, site):
    def call(**changes):
        data = {"title": "Calm", "text": "Dear {name}, calm down.", "language": "en", "rule": "banned_word", "site": ""}
        return as_admin.post(PAGE, data | changes)

    return call


@pytest.fixture
def template(admin, site):
    return MessageTemplate.objects.create(
        title="Calm", text_source="Dear {name}, calm down.", language="en", changed_by=admin, site=site, rule="links"
    )


def test_strangers_and_readers(stranger, as_reader, site):
    assert stranger.get(PAGE).headers["Location"].startswith("/accounts/login/")
    assert as_reader.get(PAGE).status_code == 403
    assert as_reader.post(PAGE, {"title": "x"}).status_code == 403


def test_kept_and_listed_under_its_rule(keep, as_moderator, site):
    assert keep(site="gazette").headers["Location"] == PAGE
    row = MessageTemplate.objects.get()
    assert (row.title, row.rule, row.site) == ("Calm", "banned_word", site)
    page = as_moderator.get(PAGE).content.decode()

    assert "<h2>Words that we do not publish</h2>" in page
    assert "Dear {name}, calm down." in page


def test_changed(keep, as_admin, template):
    page = as_admin.get(f"{PAGE}?template={template.pk}").content.decode()
    assert "Change “Calm”" in page
    assert 'value="links" selected' in page
    keep(template=str(template.pk), title="Calmer")

    assert list(MessageTemplate.objects.values_list("title", flat=True)) == ["Calmer"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "A template needs a title and the words."),
        ({"text": "Dear {nmae}."}, "stands for nothing"),
        ({"language": "xx"}, "Choose the language"),
        ({"text": "t" * 2_001}, "at most 2,000"),
    ],
)
def test_what_is_wrong_comes_back_as_it_was_typed(keep, changes, words):
    answer = keep(**changes)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert {"title": "Calm", "text": "Dear {name}, calm down."} | changes
    assert changes.get("text", "Dear {name}, calm down.") in page
    assert not MessageTemplate.objects.exists()


def test_a_site_that_is_not_there(keep):
    assert keep(site="moon").status_code == 404


def test_deleted(as_admin, template):
    as_admin.post(f"{PAGE}{template.pk}/delete/")

    assert not MessageTemplate.objects.exists()


def test_not_deleted_by_readers(as_reader, template):
    assert as_reader.post(f"{PAGE}{template.pk}/delete/").status_code == 403
    assert MessageTemplate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "template_there", "found"),
    [
        ("Mine.", True, "Mine."),
        ("", True, "Dear Marjorie Tench, calm down."),
        (" \n", True, "Dear Marjorie Tench, calm down."),
        ("", False, ""),
        ("a\x00b", True, "ab"),
    ],
)
def test_what_goes_out_to_the_author(held, template, typed, template_there, found):
    data = {"note_to_author": typed} | ({"template": str(template.pk)} if template_there else {})

    assert note_of(RequestFactory().post("/", data), held) == found


def test_a_template_of_another_site_is_none(held, template, other_site):
    MessageTemplate.objects.update(site=other_site)
    request = RequestFactory().post("/", {"note_to_author": "", "template": str(template.pk)})

    assert note_of(request, held) == ""


def test_on_the_card_and_in_the_decision(as_moderator, held, template):
    page = as_moderator.get("/desk/").content.decode()
    assert 'data-fills="note-to-author"' in page
    assert 'data-text="Dear Marjorie Tench, calm down."' in page

    as_moderator.post(
        f"/desk/comments/{held.pk}/decide/",
        {"outcome": "reject", "rule": "links", "note_to_author": "", "template": str(template.pk)},
    )
    assert held.decisions.latest("pk").note_to_author == "Dear Marjorie Tench, calm down."
