"""Who holds which role where."""

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.people import staff


def test_everybody_with_a_role_the_highest_first(account, moderator, admin, reader, site, other_site):  # noqa: PLR0917
    local = account("Local")
    grant_role(user=local, role="editor", by=admin, site=other_site)
    grant_role(user=local, role="auditor", by=admin, site=site, section="sport")
    account("Gone", "senior", is_active=False)

    assert [(person.user.display_name, [(held.role, held.place) for held in person.roles]) for person in staff()] == [
        ("Gazette Editor", [("admin", "everything")]),
        ("Local", [("editor", "The Courier"), ("auditor", "The Gazette: sport")]),
        ("Gazette Desk", [("moderator", "everything")]),
    ]


def test_two_queries_however_many(account, site, django_assert_num_queries):
    for number in range(5):
        grant_role(user=account(f"Local {number}"), role="editor", by=None, site=site)

    with django_assert_num_queries(2):
        assert len(staff()) == 5


def test_nobody(reader):
    assert staff() == []
