"""The yearly figures of measures against accounts."""

from datetime import timedelta

from django.utils import timezone

from belowline.moderation.models import Sanction, SanctionAppeal
from belowline.moderation.statements.figures import figures, year_of


def sheet(site=None, year=None):
    head, *rows = figures(year_of(year or timezone.localtime().year, site))["accounts"]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


def contest(measure, state="open", hours=None):
    appeal = SanctionAppeal.objects.create(sanction=measure, state=state)
    if hours is not None:
        SanctionAppeal.objects.filter(pk=appeal.pk).update(decided_at=appeal.created_at + timedelta(hours=hours))


def test_by_kind_with_what_their_subjects_said(sanction, other_reader, site, admin):
    contest(sanction("warn"), "upheld", 3)
    suspended = sanction("suspend", user=other_reader)
    contest(suspended, "overturned", 5)
    Sanction.objects.filter(pk=suspended.pk).update(lifted_at=timezone.now(), lifted_by=admin)
    contest(sanction("ban", site=None))
    found = sheet()

    assert list(found) == ["warn", "premoderate", "suspend", "ban", "TOTAL"]
    assert list(found["warn"].values()) == [1, 0, 0, 0, 1, 1, 0, 0, 3.0]
    assert list(found["premoderate"].values()) == [0, 0, 0, 0, 0, 0, 0, 0, ""]
    assert list(found["suspend"].values()) == [1, 0, 0, 1, 1, 0, 1, 0, 5.0]
    assert list(found["ban"].values()) == [1, 1, 1, 0, 1, 0, 0, 1, ""]
    assert list(found["TOTAL"].values()) == [3, 1, 1, 1, 3, 1, 1, 1, 4.0]


def test_of_a_site_and_a_year(sanction, other_reader, site, other_site, activate):
    activate(other_site)
    sanction("warn")
    sanction("ban", user=other_reader, site=None)

    assert sheet(site)["TOTAL"]["measures"] == 2
    assert sheet(other_site)["TOTAL"]["measures"] == 1
    assert sheet(year=2020)["TOTAL"]["measures"] == 0
