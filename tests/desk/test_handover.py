"""The desk's page of handover notes, and the notes on the desk's front."""

import pytest

from belowline.moderation.actions.write_handover import MAX_CHARACTERS, write_handover
from belowline.moderation.handover import Handover

ADDRESS = "/desk/handover/"


@pytest.fixture
def note(moderator):
    return write_handover(by=moderator, text_source="Keep an eye on <the> bridge.")


@pytest.mark.parametrize(
    ("who", "status", "sent"),
    [
        ("stranger", 302, 302),
        ("as_reader", 403, 403),
        ("as_auditor", 200, 403),
        ("as_moderator", 200, 302),
        ("as_admin", 200, 302),
    ],
)
def test_who_reads_and_who_writes(request, site, who, status, sent):
    client = request.getfixturevalue(who)

    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, {"text": "Calm."}).status_code == sent
    assert Handover.objects.exists() is (who in {"as_moderator", "as_admin"})


def test_a_note_is_left_read_and_ticked_off(as_moderator, as_other_moderator, moderator, site):
    answer = as_moderator.post(ADDRESS, {"text": "Keep an eye on <the> bridge.", "site": ""}, follow=True)
    assert "Kept: the note stands" in answer.content.decode()

    page = as_other_moderator.get("/desk/").content.decode()
    assert "Keep an eye on &lt;the&gt; bridge." in page
    note = Handover.objects.get()
    done = as_other_moderator.post(f"{ADDRESS}{note.pk}/close/", follow=True).content.decode()
    assert "Ticked off." in done
    assert "Seen to before" in done
    assert "Keep an eye" not in as_moderator.get("/desk/").content.decode()

    again = as_moderator.post(f"{ADDRESS}{note.pk}/reopen/", follow=True).content.decode()
    assert "The note stands again." in again


def test_what_cannot_be_kept_comes_back(as_moderator, site):
    text = "x" * (MAX_CHARACTERS + 1)
    answer = as_moderator.post(ADDRESS, {"text": text, "site": site.pk})

    assert answer.status_code == 422
    assert "at most 2,000 fit" in answer.content.decode()
    assert text in answer.content.decode()
    assert not Handover.objects.exists()


def test_two_sites_may_be_chosen(as_moderator, site, other_site):
    assert f'<option value="{other_site.pk}">The Courier' in as_moderator.get(ADDRESS).content.decode()
    as_moderator.post(ADDRESS, {"text": "Calm.", "site": other_site.pk})

    assert Handover.objects.get().site == other_site


def test_a_local_moderator_writes_for_their_site_alone(sign_in, local, site, other_site):
    client = sign_in(local(site, section="sport"))
    page = client.get(ADDRESS).content.decode()
    assert "Every site" not in page
    assert "The Courier" not in page

    assert client.post(ADDRESS, {"text": "Calm.", "site": other_site.pk}).status_code == 403
    assert client.post(ADDRESS, {"text": "Calm."}).status_code == 403
    assert client.post(ADDRESS, {"text": "Calm.", "site": site.pk}).status_code == 302
    assert client.post(ADDRESS, {"text": "Calm.", "site": "99999"}).status_code == 404


def test_what_waits_stands_beside_it(as_moderator, held, decide, post):
    decide(post("Another wombat of a bridge.").comment)
    page = as_moderator.get(ADDRESS).content.decode()

    assert '<dt>Held</dt><dd><a href="/desk/">1 waiting</a></dd>' in page
    assert "1 decision by people" in page


def test_somebody_was_faster(as_moderator, as_other_moderator, note):
    as_moderator.post(f"{ADDRESS}{note.pk}/close/")

    assert "Somebody was faster" in as_other_moderator.post(f"{ADDRESS}{note.pk}/close/", follow=True).content.decode()
    assert as_moderator.post(f"{ADDRESS}99999/close/").status_code == 404


@pytest.mark.parametrize("way", ["close", "reopen"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_auditor", 403)])
def test_who_ticks_nothing_off(request, note, who, way, status):
    assert request.getfixturevalue(who).post(f"{ADDRESS}{note.pk}/{way}/").status_code == status
    assert Handover.objects.get().closed_at is None


def test_looking_changes_nothing(as_moderator, note):
    assert as_moderator.get(f"{ADDRESS}{note.pk}/close/").status_code == 405


def test_the_front_shows_the_newest_three(as_moderator, moderator, site):
    for number in range(5):
        write_handover(by=moderator, text_source=f"Note number {number}.")
    page = as_moderator.get("/desk/").content.decode()

    assert [number for number in range(5) if f"Note number {number}." in page] == [2, 3, 4]
    assert "and 2 more" in page
