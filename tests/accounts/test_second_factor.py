"""Staff who have to have a second factor: readers until it is there, and nothing else than led to it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from belowline.accounts.second_factor import has_second_factor, needs_second_factor

pytestmark = pytest.mark.django_db
STAFF = ("moderator", "admin")


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


def add_passkey(user):
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Telephone"})


def add_app(user):
    return TOTP.activate(user, generate_totp_secret()).instance


@pytest.mark.parametrize("role", STAFF)
def test_the_desk_opens_where_nothing_is_required(sign_in, account, site, role):
    assert sign_in(account("Gazette Desk", role)).get("/desk/").status_code == 200


@pytest.mark.parametrize("add", [add_app, add_passkey])
def test_the_desk_opens_after_the_second_factor_is_set_up(required, sign_in, admin, site, add):
    staff, client = admin, sign_in(admin)
    answer = client.get("/desk/stories/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/?next=%2Fdesk%2Fstories%2F")
    page = client.get(answer["Location"]).content.decode()
    assert "asks its staff for a second factor" in page
    assert "Go to the desk" not in page

    add(staff)
    assert client.get("/desk/stories/").status_code == 200
    assert "Go to the desk" in client.get("/accounts/2fa/").content.decode()


@pytest.mark.parametrize("path", ["/desk/", "/desk/policy/", "/desk/faq/", "/desk/nowhere/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_of_the_desk_opens_before(required, as_admin, site, path, method):
    assert getattr(as_admin, method)(path)["Location"].startswith("/accounts/2fa/")


def test_a_recovery_code_is_no_factor(required, as_moderator, moderator, site):
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert not has_second_factor(moderator)
    assert as_moderator.get("/desk/").status_code == 302


def test_before_staff_are_readers_everywhere(required, as_moderator, moderator, published):
    """Also where an editor acts in the discussion itself."""
    page = as_moderator.get(f"/discussion/{published.story_id}/").content.decode()

    assert moderator.display_name in page
    assert 'href="/desk/overview/"' not in page
    moderator.lacks_second_factor = True
    assert not moderator.is_staff


@pytest.mark.parametrize("section", ["", "sport"])
def test_a_local_role_needs_one_too(required, sign_in, local, site, section):
    user = local(site, "auditor", section)
    assert sign_in(user).get("/desk/stories/")["Location"].startswith("/accounts/2fa/")

    add_app(user)
    assert sign_in(user).get("/desk/stories/").status_code == 200


def test_readers_and_strangers_notice_nothing(required, as_reader, stranger, story):
    assert as_reader.get("/me/").status_code == 200
    assert as_reader.get("/desk/").status_code == 403
    assert stranger.get("/desk/")["Location"].startswith("/accounts/login/")
    assert stranger.get(f"/discussion/{story.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("role", "is_required", "needs"),
    [("reader", True, False), ("moderator", True, True), ("admin", True, True), ("admin", False, False)],
)
def test_who_needs_one(account, settings, role, is_required, needs):
    settings.STAFF_SECOND_FACTOR_REQUIRED = is_required

    assert needs_second_factor(account("Zoë Pascoe", role)) is needs
