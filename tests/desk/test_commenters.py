"""A commenter's page: what it shows to whom, and that measures, notes and looks go through the actions."""

import pytest
from django.urls import reverse

from belowline.events.models import Event
from belowline.moderation.actions.write_team_note import write_team_note
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.team_models import MessageTemplate, TeamNote


@pytest.fixture
def address(reader, site):
    return f"/desk/commenters/{reader.pk}/"


@pytest.fixture
def shown(as_moderator, address):
    def call(query=""):
        return as_moderator.get(address + query).content.decode()

    return call


@pytest.fixture
def take(as_admin, address):
    """Send the form for a measure as an administrator, who may do all of them."""

    def call(**changes):
        data = {"kind": "suspend", "rule": "banned_word", "words": "Stop it.", "hours-suspend": "72", "where": "site"}
        return as_admin.post(f"{address}sanction/", data | changes)

    return call


def test_strangers_sign_in_and_readers_are_refused(stranger, as_reader, address, site):
    assert stranger.get(address).headers["Location"].startswith("/accounts/login/")
    assert as_reader.get(address).status_code == 403
    for path in ("sanction/", "note/", "address/"):
        assert as_reader.post(address + path).status_code == 403
        assert stranger.post(address + path).status_code == 302


def test_nobody_is_there(as_moderator, site):
    assert as_moderator.get("/desk/commenters/999/").status_code == 404


def test_somebody_new(shown, site):
    page = shown()

    assert "Marjorie Tench" in page
    assert "Nothing published yet" in page
    assert "None so far." in page
    assert "marjorie@reader.example" not in page


def test_the_record_and_the_comments(shown, published, rejected, held, post):
    post("A second quiet remark about the tolls.")
    page = shown()

    assert "67% of what was decided is published." in page
    assert "Words that we do not publish <strong>1</strong>" in page
    assert published.text_source in page
    assert rejected.text_source in page
    assert "3 comments in 26 weeks, 1 refused" in page


@pytest.mark.parametrize(
    ("status", "there", "not_there"),
    [("published", "A quiet remark", "What a wombat"), ("refused", "What a wombat", "A quiet remark")],
)
def test_only_some_of_the_comments(shown, published, rejected, status, there, not_there):  # noqa: PLR0917
    page = shown(f"?status={status}")

    assert there in page
    assert not_there not in page.split('id="comments"')[1].split("commenter-side")[0]


def test_text_of_readers_is_escaped(shown, post):
    post("<b>Bold</b> & a remark about the bridge.")

    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown()


def test_a_measure_is_taken_and_shown(take, shown, reader, site, admin):
    answer = take()

    assert answer.headers["Location"].endswith("#measures")
    row = Sanction.objects.get()
    assert (row.user, row.kind, row.site, row.given_by, row.words) == (reader, "suspend", site, admin, "Stop it.")
    page = shown()
    assert "Suspension until" in page
    assert "Stop it." in page
    assert "Gazette Editor" in page


@pytest.mark.parametrize(("kind", "where"), [("warn", "site"), ("premoderate", "all"), ("ban", "all")])
def test_each_kind_there_or_everywhere(take, site, kind, where):
    take(**{"kind": kind, "where": where, "hours-premoderate": "168", "hours-ban": ""})

    row = Sanction.objects.get()
    assert (row.kind, row.site) == (kind, None if where == "all" else site)


def test_for_a_comment(take, shown, rejected):
    page = shown(f"?comment={rejected.pk}")
    assert "Because of this comment:" in page
    take(comment=str(rejected.pk))

    assert Sanction.objects.get().comment == rejected


