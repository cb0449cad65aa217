"""The files that the paper's page and ours load: small, without dependencies, and nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from belowline.stories.theme import SHIPPED

OWN = [
    "belowline/embed.js",
    "belowline/counts.js",
    "belowline/frame.js",
    "belowline/page.js",
    "belowline/writing.js",
    "belowline/belowline.css",
    "desk/desk.js",
    "demo/paper.css",
]


def content(name):
    return Path(finders.find(name)).read_text("utf-8")


def test_the_loader_is_small():
    """Every reader of the paper loads it."""
    assert len(gzip.compress(content("belowline/embed.js").encode())) <= 3_000


@pytest.mark.parametrize(("name", "most"), [("counts", 1_500), ("frame", 1_500)])
def test_the_other_scripts_of_frames_are_small(name, most):
    assert len(gzip.compress(content(f"belowline/{name}.js").encode())) <= most


def dark_tokens(selector):
    """The custom properties that the sheet sets for a selector."""
    found = re.search(re.escape(selector) + r" \{(.*?)\}", content("belowline/belowline.css"), re.DOTALL)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", found[1]))


def test_the_dark_is_the_same_by_the_system_and_by_the_papers_wish():
    by_system = dark_tokens(":root:not([data-theme=light])")

    assert by_system["paper"] == "#16181a"
    assert dark_tokens(":root[data-theme=dark]") == by_system


@pytest.mark.parametrize(("scheme", "selector"), [("light", ":root"), ("dark", ":root[data-theme=dark]")])
def test_the_colours_that_themes_are_checked_against_are_those_of_the_sheet(scheme, selector):
    tokens = dark_tokens(selector)

    assert {name: tokens[name] for name in SHIPPED[scheme]._fields} == SHIPPED[scheme]._asdict()


def test_the_loader_needs_nothing_and_leaves_nothing_behind():
    code = content("belowline/embed.js")

    assert not re.search(r"\bimport\b|\brequire\(|document\.cookie|localStorage|eval\(|sessionStorage|innerHTML", code)
    assert code.count("\n(function () {") == 1
    assert set(re.findall(r"window\.(\w+)", code)) == {"Belowline"}


def test_the_comfort_of_writing_is_small():
    """Every reader of a discussion loads it."""
    assert len(gzip.compress(content("belowline/writing.js").encode())) <= 3_000


@pytest.mark.parametrize("name", OWN)
def test_nothing_comes_from_elsewhere(name):
    code = re.sub(r"/\*.*?\*/", "", content(name), flags=re.DOTALL)

    assert not re.findall(r"https?://(?!www\.w3\.org)[\w.]+", code)
    assert "@import" not in code


@pytest.mark.parametrize("name", [name for name in OWN if name.endswith(".js")])
def test_no_script_writes_html(name):
    """Text goes into pages as text."""
    code = content(name)

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", code)


@pytest.mark.parametrize("name", [*OWN, "django_htmx/htmx-2.min.js"])
def test_they_are_served(stranger, name, db):
    answer = stranger.get(f"/static/{name}")

    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] in {"text/javascript", "text/css"}
    assert answer["X-Content-Type-Options"] == "nosniff"
