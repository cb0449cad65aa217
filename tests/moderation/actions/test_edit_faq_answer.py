"""Administrators put a site's own words beside the FAQ's answers; each change is an event."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.edit_faq_answer import MAX_CHARACTERS, edit_faq_answer
from belowline.moderation.errors import FaqError
from belowline.moderation.models import FaqAnswer


@pytest.fixture
def admin(account):
    return account("Chief", "admin")


@pytest.fixture
def edit(site, admin):
    def call(text, *, question="wanted", language="en", by=admin):
        return edit_faq_answer(site=site, question=question, language=language, text_source=text, by=by)

    return call


def events():
    return list(Event.objects.filter(tag="faq:edited").order_by("pk").values_list("actor_id", "data"))


def test_words_are_kept_and_told_without_their_text(edit, site, admin):
    row = edit("Be *brief*.")

    assert FaqAnswer.objects.get() == row
    assert (row.site, row.question, row.language, row.text_source) == (site, "wanted", "en", "Be *brief*.")
    assert events() == [(admin.pk, {"question": "wanted", "language": "en", "characters": 11})]
    event = Event.objects.get(tag="faq:edited")
    assert (event.subject_id, event.site_id) == (row.pk, site.pk)


def test_new_words_take_the_place_of_the_old(edit):
    first = edit("One.")
    second = edit("Two.")

    assert first.pk == second.pk
    assert FaqAnswer.objects.get().text_source == "Two."
    assert len(events()) == 2


def test_each_language_has_its_own(edit):
    edit("English.")
    edit("Français.", language="fr")

    assert FaqAnswer.objects.count() == 2


@pytest.mark.parametrize("nothing", ["", "  \n "])
def test_empty_words_take_the_row_away(edit, nothing):
    edit("One.")

    assert edit(nothing) is None
    assert not FaqAnswer.objects.exists()
    assert [data["characters"] for _, data in events()] == [4, 0]


def test_taking_away_what_is_not_there_is_no_event(edit):
    assert edit("") is None
    assert events() == []


def test_breaks_and_blanks_are_made_plain(edit):
    assert edit(" One.\r\nTwo.\x00 ").text_source == "One.\nTwo."


@pytest.mark.parametrize(
    ("question", "text", "code"),
    [("nothing", "x", "unknown_question"), ("wanted", "x" * (MAX_CHARACTERS + 1), "faq_answer_too_long")],
)
def test_what_cannot_be_kept(edit, question, text, code):
    with pytest.raises(FaqError) as caught:
        edit(text, question=question)

    assert caught.value.code == code
    assert not FaqAnswer.objects.exists()
    assert events() == []


def test_the_longest_fits(edit):
    assert len(edit("x" * MAX_CHARACTERS).text_source) == MAX_CHARACTERS


@pytest.mark.parametrize("role", ["reader", "moderator"])
def test_only_administrators(edit, account, role):
    with pytest.raises(PermissionDenied):
        edit("x", by=account("Somebody", role))
    with pytest.raises(PermissionDenied):
        edit("x", by=account("Gone Chief", "admin", is_active=False))

    assert not FaqAnswer.objects.exists()
