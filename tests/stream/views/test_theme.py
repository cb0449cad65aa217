"""The sheet of a site, from our own address."""

import pytest

PATH = "/sites/gazette/theme.css"


@pytest.fixture
def themed(site):
    site.theme = {"accent": "#8a1c2b", "radius": "2px"}
    site.save()
    return site


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
def test_the_sites_theme(request, who, themed):
    answer = request.getfixturevalue(who).get(PATH)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css")
    assert "--accent: #8a1c2b" in answer.content.decode()
    assert "public" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")


def test_a_page_that_names_the_version_keeps_it_for_long(stranger, themed):
    assert "max-age=300" in stranger.get(PATH)["Cache-Control"]
    assert "max-age=2592000" in stranger.get(PATH, {"v": "x"})["Cache-Control"]
    assert "immutable" in stranger.get(PATH, {"v": "x"})["Cache-Control"]


def test_an_embed_wishes_something_else(stranger, themed):
    sheet = stranger.get(PATH, {"accent": "#e63946", "text": "120%"}).content.decode()

    assert "--radius: 2px" in sheet
    assert "--text: 120%" in sheet
    assert "--accent: #e63946" not in sheet  # mended: it could not be read
    assert "--accent: #c2303b" in sheet


@pytest.mark.parametrize(
    "wish",
    [
        {"accent": "red;} body{display:none"},
        {"serif": "url(https://evil.example)"},
        {"x": "y"},
        {"radius": "\x00"},
        {"accent": ["#000", "</style>"]},
    ],
)
def test_what_is_written_wrongly_is_left_out(stranger, themed, wish):
    assert stranger.get(PATH, wish).content == stranger.get(PATH).content


def test_no_theme_and_no_site(stranger, site):
    assert stranger.get(PATH).content == b""
    assert stranger.get("/sites/nobody/theme.css").status_code == 404
    assert stranger.post(PATH).status_code == 405
