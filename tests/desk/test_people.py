"""The desk's page about people: everybody at the desk reads it; administrators give and withdraw at their place."""

import pytest
from allauth.mfa.models import Authenticator

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.models import Grant, User
from belowline.events.models import Event

ADDRESS = "/desk/people/"


@pytest.fixture
def send(as_admin):
    """Send the form that gives a role."""

    def call(client=as_admin, **fields):
        form = {"person": "marjorie@reader.example", "role": "moderator", "site": "", "section": ""} | fields
        return client.post(f"{ADDRESS}grant/", form)

    return call


@pytest.fixture
def withdraw(as_admin):
    def call(user, role, client=as_admin, **fields):
        form = {"role": role, "site": "", "section": ""} | fields
        return client.post(f"{ADDRESS}{user.pk}/withdraw/", form, follow=True)

    return call


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 302),
        ("as_reader", 403),
        ("as_auditor", 200),
        ("as_moderator", 200),
        ("as_senior", 200),
        ("as_admin", 200),
    ],
)
def test_who_reads_and_who_gives(request, site, reader, other_reader, send, who, status):  # noqa: PLR0917
    client = request.getfixturevalue(who)
    page = client.get(ADDRESS)
    assert page.status_code == status
    assert ("Give somebody a role" in page.content.decode()) is (who == "as_admin")

    answer = send(client=client, person="ken@reader.example")
    assert answer.status_code == (302 if who in {"as_admin", "stranger"} else 403)
    assert User.objects.get(pk=other_reader.pk).role == ("moderator" if who == "as_admin" else "reader")


def test_the_page_names_everybody_with_role_and_place(as_moderator, admin, local, site, reader):
    local(site, "editor", "sport")
    page = as_moderator.get(ADDRESS).content.decode()

    assert page.count('class="badge role-') == 3
    assert 'class="badge role-editor">Editor</span> <span class="place">The Gazette: sport' in page
    assert 'class="badge role-admin">Administrator</span> <span class="place">everything' in page
    assert reader.display_name not in page
    assert "Withdraw" not in page
    assert "What each role may do" in page


@pytest.mark.parametrize(
    "person", ["marjorie@reader.example", "Marjorie@Reader.Example", "Marjorie Tench", "marjorie tench"]
)
def test_a_role_is_given(send, as_admin, reader, person):
    page = as_admin.get(send(person=person, role="senior")["Location"]).content.decode()

    assert "Marjorie Tench is senior moderator for everything." in page
    assert User.objects.get(pk=reader.pk).role == "senior"
    assert "<strong>Marjorie Tench</strong>: senior moderator for everything" in page


