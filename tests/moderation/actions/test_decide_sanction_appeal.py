"""Another moderator settles what is contested, with a reason; an overturned measure is lifted."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.decide_sanction_appeal import decide_sanction_appeal
from belowline.moderation.errors import DecidingError, SanctionError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.sanctions import open_sanction_appeals, record


@pytest.fixture
def contested(sanction, reader):
    return contest_sanction(sanction=sanction("suspend"), user=reader, text_source="It was my brother.")


@pytest.fixture
def settle(request):
    """Decide as another moderator, who is made when they are needed."""

    def call(appeal, state="overturned", *, by=None, reason="It was his brother."):
        by = by or request.getfixturevalue("other_moderator")
        return decide_sanction_appeal(appeal=appeal, moderator=by, state=SanctionAppeal.State(state), reason=reason)

    return call


def test_overturned(contested, settle, other_moderator, reader, post):
    appeal = settle(contested, reason=" It was his brother. ")

    assert (appeal.state, appeal.reason, appeal.decided_by) == ("overturned", "It was his brother.", other_moderator)
    row = Sanction.objects.get()
    assert (row.lifted_by, row.lifted_because) == (other_moderator, "It was his brother.")
    assert record(reader)["suspend"] == 0
    assert post().comment.status == "published"
    events = Event.objects.filter(subject_id=row.pk, tag__startswith="sanction").order_by("pk")
    assert list(events.values_list("tag", flat=True)) == [
        "sanction:given",
        "sanction:contested",
        "sanction:lifted",
        "sanction:overturned",
    ]


def test_upheld(contested, settle):
    assert settle(contested, "upheld").state == "upheld"
    assert Sanction.objects.get().is_acting
    assert not open_sanction_appeals().exists()


def test_a_reason_is_needed(contested, settle):
    with pytest.raises(SanctionError) as refused:
        settle(contested, reason=" ")
    assert refused.value.code == "reason_required"
    with pytest.raises(DecidingError):
        settle(contested, reason="x" * 2_001)
    assert open_sanction_appeals().get() == contested


def test_decided_once(contested, settle):
    settle(contested, "upheld")
    with pytest.raises(SanctionError) as refused:
        settle(contested)

    assert refused.value.code == "sanction_appeal_settled"
    assert Sanction.objects.get().is_acting


def test_by_the_one_who_took_it_where_there_is_nobody_else(contested, settle, moderator):
    assert settle(contested, "upheld", by=moderator).decided_by == moderator


def test_not_by_the_one_who_took_it(contested, settle, moderator, other_moderator):
    with pytest.raises(SanctionError) as refused:
        settle(contested, by=moderator)

    assert refused.value.code == "own_sanction"


def test_not_by_readers(contested, settle, reader, other_reader):
    for user in (reader, other_reader):
        with pytest.raises(PermissionDenied):
            settle(contested, by=user)
