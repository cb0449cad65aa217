"""A measure is lifted with a word for its reader; the record says by whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.events.models import Event
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.lift_sanction import OWN, lift_sanction
from belowline.moderation.errors import DecidingError, SanctionError
from belowline.moderation.sanction_models import Sanction


def test_lifted(sanction, admin, reader, site):
    row = lift_sanction(sanction=sanction("suspend"), by=admin, reason=" It was the wrong account. ")

    assert (row.is_acting, row.lifted_by, row.lifted_because) == (False, admin, "It was the wrong account.")
    [event] = Event.objects.filter(tag="sanction:lifted")
    assert (event.subject_id, event.site_id, event.actor_id) == (row.pk, site.pk, admin.pk)
    assert event.data == {"kind": "suspend", "user": reader.pk}


def test_twice_is_a_conflict(sanction, admin):
    row = sanction("suspend")
    lift_sanction(sanction=row, by=admin)
    with pytest.raises(SanctionError) as refused:
        lift_sanction(sanction=row, by=admin, reason="Again.")

    assert refused.value.code == "not_acting"
    assert Sanction.objects.get().lifted_because == ""


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_lift_nothing(sanction, request, who):
    row = sanction("suspend")
    with pytest.raises(PermissionDenied):
        lift_sanction(sanction=row, by=request.getfixturevalue(who))
    assert Sanction.objects.get().is_acting


def test_what_is_contested_is_decided_as_an_appeal(sanction, admin, reader):
    row = sanction("suspend")
    contest_sanction(sanction=row, user=reader)
    with pytest.raises(SanctionError) as refused:
        lift_sanction(sanction=row, by=admin)

    assert refused.value.code == "sanction_contested"


def test_too_many_words(sanction, admin):
    row = sanction("suspend")
    with pytest.raises(DecidingError) as refused:
        lift_sanction(sanction=row, by=admin, reason="x" * 2_001)

    assert refused.value.code == "note_too_long"
    assert Sanction.objects.get().is_acting


def test_whoever_took_it_may_take_it_back_for_an_hour(sanction, moderator):
    lift_sanction(sanction=sanction("suspend"), by=moderator)
    row = sanction("suspend")
    Sanction.objects.filter(pk=row.pk).update(created_at=timezone.now() - OWN - timedelta(seconds=1))
    row.refresh_from_db()
    with pytest.raises(PermissionDenied):
        lift_sanction(sanction=row, by=moderator)


def test_a_colleague_of_the_same_rank_may_not(sanction, other_moderator):
    with pytest.raises(PermissionDenied):
        lift_sanction(sanction=sanction("suspend"), by=other_moderator)
