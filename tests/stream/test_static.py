"""The files that the paper's page and ours load: small, without dependencies, and nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

OWN = ["belowline/embed.js", "belowline/page.js", "belowline/belowline.css", "desk/desk.js", "demo/paper.css"]


def content(name):
    return Path(finders.find(name)).read_text("utf-8")


def test_the_loader_is_small():
    """Every reader of the paper loads it."""
    assert len(gzip.compress(content("belowline/embed.js").encode())) <= 3_000


def test_the_loader_needs_nothing_and_leaves_nothing_behind():
    code = content("belowline/embed.js")

    assert not re.search(r"\bimport\b|\brequire\(|document\.cookie|localStorage|eval\(|innerHTML", code)
    assert code.count("(function () {") == 1


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
