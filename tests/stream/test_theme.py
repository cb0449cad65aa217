"""The sheet with a paper's own look."""

import pytest

from belowline.stream.theme import theme_sheet, theme_version, with_wishes


def test_no_theme_is_no_sheet():
    assert theme_sheet({}) == ""


def test_what_is_the_same_by_day_and_night_stands_once():
    assert (
        theme_sheet({"radius": "2px", "serif": "Georgia, serif"})
        == ":root { --serif: Georgia, serif; --radius: 2px; }\n"
    )


def test_day_night_and_the_wish_for_the_night():
    sheet = theme_sheet({"accent": "#8a1c2b", "accent-dark": "#f0a0a8"})

    light, dark = sheet.split("@media (prefers-color-scheme: dark) {\n:root:not([data-theme=light])")
    assert light.startswith(":root { --accent: #8a1c2b;")
    assert dark.count("--accent: #f0a0a8;") == 2
    assert ":root[data-theme=dark] { --accent: #f0a0a8;" in dark


@pytest.mark.parametrize(
    ("theme", "wishes", "together"),
    [
        ({}, {"accent": "#e63946"}, {"accent": "#e63946"}),
        ({"accent": "#8a1c2b", "radius": "2px"}, {"accent": "#123"}, {"accent": "#123", "radius": "2px"}),
        ({"accent": "#8a1c2b", "accent-dark": "#f0a0a8"}, {"accent": "#123"}, {"accent": "#123"}),
        (
            {"accent-dark": "#f0a0a8"},
            {"accent": "#123", "accent-dark": "#fff"},
            {"accent": "#123", "accent-dark": "#fff"},
        ),
        ({"sans": "Arial", "serif": "Georgia"}, {"font": "Verdana"}, {"font": "Verdana"}),
        (
            {"sans": "Arial", "serif": "Georgia"},
            {"font": "Verdana", "sans": "Lato"},
            {"font": "Verdana", "sans": "Lato"},
        ),
        ({"sans": "Arial", "radius": "2px"}, {"font": "url(x)"}, {"sans": "Arial", "radius": "2px"}),
        ({"accent": "#8a1c2b"}, {"accent": "red", "radius": "url(x)", "v": "1", "": ""}, {"accent": "#8a1c2b"}),
    ],
)
def test_what_one_embed_wishes_besides(site, theme, wishes, together):
    site.theme = theme

    assert with_wishes(site, wishes) == together
    assert site.theme == theme


def test_each_theme_has_its_version(site):
    assert theme_version(site) == ""
    site.theme = {"accent": "#8a1c2b", "radius": "2px"}
    first = theme_version(site)
    site.theme = {"radius": "2px", "accent": "#8a1c2b"}
    assert theme_version(site) == first
    site.theme = {"radius": "3px", "accent": "#8a1c2b"}
    assert theme_version(site) != first
