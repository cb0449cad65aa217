"""The page of a digest's link: looking decides nothing; the button decides once, as whoever the link is for."""

from urllib.parse import quote

import pytest

from belowline.moderation.models import Decision
from belowline.notifications.action_links import ActionLink, action_address


@pytest.fixture
def path(held, moderator):
    def make(outcome="publish", rule="", user=moderator.pk):
        link = ActionLink(held.pk, outcome, rule, held.decisions.get().pk, user)
        return action_address(link).removeprefix("http://localhost:8000")

    return make


def state(held):
    held.refresh_from_db()
    return held.status


@pytest.mark.parametrize("method", ["get", "head"])
def test_programs_that_look_at_links_decide_nothing(stranger, path, held, method):
    for address in (path(), path("reject", "banned_word")):
        assert getattr(stranger, method)(address).status_code == 200
        assert getattr(stranger, method)(address).status_code == 200

    assert state(held) == "held"
    assert Decision.objects.count() == 1


def test_it_shows_the_comment_and_asks(stranger, path):
    page = stranger.get(path("reject", "banned_word")).content.decode()

    assert "Reject this comment?" in page
    assert '<mark title="Words that we do not publish">wombat</mark>' in page
    assert "Reject: Words that we do not publish" in page
    assert "You decide as Gazette Desk." in page
    assert "noindex" in page


@pytest.mark.parametrize("who", ["stranger", "as_moderator"])
@pytest.mark.parametrize(
    ("outcome", "rule", "status", "said"),
    [
        ("publish", "", "published", "is published"),
        ("reject", "banned_word", "rejected", "is rejected (Words that we do not publish)"),
    ],
)
def test_a_link_in_ones_own_mail_needs_no_session(request, path, held, moderator, who, outcome, rule, status, said):  # noqa: PLR0917
    client, address = request.getfixturevalue(who), path(outcome, rule)
    answer = client.post(address)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert state(held) == status
    assert held.decisions.order_by("-id").first().moderator == moderator

    again = client.post(address)
    assert again.status_code == 410
    assert "used already" in again.content.decode()
    assert client.get(address).status_code == 410


def test_one_in_a_channel_of_many_asks_to_sign_in(stranger, as_reader, as_other_moderator, path, held, other_moderator):  # noqa: PLR0917
    address = path(user=0)

    for method in (stranger.get, stranger.post):
        assert method(address)["Location"] == f"/accounts/login/?next={quote(address)}"
    assert as_reader.get(address).status_code == 403
    assert as_reader.post(address).status_code == 403
    assert state(held) == "held"
    as_other_moderator.post(address)
    assert state(held) == "published"
    assert held.decisions.order_by("-id").first().moderator == other_moderator


@pytest.mark.parametrize("who", ["as_reader", "as_other_moderator"])
def test_not_as_somebody_else(request, path, held, who):
    client = request.getfixturevalue(who)
    for method in (client.get, client.post):
        answer = method(path())
        assert answer.status_code == 403
        assert "made for somebody else" in answer.content.decode()

    assert state(held) == "held"


def test_where_staff_needs_a_second_factor_a_link_asks_to_sign_in(stranger, path, held, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    for method in (stranger.get, stranger.post):
        assert method(path())["Location"].startswith("/accounts/login/")
    assert state(held) == "held"


@pytest.mark.parametrize("change", [{"role": "reader"}, {"is_active": False}], ids=["left the staff", "closed"])
def test_not_for_who_is_staff_no_more(stranger, path, held, moderator, change):
    address = path()
    for name, value in change.items():
        setattr(moderator, name, value)
    moderator.save()

    assert stranger.get(address).status_code == 403
    assert stranger.post(address).status_code == 403
    assert state(held) == "held"


def test_somebody_has_decided_meanwhile(stranger, path, held, decide, other_moderator):
    address = path("reject", "banned_word")
    decide(held, by=other_moderator)

    for method in (stranger.get, stranger.post):
        answer = method(address)
        assert answer.status_code == 409
        assert "decided about this comment meanwhile" in answer.content.decode()
    assert state(held) == "published"


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "ü"])
def test_none_of_ours(stranger, site, token):
    answer = stranger.get(f"/desk/links/{token}/")

    assert answer.status_code == 404
    assert "none of ours" in answer.content.decode()


def test_a_forged_form_is_refused(sign_in, moderator, path, held):
    assert sign_in(moderator, enforce_csrf_checks=True).post(path()).status_code == 403
    assert state(held) == "held"
