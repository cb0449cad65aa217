"""The accessibility statement: what the model of Decision (EU) 2018/1523 asks for, for each site."""

import pytest


@pytest.fixture
def page(client):
    def call(path, status=200):
        answer = client.get(path)
        assert answer.status_code == status
        return answer.content.decode()

    return call


@pytest.mark.parametrize("path", ["/accessibility/", "/accessibility/gazette/"])
def test_it_is_about_the_site(page, site, path):
    shown = page(path)

    assert "The Gazette" in shown
    assert 'href="mailto:editor@gazette.example"' in shown


@pytest.mark.parametrize(
    "part", ["status", "exceptions", "method", "feedback", "enforcement"], ids=lambda part: f"has {part}"
)
def test_it_has_every_part_of_the_model(page, site, part):
    assert f'<h2 id="{part}">' in page("/accessibility/gazette/")


def test_it_says_how_far_it_conforms_and_since_when(page, site):
    shown = page("/accessibility/gazette/")

    assert "partially conformant" in shown
    assert '<time datetime="2026-11-27">27 November 2026</time>' in shown


@pytest.mark.parametrize("claim", ["by hand", "two weeks", "every screen reader"])
def test_it_claims_only_what_is_done(page, site, claim):
    assert claim not in page("/accessibility/gazette/")


def test_without_an_address_it_names_the_imprint(page, site):
    site.contact_email = ""
    site.save()
    shown = page("/accessibility/gazette/")

    assert "mailto:" not in shown
    assert "its address is in the imprint" in shown


@pytest.mark.parametrize(("path", "status"), [("/accessibility/nowhere/", 404), ("/accessibility/", 404)])
def test_without_a_site_there_is_none(page, db, path, status):
    page(path, status)


def test_only_reading_is_answered(client, site):
    assert client.post("/accessibility/gazette/").status_code == 405


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/faq/gazette/", "/accessibility/gazette/"),
        ("/faq/gazette/?embed=1", "/accessibility/gazette/?embed=1"),
        ("/accounts/login/", "/accessibility/"),
        ("/faq/gazette/?lang=ar", "/accessibility/gazette/?lang=ar"),
    ],
)
def test_it_is_linked(page, site, path, link):
    assert f'href="{link}"' in page(path)


def test_it_carries_the_frame_and_the_language_on(page, site):
    assert 'href="/faq/gazette/?embed=1&amp;lang=de"' in page("/accessibility/gazette/?embed=1&lang=de")
