"""A paper's own look: the grammar is strict, and text stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.stories.theme import (
    NAMES,
    READABLE,
    SHIPPED,
    ThemeError,
    clean_theme,
    contrast,
    long_colour,
    luminance,
    mend,
    mix,
    resolve,
    resolve_plain,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("theme", "kept"),
    [
        ({}, {}),
        ({"accent": "#8A1C2B"}, {"accent": "#8a1c2b"}),
        ({"accent": " #a11 ", "line": "#DDD"}, {"accent": "#a11", "line": "#ddd"}),
        ({"accent": "", "radius": "  "}, {}),
        ({"radius": "0px", "text": "112%"}, {"radius": "0px", "text": "112%"}),
        ({"serif": '"Source Serif 4", Georgia, serif'}, {"serif": '"Source Serif 4", Georgia, serif'}),
        ({"sans": "'Gill Sans', system-ui"}, {"sans": "'Gill Sans', system-ui"}),
        ({"font": "Helvetica Neue, Arial"}, {"font": "Helvetica Neue, Arial"}),
        (
            {"paper": "#fff8f0", "ink": "#222", "paper-dark": "#101418"},
            {"paper": "#fff8f0", "ink": "#222", "paper-dark": "#101418"},
        ),
    ],
)
def test_a_theme_is_kept(theme, kept):
    assert clean_theme(theme) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#1234"),
        ("accent", "rgb(1, 2, 3)"),
        ("accent", "#123456; } body { display: none"),
        ("accent", "url(https://evil.example/x)"),
        ("accent", "var(--ink)"),
        ("serif", "url(https://evil.example/x)"),
        ("serif", "Georgia; color: red"),
        ("serif", 'Georgia", serif'),
        ("serif", "Georgia, </style><script>"),
        ("serif", "Geor\\67ia"),
        ("serif", "Georgia/**/"),
        ("serif", ", ".join(["Georgia"] * 12)),
        ("serif", "G" * 301),
        ("radius", "33px"),
        ("radius", "-1px"),
        ("radius", "1e9px"),
        ("radius", "calc(1px)"),
        ("text", "84%"),
        ("text", "151%"),
        ("text", "14px"),
        ("text", "100%\n}"),
        ("accent", "#123456\n"[:-1] + "\x00"),
        ("background", "#ffffff"),
        ("paper-dark-dark", "#000000"),
        ("radius-dark", "1px"),
    ],
)
def test_what_is_written_wrongly_is_refused(name, value):
    with pytest.raises(ThemeError) as caught:
        clean_theme({name: value})

    assert caught.value.code == "invalid_theme"
    assert name in caught.value.message


@pytest.mark.parametrize(
    ("theme", "words"),
    [
        ({"accent": "#e63946"}, "accent #e63946 reaches 4.2 : 1 on #ffffff"),
        ({"accent": "#ffff00"}, "accent #ffff00 reaches"),
        ({"accent": "#222222", "accent-ink": "#333333"}, "accent-ink #333333 reaches"),
        ({"ink": "#999999"}, "ink #999999 reaches"),
        ({"quiet": "#aaaaaa"}, "quiet #aaaaaa reaches"),
        ({"accent-dark": "#333333"}, "accent-dark #333333 reaches"),
        ({"paper": "#222222"}, "paper is no light colour"),
        ({"paper-dark": "#ffffff"}, "paper-dark is no dark colour"),
    ],
)
def test_what_could_not_be_read_is_refused(theme, words):
    with pytest.raises(ThemeError) as caught:
        clean_theme(theme)

    assert caught.value.code == "low_contrast"
    assert words in caught.value.message


def test_the_message_names_a_colour_that_is_taken():
    with pytest.raises(ThemeError) as caught:
        clean_theme({"accent": "#e63946"})
    advised = caught.value.message.split("; ")[-1].split()[0]

    assert clean_theme({"accent": advised}) == {"accent": advised}


def test_a_light_accent_alone_is_mended_in_the_dark():
    dark = resolve(clean_theme({"accent": "#8a1c2b"}), "dark")

    assert contrast(dark["accent"], SHIPPED["dark"].paper) >= READABLE
    assert luminance(dark["accent"]) > luminance("#8a1c2b")
    assert "paper" not in dark


def test_a_dark_accent_of_its_own_stays():
    theme = clean_theme({"accent": "#8a1c2b", "accent-dark": "#f0a0a8"})

    assert resolve(theme, "light")["accent"] == "#8a1c2b"
    assert resolve(theme, "dark")["accent"] == "#f0a0a8"


def test_what_a_theme_leaves_open_follows_from_it():
    light = resolve({"paper": "#fff8f0"}, "light")

    assert set(light) == {"paper", "raised", "line", "ink", "quiet", "accent", "accent-ink", "accent-soft"}
    assert light["raised"] not in {"#fff8f0", "#f6f5f1"}
    assert resolve({"radius": "2px", "serif": "Georgia"}, "light") == {}


@pytest.mark.parametrize(
    ("theme", "properties"),
    [
        ({}, {}),
        ({"font": "Georgia"}, {"sans": "Georgia", "serif": "Georgia"}),
        ({"font": "Georgia", "sans": "Arial"}, {"sans": "Arial", "serif": "Georgia"}),
        ({"radius": "0px", "text": "110%", "accent": "#000"}, {"radius": "0px", "text": "110%"}),
    ],
)
def test_what_is_the_same_by_day_and_night(theme, properties):
    assert resolve_plain(theme) == properties


@pytest.mark.parametrize("scheme", ["light", "dark"])
@given(
    values=st.dictionaries(
        st.sampled_from([name for name in NAMES if "-dark" in name or name in SHIPPED["light"]._fields]), COLOURS
    )
)
def test_text_can_be_read_whatever_is_wished(scheme, values):
    found = {**SHIPPED[scheme]._asdict(), **resolve(values, scheme)}

    for text in ("ink", "quiet", "accent"):
        grounds = [found["paper"], *([found["raised"]] if "raised" in found else [])]
        assert all(contrast(found[text], ground) >= READABLE for ground in grounds), (text, found)
    if "accent-ink" in found:
        assert contrast(found["accent-ink"], found["accent"]) >= READABLE
        assert contrast(found["accent"], found["accent-soft"]) >= READABLE


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_colours():
    assert long_colour("#A1b") == "#aa11bb"
    assert mix("#000000", "#ffffff", 0.25) == "#bfbfbf"
    assert mend("#000000", ["#ffffff"]) == "#000000"
    assert contrast(mend("#ffffff", ["#eeeeee"]), "#eeeeee") >= READABLE
