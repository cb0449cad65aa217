"""A comment is handed on from its card: to somebody senior, a colleague, or another desk."""

import pytest

from belowline.moderation.desks import listed_at
from belowline.moderation.escalation_models import Escalation, Referral


@pytest.fixture
def hand_on(held, admin):
    def call(client, comment=held, to="seniors", note="Is this about a living person?", **fields):
        return client.post(f"/desk/comments/{comment.pk}/hand-on/", {"to": to, "note": note} | fields)

    return call


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403)])
def test_moderators_alone(request, hand_on, held, who, status):
    client = request.getfixturevalue(who)

    assert hand_on(client).status_code == status
    assert client.get(f"/desk/comments/{held.pk}/hand-on/").status_code == status
    assert not Escalation.objects.exists()


def test_the_page_offers_whom_there_is(as_moderator, held, other_moderator, admin):
    page = as_moderator.get(f"/desk/comments/{held.pk}/hand-on/?back=/desk/reports/").content.decode()

    assert '<option value="seniors">' in page
    assert f'<option value="{other_moderator.pk}">Night Desk</option>' in page
    assert '<option value="corrections">The corrections desk</option>' in page
    assert 'name="back" value="/desk/reports/"' in page
    assert "What a wombat of a harbour bridge this is." in page


def test_where_nobody_is_senior_nobody_is_offered(as_moderator, held):
    page = as_moderator.get(f"/desk/comments/{held.pk}/hand-on/").content.decode()

    assert "seniors" not in page
    assert "Ask a colleague" not in page


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("seniors", "Escalated: it waits for somebody senior."),
        ("other_moderator", "Asked: Night Desk sees it under Escalated, and gets a mail."),
        ("corrections", "Sent on: it waits at the corrections desk now."),
    ],
)
def test_handed_on(request, as_moderator, hand_on, other_moderator, published, to, said):  # noqa: PLR0917
    answer = hand_on(as_moderator, published, str(request.getfixturevalue(to).pk) if "_" in to else to)

    assert answer["Location"] == "/desk/"
    assert said in as_moderator.get("/desk/").content.decode()
    assert Escalation.objects.count() + Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/desk/reports/?comment=7", "/desk/reports/?comment=7"),
        ("", "/desk/"),
        ("https://elsewhere.example/", "/desk/"),
        ("//elsewhere.example/", "/desk/"),
        ("/\\elsewhere.example", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_the_way_back_is_ours(as_moderator, hand_on, back, leads_to):
    assert hand_on(as_moderator, back=back)["Location"] == leads_to


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"note": ""}, "Write a note"),
        ({"note": "n" * 2_001}, "2,001 characters"),
        ({"to": ""}, "Choose to whom it goes."),
        ({"to": "kitchen"}, "Choose to whom it goes."),
        ({"to": "9" * 30}, "Choose to whom it goes."),
        ({"to": "corrections"}, "no rule that leads to the corrections desk"),
    ],
    ids=["no note", "long note", "nobody", "nonsense", "no account", "no rule"],
)
def test_what_is_wrong_comes_back_with_what_was_typed(as_moderator, hand_on, fields, said):
    fields = {"note": "Kept in the form."} | fields
    answer = hand_on(as_moderator, back="/desk/reports/", **fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert fields["note"] in page
    assert 'name="back" value="/desk/reports/"' in page
    assert not Escalation.objects.exists()


def test_the_choice_comes_back_too(as_moderator, hand_on, other_moderator):
    page = hand_on(as_moderator, to=str(other_moderator.pk), note="").content.decode()

    assert f'<option value="{other_moderator.pk}" selected>' in page


def test_somebody_decided_meanwhile(as_moderator, hand_on, published):
    answer = hand_on(as_moderator, published, "corrections", last_seen="999999")

    assert "Somebody has decided" in answer.content.decode()
    assert not listed_at("corrections").exists()


def test_there_is_no_such_comment(as_moderator, site):
    assert as_moderator.get("/desk/comments/999/hand-on/").status_code == 404
    assert as_moderator.post("/desk/comments/999/hand-on/").status_code == 404


def test_the_desk_that_gets_it_reads_who_sent_it_and_why(as_moderator, hand_on, published):
    hand_on(as_moderator, published, "corrections", "The tolls <b>rose</b> in May.")
    page = as_moderator.get("/desk/corrections/").content.decode()

    assert "<strong>Gazette Desk</strong> sent it here" in page
    assert "The tolls &lt;b&gt;rose&lt;/b&gt; in May." in page
    assert 'Corrections <span class="count">1</span>' in page
    assert "sent it here" not in as_moderator.get("/desk/newsroom/").content.decode()


def test_all_that_was_asked_stands_on_the_page(as_moderator, hand_on, held):
    hand_on(as_moderator)
    page = as_moderator.get(f"/desk/comments/{held.pk}/hand-on/").content.decode()

    assert "escalated it" in page
    assert "Waits for an answer" in page


@pytest.mark.parametrize("who", ["auditor", "there"])
def test_only_where_one_may_escalate(request, sign_in, local, other_site, held, who):  # noqa: PLR0917
    user = local(other_site) if who == "there" else request.getfixturevalue(who)

    assert sign_in(user).get(f"/desk/comments/{held.pk}/hand-on/").status_code == 403
    assert sign_in(user).post(f"/desk/comments/{held.pk}/hand-on/", {"to": "corrections"}).status_code == 403
    assert not Referral.objects.exists()
