"""Private data of people is for the staff of the sites where they were."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.accounts.permissions import Action
from belowline.moderation.acquaintance import concerns, require_concern
from belowline.moderation.actions.write_team_note import write_team_note
from belowline.moderation.models import Report
from belowline.moderation.team_models import TeamNote


@pytest.fixture
def here(local, site):
    return local(site, name="Here Desk")


@pytest.fixture
def elsewhere(local, other_site):
    return local(other_site, name="Elsewhere Desk")


def test_who_wrote_here_concerns_the_staff_of_here(  # noqa: PLR0917 - a cast
    published, reader, here, elsewhere, moderator, auditor, other_reader
):
    assert [concerns(reader, staff) for staff in (here, moderator)] == [True, True]
    assert [concerns(reader, staff) for staff in (elsewhere, auditor, other_reader)] == [False, False, False]
    assert concerns(other_reader, moderator)
    assert not concerns(other_reader, here)


def test_who_reported_here_too(published, other_reader, here, elsewhere):
    Report.objects.create(comment=published, reporter=other_reader, category="spam")

    assert concerns(other_reader, here)
    assert not concerns(other_reader, elsewhere)


def test_a_section_is_a_place(published, reader, local, site):
    assert concerns(reader, local(site, section="news", name="News Desk"))
    assert not concerns(reader, local(site, section="sport", name="Sport Desk"))


def test_it_is_required_of_whoever_looks_or_notes(published, reader, here, elsewhere, sign_in):
    TeamNote.objects.create(about=reader, written_by=here, text_source="Knows the ferry.")
    page = f"/desk/commenters/{reader.pk}/"

    with pytest.raises(PermissionDenied):
        require_concern(reader, elsewhere)
    with pytest.raises(PermissionDenied):
        write_team_note(about=reader, by=elsewhere, text_source="x")
    stranger, known = sign_in(elsewhere), sign_in(here)
    assert (stranger.post(f"{page}address/").status_code, known.post(f"{page}address/").status_code) == (403, 200)
    assert "Knows the ferry" not in stranger.get(page).content.decode()
    assert "Knows the ferry" in known.get(page).content.decode()
    require_concern(reader, here, Action.WRITE_NOTE)
