"""A measure can be contested once, by the one whom it concerns, in time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.events.models import Event
from belowline.moderation.actions.acknowledge_warning import acknowledge_warning
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal


def refused(code, **asked):
    before = SanctionAppeal.objects.count()
    with pytest.raises(SanctionError) as error:
        contest_sanction(**asked)
    assert error.value.code == code
    assert SanctionAppeal.objects.count() == before


@pytest.mark.parametrize("kind", ["warn", "premoderate", "suspend", "ban"])
def test_contested_and_it_holds_until_decided(sanction, reader, site, kind):
    row = sanction(kind)
    appeal = contest_sanction(sanction=row, user=reader, text_source=" It was my brother. ")

    assert (appeal.sanction, appeal.text_source, appeal.state) == (row, "It was my brother.", "open")
    assert Sanction.objects.get().is_acting
    [event] = Event.objects.filter(tag="sanction:contested")
    assert (event.subject_id, event.actor_id, event.data) == (row.pk, reader.pk, {})


def test_once(sanction, reader):
    row = sanction()
    contest_sanction(sanction=row, user=reader)

    refused("contested_before", sanction=row, user=reader)


def test_also_a_warning_that_was_read_and_what_is_over(sanction, reader):
    warning, over = sanction("warn"), sanction("suspend")
    acknowledge_warning(sanction=warning, user=reader)
    Sanction.objects.filter(pk=over.pk).update(ends_at=timezone.now())

    for row in (warning, over):
        assert contest_sanction(sanction=row, user=reader).state == "open"


def test_not_what_was_lifted(sanction, reader, admin):
    row = sanction()
    lift_sanction(sanction=row, by=admin)

    refused("not_acting", sanction=row, user=reader)


def test_not_too_late_nor_too_long(sanction, reader):
    row = sanction()
    refused("contest_too_long", sanction=row, user=reader, text_source="x" * 2_001)
    Sanction.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=184))

    refused("contest_too_late", sanction=row, user=reader)


def test_nobody_else(sanction, other_reader, moderator):
    row = sanction()
    for user in (other_reader, moderator):
        with pytest.raises(PermissionDenied):
            contest_sanction(sanction=row, user=user)
