"""The log of looks at private data: complete, and for administrators alone."""

import pytest

from belowline.accounts.actions.log_look import log_look

ADDRESS = "/desk/looks/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 302),
        ("as_reader", 403),
        ("as_auditor", 403),
        ("as_moderator", 403),
        ("as_senior", 403),
        ("as_admin", 200),
    ],
)
def test_who_reads_it(request, site, who, status):
    assert request.getfixturevalue(who).get(ADDRESS).status_code == status


def test_nobody_looked(as_admin, site):
    assert "Nobody has looked." in as_admin.get(ADDRESS).content.decode()


def test_who_looked_at_whose_at_what(as_admin, moderator, senior, reader, other_reader, give_notice, site):  # noqa: PLR0917
    log_look(by=moderator, about=reader, what="notes")
    log_look(by=senior, about=other_reader, what="e-mail address")
    notice = give_notice()
    log_look(by=senior, about=notice, what="name and address", site=site)
    page = as_admin.get(ADDRESS).content.decode()

    assert page.index("name and address") < page.index("e-mail address") < page.index("<td>notes</td>")
    assert f"whoever sent notice {notice.pk}" in page
    assert f'<a href="?by={moderator.pk}">Gazette Desk</a></td><td>notes</td>' in page
    assert f'<a href="?about={reader.pk}">Marjorie Tench</a>' in page
    assert "ada@notifier.example" not in page

    by_senior = as_admin.get(f"{ADDRESS}?by={senior.pk}").content.decode()
    assert "<td>notes</td>" not in by_senior
    assert "name and address" in by_senior
    about_reader = as_admin.get(f"{ADDRESS}?about={reader.pk}").content.decode()
    assert "<td>notes</td>" in about_reader
    assert "name and address" not in about_reader


def test_an_administrator_of_a_site_sees_the_looks_there(  # noqa: PLR0917
    sign_in, local, moderator, reader, give_notice, site, other_site
):
    log_look(by=moderator, about=reader, what="notes")
    log_look(by=moderator, about=reader, what="words elsewhere", site=other_site)
    log_look(by=moderator, about=give_notice(), what="name and address", site=site)
    page = sign_in(local(site, "admin")).get(ADDRESS).content.decode()

    assert "name and address" in page
    assert "<td>notes</td>" not in page
    assert "words elsewhere" not in page


def test_page_by_page(as_admin, moderator, reader, site, django_assert_max_num_queries):
    for number in range(60):
        log_look(by=moderator, about=reader, what=f"look {number}")
    with django_assert_max_num_queries(15):
        page = as_admin.get(f"{ADDRESS}?by={moderator.pk}").content.decode()

    assert "look 59" in page
    assert "look 9<" not in page
    assert f'href="?page=2&amp;by={moderator.pk}"' in page
    assert "look 9<" in as_admin.get(f"{ADDRESS}?page=2").content.decode()


@pytest.mark.parametrize("query", ["?by=x", "?about=-1", "?page=999", "?by=99999"])
def test_strange_questions(as_admin, site, query):
    assert as_admin.get(f"{ADDRESS}{query}").status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_auditor", 403), ("as_moderator", 200)]
)
def test_a_notice_shows_who_sent_it_when_asked(request, give_notice, as_admin, who, status):
    notice = give_notice()
    client = request.getfixturevalue(who)
    before = client.get("/desk/notices/").content.decode()
    assert "ada@notifier.example" not in before
    assert ("Show who sent it" in before) is (status == 200)

    answer = client.post(f"/desk/notices/{notice.pk}/sender/")
    assert answer.status_code == status
    assert ("Ada Birch (ada@notifier.example)" in answer.content.decode()) is (status == 200)
    assert (f"whoever sent notice {notice.pk}" in as_admin.get(ADDRESS).content.decode()) is (status == 200)
