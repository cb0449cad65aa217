"""The page of measures: what is contested comes first; nobody decides about their own measure."""

import pytest

from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.sanction_models import Sanction, SanctionAppeal

PAGE = "/desk/sanctions/"


@pytest.fixture
def contested(sanction, reader, rejected):
    row = sanction("suspend", comment=rejected)
    return contest_sanction(sanction=row, user=reader, text_source="It was <my> brother.")


@pytest.fixture
def settle(as_other_moderator):
    def call(appeal, **data):
        return as_other_moderator.post(f"{PAGE}appeals/{appeal.pk}/decide/", data)

    return call


def test_strangers_and_readers(stranger, as_reader, site):
    assert stranger.get(PAGE).headers["Location"].startswith("/accounts/login/")
    assert as_reader.get(PAGE).status_code == 403


def test_nothing(as_moderator, site):
    page = as_moderator.get(PAGE).content.decode()

    assert "None." in page
    assert "Contested" not in page


def test_in_force_by_kind_and_all(as_moderator, sanction, admin, account):
    names = {"suspend": "Ada Birch", "warn": "Bo Finch", "ban": "Cy Lark", "premoderate": "Di Rook"}
    for kind, name in names.items():
        sanction(kind, user=account(name))
    lift_sanction(sanction=Sanction.objects.get(kind="suspend"), by=admin)

    def shown(query=""):
        page = as_moderator.get(PAGE + query).content.decode()
        return {name for name in names.values() if name in page}

    assert shown() == {"Bo Finch", "Cy Lark", "Di Rook"}
    assert shown("?kind=ban") == {"Cy Lark"}
    assert shown("?kind=nonsense") == {"Bo Finch", "Cy Lark", "Di Rook"}
    assert shown("?all=1") == set(names.values())
    assert shown("?all=1&kind=suspend") == {"Ada Birch"}


def test_what_is_contested_stands_with_both_sides(as_other_moderator, contested, rejected):
    page = as_other_moderator.get(PAGE).content.decode()

    assert "You were asked to leave the animals out." in page
    assert "It was &lt;my&gt; brother." in page
    assert rejected.text_source in page
    assert "Overturn and lift" in page


def test_it_counts_in_the_navigation(other_moderator, contested):
    from belowline.desk.nav import waiting_counts

    assert waiting_counts(other_moderator)["desk-sanctions"] == 1


def test_whoever_took_it_gets_no_form(as_moderator, contested, other_moderator):
    page = as_moderator.get(PAGE).content.decode()

    assert "another moderator decides" in page
    assert "Overturn and lift" not in page


@pytest.mark.parametrize(("state", "acting"), [("uphold", True), ("overturn", False)])
def test_decided(settle, contested, state, acting):
    answer = settle(contested, state=state, reason="We looked at the log.")

    assert answer.headers["Location"] == PAGE
    assert SanctionAppeal.objects.get().reason == "We looked at the log."
    assert Sanction.objects.get().is_acting is acting


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"state": "", "reason": "We looked."}, "Choose to uphold or to overturn."),
        ({"state": "uphold", "reason": ""}, "Write the reason"),
        ({"state": "overturn", "reason": "w" * 2_001}, "at most 2,000 fit"),
    ],
)
def test_what_is_missing_comes_back(settle, contested, data, words):
    answer = settle(contested, **data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert data["reason"] in answer.content.decode()
    assert SanctionAppeal.objects.get().state == "open"


def test_somebody_was_faster(settle, contested):
    settle(contested, state="uphold", reason="We looked.")
    answer = settle(contested, state="overturn", reason="No.")

    assert answer.status_code == 422
    assert Sanction.objects.get().is_acting


def test_not_by_readers(as_reader, as_other_reader, contested):
    for client in (as_reader, as_other_reader):
        answer = client.post(f"{PAGE}appeals/{contested.pk}/decide/", {"state": "overturn", "reason": "x"})
        assert answer.status_code == 403
    assert SanctionAppeal.objects.get().state == "open"
