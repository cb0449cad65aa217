"""Senior moderators mute a reporter from the page of reports, and hear them again; nobody else does."""

import pytest

from belowline.moderation.report_models import ReporterMute

WHY = "Everything by one author."


@pytest.fixture
def as_senior(sign_in, senior):
    return sign_in(senior)


@pytest.fixture
def mute(as_senior, report):
    def call(client=as_senior, **fields):
        return client.post(f"/desk/reports/reporters/{report().pk}/mute/", {"days": "30", "reason": WHY} | fields)

    return call


@pytest.fixture
def page(as_senior):
    def call():
        return as_senior.get("/desk/reports/").content.decode()

    return call


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_moderator", 403)])
def test_senior_moderators_alone(request, mute, as_senior, who, status):
    client = request.getfixturevalue(who)
    assert mute(client).status_code == status
    assert not ReporterMute.objects.exists()

    mute(as_senior)
    assert client.post(f"/desk/reports/mutes/{ReporterMute.objects.get().pk}/lift/").status_code == status
    assert ReporterMute.objects.in_force().exists()


def test_looking_mutes_nobody(as_senior, report):
    assert as_senior.get(f"/desk/reports/reporters/{report().pk}/mute/").status_code == 405
    assert as_senior.get("/desk/reports/mutes/1/lift/").status_code == 405


def test_muting_is_said_and_listed(mute, page, senior):
    answer = mute()
    shown = page()

    assert answer["Location"] == "/desk/reports/"
    assert "Reports by Ken Stubbs are not received until" in shown
    assert "Muted reporters" in shown
    assert f"“{WHY}”, by {senior.display_name}" in shown


def test_on_the_card_it_is_said_and_not_offered_again(mute, page, report, admin):
    report(by=admin)
    mute()
    shown = page()

    assert '<span class="badge rejected">muted</span>' in shown
    assert shown.count("/mute/") == 1, "for the other reporter"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "Say why: the reader is told."),
        ({"days": "3"}, "Choose for how long."),
        ({"days": "for ever"}, "Choose for how long."),
        ({"reason": "w" * 301}, "Your words have 301 characters; at most 300 fit."),
    ],
)
def test_what_is_missing_comes_back_with_what_was_typed(mute, fields, said):
    answer = mute(**fields)
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert said in shown
    assert f'value="{({"reason": WHY} | fields)["reason"]}"' in shown
    assert not ReporterMute.objects.exists()


def test_hearing_them_again(mute, as_senior, page):
    mute()
    lift = f"/desk/reports/mutes/{ReporterMute.objects.get().pk}/lift/"
    assert as_senior.post(lift)["Location"] == "/desk/reports/"

    shown = page()
    assert "Reports by Ken Stubbs are received again." in shown
    assert "Muted reporters" not in shown
    as_senior.post(lift)
    assert "This mute is over already." in page()


def test_there_is_no_such_thing(as_senior):
    assert as_senior.post("/desk/reports/reporters/999/mute/", {"days": "30", "reason": WHY}).status_code == 404
    assert as_senior.post("/desk/reports/mutes/999/lift/").status_code == 404


def test_moderators_see_who_is_muted_and_are_offered_nothing_more(mute, as_moderator, report, admin):
    report(by=admin)
    mute()
    shown = as_moderator.get("/desk/reports/").content.decode()

    assert "Muted reporters" in shown
    assert "/mute/" not in shown
    assert "Receive reports again" not in shown
