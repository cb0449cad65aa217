"""A warning is read by the one who was warned, once."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.acknowledge_warning import acknowledge_warning
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.sanction_models import Sanction


def test_read(sanction, reader, site):
    row = acknowledge_warning(sanction=sanction("warn"), user=reader)

    assert row.acknowledged_at is not None
    assert (row.is_acting, row.is_over) == (False, True)
    [event] = Event.objects.filter(tag="sanction:acknowledged")
    assert (event.subject_id, event.site_id, event.actor_id) == (row.pk, site.pk, reader.pk)


def test_twice_is_once(sanction, reader):
    row = sanction("warn")
    first = acknowledge_warning(sanction=row, user=reader).acknowledged_at
    acknowledge_warning(sanction=row, user=reader)

    assert Sanction.objects.get().acknowledged_at == first
    assert Event.objects.filter(tag="sanction:acknowledged").count() == 1


def test_what_was_lifted_meanwhile(sanction, reader, admin):
    row = sanction("warn")
    lift_sanction(sanction=row, by=admin)

    assert acknowledge_warning(sanction=row, user=reader).acknowledged_at is None


def test_nobody_elses(sanction, other_reader, moderator):
    row = sanction("warn")
    for user in (other_reader, moderator):
        with pytest.raises(PermissionDenied):
            acknowledge_warning(sanction=row, user=user)


@pytest.mark.parametrize("kind", ["suspend", "premoderate", "ban"])
def test_only_a_warning(sanction, reader, kind):
    row = sanction(kind)
    with pytest.raises(PermissionDenied):
        acknowledge_warning(sanction=row, user=reader)
    assert Sanction.objects.get().is_acting