def test_a_role_is_given_at_a_place(send, as_admin, reader, story):
    page = as_admin.get(send(site=story.site_id, section="news", role="editor")["Location"]).content.decode()

    assert "Marjorie Tench is editor for The Gazette: news." in page
    grant = Grant.objects.get()
    assert (grant.user, grant.site, grant.section, grant.role) == (reader, story.site, "news", "editor")
    again = send(site=story.site_id, section="news", role="editor")
    assert "was already editor" in as_admin.get(again["Location"]).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"person": ""}, "This field is required."),
        ({"person": "nobody@reader.example"}, "no open account with this address or name"),
        ({"person": "Nobody"}, "no open account with this address or name"),
        ({"role": "king"}, "king is not one of the available choices"),
        ({"role": "reader"}, "reader is not one of the available choices"),
        ({"site": "99"}, "99 is not one of the available choices"),
        ({"section": "news"}, "Choose the site whose section it is."),
        ({"site": True, "section": "nws"}, "The Gazette has no such section. There are: news."),
        ({"person": "editor@gazette.example"}, "This is the only administrator."),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(send, story, reader, fields, words):
    if fields.get("site") is True:
        fields = fields | {"site": story.site_id}
    answer = send(**fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page.replace("&quot;", "")
    assert f'value="{fields.get("person", "marjorie@reader.example")}"' in page.replace(' value=""', ' value=""')
    assert not Grant.objects.exists()
    assert User.objects.get(pk=reader.pk).role == "reader"


def test_a_closed_account_is_nobody(send, reader):
    User.objects.filter(pk=reader.pk).update(is_active=False)

    assert send().status_code == 422


def test_an_administrator_of_a_site_gives_there_alone(sign_in, local, send, reader, site, other_site, story):  # noqa: PLR0917
    client = sign_in(local(site, "admin"))
    page = client.get(ADDRESS).content.decode()
    assert '<option value="">Everything' not in page
    assert "The Courier</option>" not in page

    assert send(client=client, site="").status_code == 422
    assert send(client=client, site=other_site.pk).status_code == 422
    assert send(client=client, site=site.pk).status_code == 302
    assert Grant.objects.get(user=reader).site == site


def test_an_administrator_of_a_section_names_it(sign_in, local, send, site, reader, story):  # noqa: PLR0917
    client = sign_in(local(site, "admin", "news"))
    answer = send(client=client, site=site.pk)
    assert answer.status_code == 422
    assert "You give roles in a section of this site: name it." in answer.content.decode()

    assert send(client=client, site=site.pk, section="news").status_code == 302


# --- withdrawing


def test_a_role_is_withdrawn(withdraw, moderator):
    page = withdraw(moderator, "moderator").content.decode()

    assert "Withdrawn: Gazette Desk is no longer moderator for everything." in page
    assert User.objects.get(pk=moderator.pk).role == "reader"
    assert "no longer moderator for everything" in page


def test_a_local_role_is_withdrawn(withdraw, local, site):
    user = local(site, section="sport")
    page = withdraw(user, "moderator", site=site.pk, section="sport").content.decode()

    assert "no longer moderator for The Gazette: sport." in page
    assert not Grant.objects.exists()


@pytest.mark.parametrize("role", ["editor", "", "king"])
def test_the_role_is_another_one_meanwhile(withdraw, moderator, role):
    assert "does not hold this role there any more" in withdraw(moderator, role).content.decode()
    assert User.objects.get(pk=moderator.pk).role == "moderator"


def test_the_last_administrator_stays(withdraw, admin):
    assert "This is the only administrator." in withdraw(admin, "admin").content.decode()
    assert User.objects.get(pk=admin.pk).role == "admin"


def test_whoever_withdraws_their_own_role_is_led_away(withdraw, admin, account):
    account("Second", "admin")
    answer = withdraw(admin, "admin")

    assert answer.redirect_chain[-1][0] == "/me/"
    assert answer.status_code == 200


def test_what_is_not_there(withdraw, moderator, admin):
    assert withdraw(moderator, "moderator", site="99999").status_code == 404
    moderator.pk = 99_999
    assert withdraw(moderator, "moderator").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_moderator", 403)])
@pytest.mark.parametrize("way", ["withdraw", "address"])
def test_who_may_neither_withdraw_nor_look(request, admin, account, who, way, status):  # noqa: PLR0917
    account("Second", "admin")
    sent = request.getfixturevalue(who).post(f"{ADDRESS}{admin.pk}/{way}/", {"role": "admin"})

    assert sent.status_code == status
    assert User.objects.get(pk=admin.pk).role == "admin"
    assert not Event.objects.filter(tag="account:looked_at").exists()


# --- what administrators see besides


def test_an_address_is_shown_when_asked_and_the_look_is_logged(as_admin, admin, moderator):
    assert moderator.email not in as_admin.get(ADDRESS).content.decode()
    assert not Event.objects.filter(tag="account:looked_at").exists()

    page = as_admin.post(f"{ADDRESS}{moderator.pk}/address/").content.decode()
    assert moderator.email in page
    assert admin.email not in page
    event = Event.objects.get(tag="account:looked_at")
    assert (event.subject_id, event.actor_id, event.data) == (moderator.pk, admin.pk, {"what": "e-mail address"})


def test_readers_addresses_are_not_shown_here(as_admin, reader):
    assert as_admin.post(f"{ADDRESS}{reader.pk}/address/").status_code == 404


def test_who_has_a_second_factor_and_when_they_decided(as_admin, admin, moderator, held, decide):
    decide(held)
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={})
    page = as_admin.get(ADDRESS).content.decode()

    assert page.count("Second factor set up") == 1
    assert page.count("No second factor") == 1
    assert page.count("decided last: ") == 1


def test_what_was_given_by_whom(as_admin, sign_in, admin, reader, local, site, other_site):  # noqa: PLR0917
    grant_role(user=reader, role="moderator", by=admin)
    grant_role(user=reader, role="senior", by=admin)
    grant_role(user=reader, role="editor", by=None, site=other_site)
    page = as_admin.get(ADDRESS).content.decode()
    assert "senior moderator for everything, was moderator" in page
    assert 'editor for The Courier <span class="quiet">by the operator' in page

    seen = sign_in(local(site, "admin")).get(ADDRESS).content.decode()
    assert "administrator for The Gazette" in seen
    assert "was moderator" not in seen
    assert "editor for The Courier <span" not in seen


def test_a_role_by_a_publishers_token(as_admin, publisher):
    from belowline.accounts.actions.accept_token import accept_token

    accept_token(token=publisher(highest_role="senior").token(role="senior"))
    page = as_admin.get(ADDRESS).content.decode()

    assert "senior moderator for The Gazette" in page
    assert "by a publisher&#x27;s token" in page


def test_few_queries_however_many(as_admin, account, site, django_assert_max_num_queries):
    for number in range(10):
        grant_role(user=account(f"Local {number}"), role="editor", by=None, site=site)
    as_admin.get(ADDRESS)

    with django_assert_max_num_queries(22):
        as_admin.get(ADDRESS)