def test_somebody_elses_comment_is_no_cause(shown, take, post, other_reader):
    other = post("Theirs, about the bridge.", author=other_reader).comment

    assert "Because of this comment:" not in shown(f"?comment={other.pk}")
    take(comment=str(other.pk))
    assert Sanction.objects.get().comment is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what to do"),
        ({"rule": ""}, "Choose the rule that was broken."),
        ({"words": ""}, "Write why, in words for the reader"),
        ({"hours-suspend": ""}, "Choose for how long"),
        ({"words": "y" * 2_001}, "at most 2,000 fit"),
    ],
)
def test_what_is_missing_comes_back_with_what_was_typed(take, changes, words):
    sent = {"words": "A word that shall stay.", **changes}
    answer = take(**sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert sent["words"] in page
    if "rule" not in changes:
        assert '<option value="banned_word" selected>' in page
    assert not Sanction.objects.exists()


def test_a_conflict_is_shown(take):
    take()
    answer = take()

    assert answer.status_code == 422
    assert "This holds already: Suspension by Gazette Editor" in answer.content.decode()


def test_a_template_fills_what_was_left_empty(take, admin, site):
    row = MessageTemplate.objects.create(title="Calm", text_source="Dear {name}.", language="en", changed_by=admin)
    take(words="", template=str(row.pk))

    assert Sanction.objects.get().words == "Dear Marjorie Tench."


def test_the_picker_is_there_where_templates_are(shown, admin, site):
    assert "data-fills" not in shown()
    MessageTemplate.objects.create(title="Calm", text_source="Dear {name}.", language="en", changed_by=admin)

    assert 'data-text="Dear Marjorie Tench."' in shown()


def test_a_colleague_gets_no_form(as_admin, moderator, site):
    page = as_admin.get(f"/desk/commenters/{moderator.pk}/").content.decode()

    assert "colleague&#x27;s account" in page
    assert "Take this measure" not in page


def test_lifted_from_the_page(as_admin, sanction):
    row = sanction("suspend")
    answer = as_admin.post(f"/desk/sanctions/{row.pk}/lift/", {"reason": "The wrong account."})

    assert answer.headers["Location"] == f"/desk/commenters/{row.user_id}/#measures"
    assert Sanction.objects.get().lifted_because == "The wrong account."


def test_what_cannot_be_lifted_any_more_says_so(as_admin, sanction):
    row = sanction("suspend")
    as_admin.post(f"/desk/sanctions/{row.pk}/lift/")
    answer = as_admin.post(f"/desk/sanctions/{row.pk}/lift/", {"reason": "Once more."})

    assert answer.status_code == 422
    assert "over, or lifted already" in answer.content.decode()


def test_too_many_words_for_lifting_stay_in_the_form(as_admin, sanction):
    row = sanction("suspend")
    answer = as_admin.post(f"/desk/sanctions/{row.pk}/lift/", {"reason": "z" * 2_001})

    assert answer.status_code == 422
    assert "z" * 2_001 in answer.content.decode()
    assert Sanction.objects.get().is_acting


def test_notes_are_written_read_and_taken_away(as_moderator, shown, address, reader, moderator):
    assert as_moderator.post(f"{address}note/", {"text": "Knows the ferry well."}).status_code == 302
    assert "Knows the ferry well." in shown()
    row = TeamNote.objects.get()
    assert (row.about, row.written_by) == (reader, moderator)

    as_moderator.post(f"/desk/notes/{row.pk}/delete/")
    assert not TeamNote.objects.exists()


def test_a_note_that_is_too_long_stays_in_the_form(as_moderator, address):
    answer = as_moderator.post(f"{address}note/", {"text": "n" * 2_001})

    assert answer.status_code == 422
    assert "n" * 2_001 in answer.content.decode()


def test_a_colleagues_note_stays(as_other_moderator, reader, moderator):
    row = write_team_note(about=reader, by=moderator, text_source="Knows the ferry well.")

    assert as_other_moderator.post(f"/desk/notes/{row.pk}/delete/").status_code == 403
    assert TeamNote.objects.exists()


def test_looking_at_notes_is_logged_and_an_empty_page_is_not(shown, reader, moderator):
    shown()
    assert not Event.objects.filter(tag="account:looked_at").exists()
    write_team_note(about=reader, by=moderator, text_source="Knows the ferry well.")
    shown()

    [event] = Event.objects.filter(tag="account:looked_at")
    assert (event.subject_id, event.actor_id, event.data) == (reader.pk, moderator.pk, {"what": "notes"})


def test_the_address_is_shown_on_request_and_logged(as_moderator, shown, address, reader, moderator):
    answer = as_moderator.post(f"{address}address/")

    assert "marjorie@reader.example" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    [event] = Event.objects.filter(tag="account:looked_at")
    assert (event.subject_id, event.actor_id, event.data) == (reader.pk, moderator.pk, {"what": "e-mail address"})
    assert "marjorie@reader.example" not in shown()


def test_reports_with_their_accuracy(as_moderator, other_reader, published, report, post):
    from belowline.moderation.models import Report

    report()
    report(post("One more remark about the bridge.").comment)
    Report.objects.filter(comment=published).update(state="accepted")
    page = as_moderator.get(reverse("desk-commenter", args=[other_reader.pk])).content.decode()

    assert "<strong>100%</strong> right: 1 of 1 that were answered." in page
    assert "1 waits." in page


def test_the_page_asks_the_same_whatever_is_listed(as_moderator, address, post, django_assert_max_num_queries):
    for number in range(8):
        post(f"A quiet remark about cable number {number}.")
    as_moderator.get(address)
    with django_assert_max_num_queries(45):
        as_moderator.get(address)
